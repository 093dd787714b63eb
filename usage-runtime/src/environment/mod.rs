//! ENVIRONMENT DATA: where this process runs.

pub(crate) mod versions;

/// Where this process runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Environment {
    pub(crate) runtime: &'static str,
    pub(crate) ci: Option<&'static str>,
}

pub(crate) fn detect() -> Environment {
    Environment { runtime: "native", ci: None }
}
