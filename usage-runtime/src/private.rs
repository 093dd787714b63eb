//! What expansions of the macros call. Not for anyone else: it changes with every version.

use std::future::Future;
use std::marker::PhantomData;

pub use core::{concat, module_path};

pub use crate::execution::call::Call;
pub use crate::execution::call_site::CallSite;
pub use crate::execution::future::Watch;
use crate::execution::future::Watched;
pub use crate::execution::ladder::Probe;
pub use crate::execution::outcome::Outcome;
pub use crate::execution::value::{UsageValue, ValueWriter, Written};

/// The ladders, to be imported as a whole beside the call of their method.
pub mod ladder {
    pub use crate::execution::ladder::{EndsLater, EndsNow, Infallible, NamedError, TypedError};
}

/// The return type of an annotated function, which its expansion never writes: behind `if false`
/// it says `return Returns::value(…)`, and from there the compiler knows `R`, with everything
/// that follows from it for the body, as in the function itself.
#[derive(Debug)]
pub struct Returns<R>(PhantomData<fn() -> R>);

impl<R> Clone for Returns<R> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Returns<R> {}

impl<R> Default for Returns<R> {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

impl<R> Returns<R> {
    /// To be tied to the return type by one of the methods below.
    #[inline]
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }

    /// Says that the function returns `R`. Never called.
    #[cold]
    #[must_use]
    pub fn value(self) -> R {
        std::process::abort()
    }

    /// Says that the function returns a future that is made of `R`. Never called.
    #[cold]
    #[must_use]
    pub fn watched<J>(self) -> Watched<R, J> {
        std::process::abort()
    }
}

/// Runs the body of a function; `end` sees its value if the call is recorded.
///
/// The bound lets a body give away what it has borrowed from its arguments.
#[inline]
pub fn observe<R>(
    call: Call,
    _returns: Returns<R>,
    body: impl FnOnce() -> R,
    end: impl FnOnce(Call, R) -> R,
) -> R {
    let value = body();
    if call.is_recorded() { end(call, value) } else { value }
}

/// Ends a call with what `judge` says of its value.
#[inline]
pub fn end<R>(call: Call, value: R, judge: impl FnOnce(&R) -> Outcome) -> R {
    call.end(judge(&value));
    value
}

/// Runs the body of a function that returns a future, and goes on with the call in that.
#[inline]
pub fn watch_returned<F: Future, J>(
    call: Call,
    _returns: Returns<F>,
    body: impl FnOnce() -> F,
    judge: J,
) -> Watched<F, J>
where
    J: FnMut(&F::Output) -> Outcome,
{
    let future = body();
    Watched::new(future, Watch::new(call, judge))
}

/// The future of an `async fn`, which is the call.
#[inline]
pub fn watch<R, F, J>(call: Call, _returns: Returns<R>, future: F, judge: J) -> Watched<F, J>
where
    F: Future<Output = R>,
    J: FnMut(&R) -> Outcome,
{
    Watched::new(future, Watch::new(call, judge))
}

/// The judge of values that cannot be a failure.
#[inline]
pub fn cannot_fail<R>(_value: &R) -> Outcome {
    Outcome::Returned
}
