//! Judges: what a returned value says of its call.

use std::any;
use std::task::Poll;

use super::outcome::{ErrorName, Outcome};
use super::value::{UsageValue, ValueWriter};

/// Tells the outcome of a call from the value that it ended with, wherever that is.
pub trait Judge<R>: Copy + Send + Sync + 'static {
    /// The outcome that `value` stands for.
    fn outcome(self, value: &R) -> Outcome;

    /// Whether it is a failure; naming that takes its time.
    #[inline]
    fn is_failure(self, value: &R) -> bool {
        !matches!(self.outcome(value), Outcome::Returned)
    }
}

/// A value that may be a failure.
pub trait Fallible {
    /// What it fails with.
    type Error;

    /// The error, if it is a failure.
    fn error(&self) -> Option<&Self::Error>;
}

impl<T, E> Fallible for Result<T, E> {
    type Error = E;

    #[inline]
    fn error(&self) -> Option<&E> {
        self.as_ref().err()
    }
}

impl<T, E> Fallible for Poll<Result<T, E>> {
    type Error = E;

    #[inline]
    fn error(&self) -> Option<&E> {
        if let Poll::Ready(Err(error)) = self { Some(error) } else { None }
    }
}

impl<T, E> Fallible for Poll<Option<Result<T, E>>> {
    type Error = E;

    #[inline]
    fn error(&self) -> Option<&E> {
        if let Poll::Ready(Some(Err(error))) = self { Some(error) } else { None }
    }
}

/// Names an error by its type and its variant.
#[derive(Clone, Copy, Debug)]
pub struct ByVariant;

impl<R: Fallible<Error: UsageValue>> Judge<R> for ByVariant {
    #[inline]
    fn outcome(self, value: &R) -> Outcome {
        value.error().map_or(Outcome::Returned, |error| failed::<R::Error>(ValueWriter::variant_of(error)))
    }

    #[inline]
    fn is_failure(self, value: &R) -> bool {
        value.error().is_some()
    }
}

/// Names an error by its type.
#[derive(Clone, Copy, Debug)]
pub struct ByType;

impl<R: Fallible> Judge<R> for ByType {
    #[inline]
    fn outcome(self, value: &R) -> Outcome {
        value.error().map_or(Outcome::Returned, |_| failed::<R::Error>(None))
    }
}

/// For values that cannot be a failure.
#[derive(Clone, Copy, Debug)]
pub struct Unjudged;

impl<R> Judge<R> for Unjudged {
    #[inline]
    fn outcome(self, _value: &R) -> Outcome {
        Outcome::Returned
    }
}

fn failed<E>(variant: Option<&'static str>) -> Outcome {
    Outcome::Failed(ErrorName { type_name: any::type_name::<E>(), variant })
}
