//! What expansions of the macros call. Not for anyone else: it changes with every version.

use std::any::Any;
use std::future::Future;
use std::process;
use std::time::Duration;

pub use core::{concat, module_path};

use crate::catalog::descriptor::BeforeProduct;
use crate::delivery;
pub use crate::execution::call::Call;
pub use crate::execution::call_site::CallSite;
pub use crate::execution::end::End;
pub use crate::execution::future::Watch;
use crate::execution::future::Watched;
use crate::execution::judge::Judge;
pub use crate::execution::judge::{Failures, Unjudged};
pub use crate::execution::ladder::{EndLadder, JudgeLadder};
pub use crate::execution::returns::Returns;
pub use crate::execution::value::{UsageValue, ValueWriter, Written};
pub use crate::logger::UsageLogger;

/// What a descriptor is written as; the author's `str` could be anything.
pub type Text = str;

/// A call site; a function of its own, which the compiler finds faster than a type's.
#[must_use]
pub const fn call_site(
    logger: &'static UsageLogger,
    line: &'static str,
    event_end: usize,
    before_product: BeforeProduct,
) -> CallSite {
    CallSite::new(logger, line, event_end, before_product)
}

/// Begins a call of `site`, whose logger this is.
///
/// A logger of another type is refused where the call site is made, so not here once more.
#[inline]
#[must_use]
pub fn enter<L: Any>(logger: &'static L, site: &'static CallSite) -> Call {
    let logger = <dyn Any>::downcast_ref(logger).unwrap_or_else(|| site.logger());
    Call::enter(logger, site)
}

/// Stands for the type that a function returns.
#[inline]
#[must_use]
pub const fn returns<R>() -> Returns<R> {
    Returns::new()
}

/// Says that a function returns `R`. Never called.
#[cold]
#[must_use]
pub fn never<R>(_returns: Returns<R>) -> R {
    process::abort()
}

/// Says that a function returns a future that is made of `R`. Never called.
#[cold]
#[must_use]
pub fn never_watched<R, J>(_returns: Returns<R>) -> Watched<R, J> {
    process::abort()
}

/// Runs the body of a function that returns a `Result`.
///
/// The bound lets a body give away what it has borrowed from its arguments. What a recorded call
/// needs stands elsewhere: else every call would make room for it.
#[inline]
pub fn observe<R, J: Judge<R>>(_returns: Returns<R>, judge: J, call: Call, body: impl FnOnce() -> R) -> R {
    let value = body();
    if !call.is_off() {
        call.end(judge, &value);
    }
    value
}

/// Runs the body of a function that may return anything, even a future that the call goes on in.
#[inline]
pub fn observe_any<R, E, J>(_returns: Returns<R>, end: E, judge: J, call: Call, body: impl FnOnce() -> R) -> R
where
    E: End<R>,
    J: Judge<E::Seen>,
{
    if call.is_off() { body() } else { observe_any_on(call, end, judge, body) }
}

#[inline(never)]
fn observe_any_on<R, E, J>(call: Call, end: E, judge: J, body: impl FnOnce() -> R) -> R
where
    E: End<R>,
    J: Judge<E::Seen>,
{
    let value = body();
    end.end(call, value, judge)
}

/// Runs the body of a function.
#[inline]
pub fn run<R>(_returns: Returns<R>, body: impl FnOnce() -> R) -> R {
    body()
}

/// Goes on with a call in a future: the one that the function returns, or that of an `async fn`.
#[inline]
pub fn watch<F: Future, J: Judge<F::Output>>(judge: J, call: Call, future: F) -> Watched<F, J> {
    Watched::new(future, Watch::new(call, judge))
}

/// For the program that Segment's suites drive, and no other: none of them waits a minute for the third
/// try. A wait that a server asks for stays as long as it is.
pub fn be_patient_for(logger: &'static UsageLogger, first: Duration) {
    delivery::be_patient_for(logger, first);
}
