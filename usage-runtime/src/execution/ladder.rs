//! What a return type can tell of a call, found without a bound on any type of the author's: an
//! expansion calls a method on `&&…Returns`, and the compiler takes the highest rung that fits.
//!
//! A rung is a trait that is implemented for one reference more than the rung below it; the call
//! has as many `&` as the ladder has rungs. With one too few or too many the call would land on
//! another rung, silently; so each rung has a test.

use super::end::{Later, Now};
use super::judge::{ByType, ByVariant, Fallible, Unjudged};
use super::returns::Returns;
use super::value::UsageValue;
use crate::sys::BoxedFuture;

/// Highest rung: a failure, and its error is a variant that may be named.
pub trait ErrorIsValue {
    /// The judge of such values.
    #[inline]
    fn __log_usage_judge(&self) -> ByVariant {
        ByVariant
    }
}

impl<R: Fallible<Error: UsageValue>> ErrorIsValue for &&Returns<R> {}

/// Second rung: of the error only its type is known.
pub trait ErrorIsTyped {
    /// The judge of such values.
    #[inline]
    fn __log_usage_judge(&self) -> ByType {
        ByType
    }
}

impl<R: Fallible> ErrorIsTyped for &Returns<R> {}

/// Lowest rung: a value that cannot be a failure.
pub trait NoError {
    /// The judge of such values.
    #[inline]
    fn __log_usage_judge(&self) -> Unjudged {
        Unjudged
    }
}

impl<R> NoError for Returns<R> {}

/// Higher rung: a boxed future.
pub trait EndsLater {
    /// When the call ends.
    #[inline]
    fn __log_usage_end(&self) -> Later {
        Later
    }
}

impl<R: BoxedFuture> EndsLater for &Returns<R> {}

/// Lower rung: any other value.
pub trait EndsNow {
    /// When the call ends.
    #[inline]
    fn __log_usage_end(&self) -> Now {
        Now
    }
}

impl<R> EndsNow for Returns<R> {}
