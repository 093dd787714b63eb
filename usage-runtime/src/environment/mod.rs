//! ENVIRONMENT DATA: where this process runs. Found from files and variables alone, on the
//! sender's thread; the network is never asked.

mod ci;
mod runtime;
pub(crate) mod versions;

use crate::surroundings::Surroundings;
use crate::sys::SetOnce;

/// What is the same for all events of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Environment {
    /// `native`, `docker`, `notebook` and so on, see `runtime.rs`.
    pub(crate) runtime: &'static str,
    /// Which continuous integration system, see `ci.rs`; `None` outside of one.
    pub(crate) ci: Option<&'static str>,
}

/// Where this process runs; looked up once.
pub(crate) fn detect() -> &'static Environment {
    static ENVIRONMENT: SetOnce<Environment> = SetOnce::new();
    if let Some(known) = ENVIRONMENT.get() {
        return known;
    }
    let surroundings = Surroundings::of_this_process();
    let found = Environment { runtime: runtime::detect(&surroundings), ci: ci::detect(&surroundings) };
    ENVIRONMENT.set(found).unwrap_or_else(|(known, _)| known)
}

/// Whether this is a place whose machine id is that of an image, not of a user.
pub(crate) fn is_shared_by_many() -> bool {
    let environment = detect();
    environment.ci.is_some() || runtime::is_container(environment.runtime)
}
