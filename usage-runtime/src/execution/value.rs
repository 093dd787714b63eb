//! The closed set of what may leave the machine.

/// A value that may be logged.
pub trait UsageValue {}
