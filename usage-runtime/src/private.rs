//! What expansions of the macros call. Not for anyone else: it changes with every version.

use std::future::Future;
use std::process;
use std::time::Duration;

pub use core::{concat, module_path};

use crate::delivery;
pub use crate::execution::call::{Call, Values};
use crate::execution::call::{Counted, State, Way};
pub use crate::execution::call_site::{CallSite, call_site};
pub use crate::execution::end::End;
pub use crate::execution::future::Watch;
use crate::execution::future::Watched;
use crate::execution::judge::Judge;
pub use crate::execution::judge::{Failures, Unjudged};
pub use crate::execution::ladder::{EndLadder, JudgeLadder};
pub use crate::execution::returns::Returns;
pub use crate::execution::value::{UsageValue, ValueWriter, VariantValue, Written};
pub use crate::logger::UsageLogger;

/// What a test that is made of a file of the library has for a logger, which its root lacks.
pub mod no_product {
    use super::UsageLogger;

    /// Logs nothing, for in tests nothing is logged.
    pub static USAGE: UsageLogger = UsageLogger::new("test", "0.0.0");
}

/// What a descriptor is written as; the author's `str` could be anything.
pub type Text = str;

/// Begins a call of `site`.
#[inline]
#[must_use]
pub fn enter(site: &'static CallSite) -> Call {
    Call::enter(site)
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

/// Runs the body of a function that returns a `Result`, as a call of `site`. The body is given the
/// arguments, and where the values of properties go.
///
/// It has the arguments for its own, which it drops as a function does: after what its last expression
/// borrows from. The bound lets it give away what it has borrowed from them.
///
/// The body is called at a place of its own for each way that a call can go: so where the call is off,
/// nothing of it is left but the question whether it is, and none makes room for what another needs. There
/// the arguments come first, as they did in the function, and so need not be moved.
#[inline]
pub fn observe<R, J: Judge<R>, A>(
    _returns: Returns<R>,
    judge: J,
    site: &'static CallSite,
    arguments: A,
    body: impl FnOnce(A, Values<'_>) -> R,
) -> R {
    match Way::of(site) {
        Way::Off => body(arguments, Values::UNASKED),
        Way::Counted(call) => observe_counted(arguments, body, call, judge),
        Way::Undecided => observe_recorded(arguments, body, site, judge),
    }
}

#[inline(never)]
fn observe_counted<R, J: Judge<R>, A>(
    arguments: A,
    body: impl FnOnce(A, Values<'_>) -> R,
    call: Counted,
    judge: J,
) -> R {
    let value = body(arguments, Values::UNASKED);
    call.end(judge.is_failure(&value));
    value
}

#[cold]
#[inline(never)]
fn observe_recorded<R, J: Judge<R>, A>(
    arguments: A,
    body: impl FnOnce(A, Values<'_>) -> R,
    site: &'static CallSite,
    judge: J,
) -> R {
    let mut call = State::begin(site);
    let value = body(arguments, call.values());
    call.end(judge, &value);
    value
}

/// The same for a function that may return anything, even a future that the call goes on in.
#[inline]
pub fn observe_any<R, E, J, A>(
    _returns: Returns<R>,
    end: E,
    judge: J,
    site: &'static CallSite,
    arguments: A,
    body: impl FnOnce(A, Values<'_>) -> R,
) -> R
where
    E: End<R>,
    J: Judge<E::Seen>,
{
    if site.logger().is_off() {
        body(arguments, Values::UNASKED)
    } else {
        observe_any_on(arguments, body, site, end, judge)
    }
}

#[inline(never)]
fn observe_any_on<R, E, J, A>(
    arguments: A,
    body: impl FnOnce(A, Values<'_>) -> R,
    site: &'static CallSite,
    end: E,
    judge: J,
) -> R
where
    E: End<R>,
    J: Judge<E::Seen>,
{
    let mut call = State::begin(site);
    let value = body(arguments, call.values());
    end.end(Call::of(call), value, judge)
}

/// Runs the body of a function.
#[inline]
pub fn run<R, A>(_returns: Returns<R>, arguments: A, body: impl FnOnce(A) -> R) -> R {
    body(arguments)
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
