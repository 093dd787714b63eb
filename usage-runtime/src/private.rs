//! What expansions of the macros call. Not for anyone else: it changes with every version.

use std::future::Future;
use std::process;
use std::time::Duration;

use crate::delivery;
pub use crate::execution::call::{Call, Values};
pub use crate::execution::call_site::{CallSite, call_site};
pub use crate::execution::future::Watch;
use crate::execution::future::Watched;
use crate::execution::judge::{Judge, Unjudged};
pub use crate::execution::ladder::Ladder;
pub use crate::execution::observe::Observe;
pub use crate::execution::returns::{Judged, Returns, Seen};
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

/// Says that a function or block returns `R`. Never called.
#[cold]
#[must_use]
pub fn value_of<R>() -> R {
    process::abort()
}

/// The same for an `R` that cannot be written. Never called.
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

/// Runs the body of a function.
#[inline]
pub fn run<R, A>(_returns: Returns<R>, arguments: A, body: impl FnOnce(A) -> R) -> R {
    body(arguments)
}

/// Goes on with a call in a future: the one that the function returns, or that of an `async fn`.
#[expect(clippy::inline_always, reason = "made for each annotated function")]
#[inline(always)]
pub fn watch<R, J: Judge<R>, F: Future<Output = R>>(
    judged: Judged<R, J>,
    call: Call,
    future: F,
) -> Watched<F, J> {
    Watched::new(future, Watch::new(call, judged.judge))
}

/// The same for a future that cannot end with a failure.
#[expect(clippy::inline_always, reason = "made for each annotated function")]
#[inline(always)]
pub fn watch_unjudged<F: Future>(call: Call, future: F) -> Watched<F, Unjudged> {
    Watched::new(future, Watch::new(call, Unjudged))
}

/// For the program that Segment's suites drive, and no other: none of them waits a minute for the third
/// try. A wait that a server asks for stays as long as it is.
pub fn be_patient_for(logger: &'static UsageLogger, first: Duration) {
    delivery::be_patient_for(logger, first);
}
