//! What a returned value says about its call, found without a bound on any type of the author's:
//! an expansion calls a method on `&&…Probe`, and the compiler takes the highest rung that fits.
//!
//! A rung is a trait that is implemented for one reference fewer than the rung above it. A call
//! with one `&` too few or too many would land on the lowest rung, silently; so each has a test.

use std::any;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::Poll;

use super::call::Call;
use super::future::{Watch, Watched};
use super::outcome::{ErrorName, Outcome};
use super::value::{UsageValue, ValueWriter};

/// Stands for the type `R` on a ladder.
#[derive(Debug)]
pub struct Probe<R: ?Sized>(PhantomData<R>);

impl<R: ?Sized> Probe<R> {
    /// The probe for the type of `value`.
    #[inline]
    #[must_use]
    pub fn of(_value: &R) -> Self {
        Self(PhantomData)
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

/// First rung: the error is a variant that may be named.
pub trait NamedError<R> {
    /// The outcome that `value` stands for.
    fn __log_usage_outcome(&self, value: &R) -> Outcome;
}

impl<R: Fallible<Error: UsageValue>> NamedError<R> for &&Probe<R> {
    #[inline]
    fn __log_usage_outcome(&self, value: &R) -> Outcome {
        value.error().map_or(Outcome::Returned, |error| failed::<R::Error>(ValueWriter::variant_of(error)))
    }
}

/// Second rung: of the error only its type is known.
pub trait TypedError<R> {
    /// The outcome that `value` stands for.
    fn __log_usage_outcome(&self, value: &R) -> Outcome;
}

impl<R: Fallible> TypedError<R> for &Probe<R> {
    #[inline]
    fn __log_usage_outcome(&self, value: &R) -> Outcome {
        value.error().map_or(Outcome::Returned, |_| failed::<R::Error>(None))
    }
}

/// Lowest rung: a value that cannot be a failure.
pub trait Infallible<R> {
    /// The outcome that `value` stands for.
    fn __log_usage_outcome(&self, value: &R) -> Outcome;
}

impl<R> Infallible<R> for Probe<R> {
    #[inline]
    fn __log_usage_outcome(&self, _value: &R) -> Outcome {
        Outcome::Returned
    }
}

fn failed<E>(variant: Option<&'static str>) -> Outcome {
    Outcome::Failed(ErrorName { type_name: any::type_name::<E>(), variant })
}

/// Higher rung: a boxed future, with which the call goes on.
pub trait EndsLater<R> {
    /// What the call ends with.
    type Seen;

    /// Gives `value` back, with the call in it.
    fn __log_usage_end<J>(&self, call: Call, value: R, judge: J) -> R
    where
        J: FnMut(&Self::Seen) -> Outcome + Send + Sync + 'static;
}

/// Lower rung: any other value, with which the call ends.
pub trait EndsNow<R> {
    /// Ends the call with the outcome that `value` stands for, and gives it back.
    fn __log_usage_end<J>(&self, call: Call, value: R, judge: J) -> R
    where
        J: FnMut(&R) -> Outcome;
}

impl<R> EndsNow<R> for Probe<R> {
    #[inline]
    fn __log_usage_end<J>(&self, call: Call, value: R, mut judge: J) -> R
    where
        J: FnMut(&R) -> Outcome,
    {
        call.end(judge(&value));
        value
    }
}

/// The boxed futures that there are; `dyn Future` with other markers is a type of its own.
macro_rules! boxed_futures {
    ($(dyn Future $(+ $marker:ident)*;)+) => {$(
        impl<'a, T> EndsLater<Pin<Box<dyn Future<Output = T> $(+ $marker)* + 'a>>>
            for &Probe<Pin<Box<dyn Future<Output = T> $(+ $marker)* + 'a>>>
        where
            T: 'a,
        {
            type Seen = T;

            fn __log_usage_end<J>(
                &self,
                call: Call,
                value: Pin<Box<dyn Future<Output = T> $(+ $marker)* + 'a>>,
                judge: J,
            ) -> Pin<Box<dyn Future<Output = T> $(+ $marker)* + 'a>>
            where
                J: FnMut(&T) -> Outcome + Send + Sync + 'static,
            {
                Box::pin(Watched::new(value, Watch::new(call, judge)))
            }
        }
    )+};
}

boxed_futures! {
    dyn Future;
    dyn Future + Send;
    dyn Future + Send + Sync;
}
