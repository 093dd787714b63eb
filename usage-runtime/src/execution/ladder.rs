//! What a return type can tell of a call, found without a bound on any type of the author's: an
//! expansion calls a method on `&&…Returns`, and the compiler takes the highest rung that fits.
//!
//! A rung is a trait that is implemented for one reference more than the rung below it; the call
//! has as many `&` as the ladder has rungs. With one too few or too many the call would land on
//! another rung, silently; so each rung has a test.
//!
//! No rung may ask for a lifetime (`E: 'static`): the compiler chooses a rung without looking at
//! lifetimes, and refuses it afterwards.

use std::error::Error;
use std::io;

use super::end::{Later, Now};
use super::fallible::{Fallible, HoldsError};
use super::judge::{ByContent, ByKind, BySendContent, BySource, ByType, ByVariant, Failures, Unjudged};
use super::returns::Returns;
use super::value::UsageValue;
use crate::sys::BoxedFuture;

/// One rung: what it takes to stand on it, and the answer of its method.
macro_rules! rung {
    ($(#[$doc:meta])* $rung:ident$(<$any:lifetime>)? for $stands_on:ty $(where $fallible:path)?; $method:ident: $answer:ty = $value:expr) => {
        $(#[$doc])*
        pub trait $rung {
            /// The answer of this rung.
            #[inline]
            fn $method(&self) -> $answer {
                $value
            }
        }
        impl<$($any,)? R $(: $fallible)?> $rung for $stands_on {}
    };
}

rung! {
    /// The error is a variant that may be named.
    ErrorIsValue for &&&&&&Returns<R> where Fallible<Error: UsageValue>;
    __log_usage_judge: Failures<ByVariant> = Failures(ByVariant)
}
rung! {
    /// The error has a kind.
    ErrorIsIo for &&&&&Returns<R> where Fallible<Error = io::Error>;
    __log_usage_judge: Failures<ByKind> = Failures(ByKind)
}
rung! {
    /// The error holds another, as `Box<dyn Error>`, `anyhow::Error` and `eyre::Report` do. For
    /// any lifetime of that: a box may borrow.
    ErrorIsHolder<'a> for &&&&Returns<R> where Fallible<Error: AsRef<dyn Error + 'a>>;
    __log_usage_judge: Failures<ByContent> = Failures(ByContent)
}
rung! {
    /// The error points to another that may be sent to other threads.
    ErrorIsSendHolder for &&&Returns<R> where Fallible<Error: HoldsError>;
    __log_usage_judge: Failures<BySendContent> = Failures(BySendContent)
}
rung! {
    /// The error may have been caused by another. Below the holders, for an `Arc` of an error is
    /// an error that does not give out what it holds.
    ErrorIsError for &&Returns<R> where Fallible<Error: Error>;
    __log_usage_judge: Failures<BySource> = Failures(BySource)
}
rung! {
    /// Of the error only its type is known.
    ErrorIsTyped for &Returns<R> where Fallible;
    __log_usage_judge: Failures<ByType> = Failures(ByType)
}
rung! {
    /// The value cannot be a failure.
    NoError for Returns<R>;
    __log_usage_judge: Unjudged = Unjudged
}

rung! {
    /// A boxed future, with whose end the call ends.
    EndsLater for &Returns<R> where BoxedFuture;
    __log_usage_end: Later = Later
}
rung! {
    /// Any other value, with which the call ends.
    EndsNow for Returns<R>;
    __log_usage_end: Now = Now
}
