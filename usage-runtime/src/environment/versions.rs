//! The versions that events carry.

pub(crate) const OS_TYPE: &str = "Linux";
pub(crate) const RUST_VERSION: &str = "1.95.0";
