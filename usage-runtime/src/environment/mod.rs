//! ENVIRONMENT DATA: where this process runs. Known from files and the names of variables alone:
//! the network is never asked, and nothing here is read before consent.

mod agent;
mod ci;
mod runtime;
mod signal;
pub(crate) mod versions;

use crate::surroundings::Surroundings;
use crate::sys::SetOnce;

/// Where this process runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Environment {
    /// `runtime_environment`: `native`, `docker`, `notebook` …
    pub(crate) runtime: &'static str,
    /// The CI system that runs the process, if one does.
    pub(crate) ci: Option<&'static str>,
    /// The AI agent that runs the process, if one does.
    pub(crate) agent: Option<&'static str>,
    /// Whether the machine that the process sees is an image's: thrown away after use, or one of
    /// many with the same machine id. A CI job's is, too.
    pub(crate) is_disposable: bool,
}

/// This process's environment, looked for once.
pub(crate) fn detect() -> &'static Environment {
    static DETECTED: SetOnce<Environment> = SetOnce::new();
    DETECTED.get().unwrap_or_else(|| {
        // Threads that look at the same time find the same.
        DETECTED.set(detect_in(&Surroundings::of_this_process())).unwrap_or_else(|(first, _)| first)
    })
}

fn detect_in(surroundings: &Surroundings) -> Environment {
    let (runtime, is_container) = runtime::detect(surroundings);
    let ci = ci::detect(surroundings);
    let agent = agent::detect(surroundings);
    Environment { runtime, ci, agent, is_disposable: is_container || ci.is_some() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surroundings::Folder;

    #[test]
    fn containers_and_ci_are_disposable_and_a_plain_machine_is_not() {
        let plain = Surroundings::made_of(&Folder::with(&[]));
        let native = Environment { runtime: "native", ci: None, agent: None, is_disposable: false };
        assert_eq!(detect_in(&plain), native);
        let in_ci = detect_in(&plain.clone().with_variable("GITHUB_ACTIONS", "true"));
        assert_eq!(in_ci, Environment { ci: Some("github_actions"), is_disposable: true, ..native });
        let in_pod = detect_in(&plain.clone().with_variable("KUBERNETES_SERVICE_HOST", "10.0.0.1"));
        assert_eq!(in_pod, Environment { runtime: "kubernetes", is_disposable: true, ..native });
        let by_an_agent = detect_in(&plain.with_variable("CODEX_SANDBOX", "seatbelt"));
        assert_eq!(by_an_agent, Environment { agent: Some("codex"), ..native });
    }

    #[test]
    fn the_process_is_looked_at_once() {
        assert!(std::ptr::eq(detect(), detect()));
        assert_eq!(*detect(), detect_in(&Surroundings::of_this_process()));
    }
}
