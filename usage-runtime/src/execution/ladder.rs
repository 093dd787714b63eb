//! What a return type can tell of a call, found without a bound on any type of the author's: an
//! expansion calls a method on `&&…Returns`, and the compiler takes the highest rung that fits.
//!
//! A rung is an implementation for one reference more than the rung below it; the call has as many
//! `&` as the ladder has rungs. With one too few or too many the call would land on another rung,
//! silently; so each rung has a test. All rungs of a ladder are of one trait, since the compiler asks
//! every trait that has the method at every rung.
//!
//! No rung may ask for a lifetime (`E: 'static`): the compiler chooses a rung without looking at
//! lifetimes, and refuses it afterwards.

use std::error::Error;
use std::io;

use super::end::{Harmless, Later, Now, NowReturned};
use super::fallible::{Fallible, HoldsError};
use super::judge::{ByContent, ByKind, BySendContent, BySource, ByType, ByVariant, Failures, Unjudged};
use super::returns::Returns;
use super::value::VariantValue;
use crate::sys::BoxedFuture;

/// The ladder of judges, by what is known of the error.
pub trait JudgeLadder {
    /// The judge.
    type Judge;

    /// The answer of the rung.
    fn __log_usage_judge(&self) -> Self::Judge;
}

/// The ladder of ends.
pub trait EndLadder {
    /// Where the call ends.
    type End;

    /// The answer of the rung.
    fn __log_usage_end(&self) -> Self::End;
}

/// One rung: what it takes to stand on it, and the answer of its method.
macro_rules! rung {
    (
        $(#[doc = $doc:literal])+
        $ladder:ident<$($any:lifetime,)? $($parameter:ident $(: $bound:path)?),+> for $stands_on:ty;
        $method:ident: $answer:ident = $type:ty = $value:expr
    ) => {
        $(#[doc = $doc])+
        impl<$($any,)? $($parameter $(: $bound)?),+> $ladder for $stands_on {
            type $answer = $type;

            #[inline]
            fn $method(&self) -> $type {
                $value
            }
        }
    };
}

rung! {
    /// The error is a variant that may be named.
    JudgeLadder<T, E: VariantValue> for &&&&&&Returns<Result<T, E>>;
    __log_usage_judge: Judge = Failures<ByVariant> = Failures(ByVariant)
}
rung! {
    /// The error has a kind.
    JudgeLadder<T> for &&&&&Returns<Result<T, io::Error>>;
    __log_usage_judge: Judge = Failures<ByKind> = Failures(ByKind)
}
rung! {
    /// The error holds another, as `Box<dyn Error>`, `anyhow::Error` and `eyre::Report` do. For
    /// any lifetime of that: a box may borrow.
    JudgeLadder<'a, T, E: AsRef<dyn Error + 'a>> for &&&&Returns<Result<T, E>>;
    __log_usage_judge: Judge = Failures<ByContent> = Failures(ByContent)
}
rung! {
    /// The error points to another that may be sent to other threads.
    JudgeLadder<T, E: HoldsError> for &&&Returns<Result<T, E>>;
    __log_usage_judge: Judge = Failures<BySendContent> = Failures(BySendContent)
}
rung! {
    /// The error may have been caused by another. Below the holders, for an `Arc` of an error is
    /// an error that does not give out what it holds.
    JudgeLadder<T, E: Error> for &&Returns<Result<T, E>>;
    __log_usage_judge: Judge = Failures<BySource> = Failures(BySource)
}
rung! {
    /// Of the error only its type is known.
    JudgeLadder<T, E> for &Returns<Result<T, E>>;
    __log_usage_judge: Judge = Failures<ByType> = Failures(ByType)
}
rung! {
    /// The value cannot be a failure.
    JudgeLadder<R> for Returns<R>;
    __log_usage_judge: Judge = Unjudged = Unjudged
}

rung! {
    /// A boxed future, with whose end the call ends.
    EndLadder<R: BoxedFuture> for &&Returns<R>;
    __log_usage_end: End = Later = Later
}
rung! {
    /// A value that may be a failure, with which the call ends.
    EndLadder<R: Fallible> for &Returns<R>;
    __log_usage_end: End = Now = Now
}
rung! {
    /// Any other value.
    EndLadder<R> for Returns<R>;
    __log_usage_end: End = NowReturned = NowReturned
}

/// The value cannot be a failure, as the ladder of ends has found; so the compiler stays at the top.
impl JudgeLadder for &&&&&&Harmless {
    type Judge = Unjudged;

    #[inline]
    fn __log_usage_judge(&self) -> Unjudged {
        Unjudged
    }
}
