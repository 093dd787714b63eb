//! How a call ended, and how that is named: `exception_occurred` and `exception_type`.

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

/// What may be said of an error: names that stand in source code, never its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorName {
    /// [`std::any::type_name`] of the error.
    pub(crate) type_name: &'static str,
    /// The variant, where the error's type derives `UsageValue`.
    pub(crate) variant: Option<&'static str>,
}
