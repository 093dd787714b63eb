//! How a call ended.

use super::error_name::ErrorName;

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It returned, and not an error.
    Returned,
    /// It returned an error.
    Failed(ErrorName),
    /// It panicked.
    Panicked,
    /// It is a future that was dropped before its end.
    Cancelled,
}

impl Outcome {
    #[inline]
    pub(super) fn is_exception(&self) -> bool {
        !matches!(self, Self::Returned)
    }
}
