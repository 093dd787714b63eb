//! What expansions of the macros call. Not for anyone else: it changes with every version.

use std::future::Future;

pub use core::{concat, module_path};

pub use crate::catalog::descriptor::DescriptorOf;
pub use crate::execution::budget::Budget;
pub use crate::execution::call::Call;
pub use crate::execution::call_site::CallSite;
pub use crate::execution::end::End;
pub use crate::execution::future::Watch;
use crate::execution::future::Watched;
use crate::execution::judge::Judge;
pub use crate::execution::judge::{Failures, Unjudged};
pub use crate::execution::returns::Returns;
pub use crate::execution::value::{UsageValue, ValueWriter, Written};
pub use crate::logger::UsageLogger;

/// What a descriptor is written as; the author's `str` could be anything.
pub type Text = str;

/// The ladders, to be imported as a whole beside the calls of their methods.
pub mod ladder {
    pub use crate::execution::ladder::*;
}

/// Runs the body of a function that returns a `Result`.
///
/// The bound lets a body give away what it has borrowed from its arguments. What a recorded call
/// needs stands elsewhere: else every call would make room for it.
#[inline]
pub fn observe<R, J: Judge<R>>(call: Call, _returns: Returns<R>, judge: J, body: impl FnOnce() -> R) -> R {
    let value = body();
    if !call.is_off() {
        call.end(judge, &value);
    }
    value
}

/// Runs the body of a function that may return anything, even a future that the call goes on in.
#[inline]
pub fn observe_any<R, E, J>(call: Call, _returns: Returns<R>, end: E, judge: J, body: impl FnOnce() -> R) -> R
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

/// Goes on with a call in the future that its function returns.
#[inline]
pub fn watch_returned<F: Future, J: Judge<F::Output>>(call: Call, judge: J, future: F) -> Watched<F, J> {
    Watched::new(future, Watch::new(call, judge))
}

/// The future of an `async fn`, which is the call.
#[inline]
pub fn watch<R, F, J>(call: Call, _returns: Returns<R>, judge: J, future: F) -> Watched<F, J>
where
    F: Future<Output = R>,
    J: Judge<R>,
{
    Watched::new(future, Watch::new(call, judge))
}
