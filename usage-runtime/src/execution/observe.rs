//! Runs the body of a function whose value has to be looked at, as a call of a call site.
//!
//! The body is a closure. It has the arguments for its own, which it drops as a function does: after what
//! its last expression borrows from. The bound lets it give away what it has borrowed from them.
//!
//! The body is called at a place of its own for each way that a call can go: so where the call is off,
//! nothing of it is left but the question whether it is, and none makes room for what another needs. There
//! the arguments come first, as they did in the function, and so need not be moved.

use super::call::{Counted, State, Values, Way};
use super::call_site::CallSite;
use super::end::End;
use super::judge::Judge;
use super::returns::Judged;

/// Runs a body that is given the arguments.
///
/// Always inline, as are those below: it is made for each annotated function, and each function that is
/// left takes its place in a library and its time to be made, where nothing is optimised.
#[expect(clippy::inline_always, reason = "see above")]
#[inline(always)]
pub fn observe<R, J: Judge<R>, A>(
    judged: Judged<R, J>,
    site: &'static CallSite,
    arguments: A,
    body: impl FnOnce(A) -> R,
) -> R {
    match Way::of(site) {
        Way::Off => body(arguments),
        Way::Counted(call) => counted(arguments, body, call, judged),
        Way::Undecided => recorded(arguments, body, site, judged),
    }
}

/// Runs a body that is given the arguments, and where the values of its properties go.
#[expect(clippy::inline_always, reason = "see above")]
#[inline(always)]
pub fn observe_given<R, J: Judge<R>, A>(
    judged: Judged<R, J>,
    site: &'static CallSite,
    arguments: A,
    body: impl FnOnce(A, Values<'_>) -> R,
) -> R {
    match Way::of(site) {
        Way::Off => body(arguments, Values::UNASKED),
        Way::Counted(call) => counted(arguments, |arguments| body(arguments, Values::UNASKED), call, judged),
        Way::Undecided => recorded_given(arguments, body, site, judged),
    }
}

/// Runs a body of a function that may return anything, even a future that the call goes on in.
#[expect(clippy::inline_always, reason = "see above")]
#[inline(always)]
pub fn observe_any<R, J, E: End<R, J>, A>(
    judged: Judged<R, J, E>,
    site: &'static CallSite,
    arguments: A,
    body: impl FnOnce(A) -> R,
) -> R {
    observe(judged.at_its_end(), site, arguments, body)
}

/// The same for a body that is given where the values of its properties go.
#[expect(clippy::inline_always, reason = "see above")]
#[inline(always)]
pub fn observe_any_given<R, J, E: End<R, J>, A>(
    judged: Judged<R, J, E>,
    site: &'static CallSite,
    arguments: A,
    body: impl FnOnce(A, Values<'_>) -> R,
) -> R {
    observe_given(judged.at_its_end(), site, arguments, body)
}

#[inline(never)]
fn counted<R, J: Judge<R>, A>(
    arguments: A,
    body: impl FnOnce(A) -> R,
    call: Counted,
    judged: Judged<R, J>,
) -> R {
    let value = body(arguments);
    judged.judge.count(call, value)
}

#[cold]
#[inline(never)]
fn recorded<R, J: Judge<R>, A>(
    arguments: A,
    body: impl FnOnce(A) -> R,
    site: &'static CallSite,
    judged: Judged<R, J>,
) -> R {
    let call = State::begin(site);
    let value = body(arguments);
    judged.judge.end(call, value)
}

#[cold]
#[inline(never)]
fn recorded_given<R, J: Judge<R>, A>(
    arguments: A,
    body: impl FnOnce(A, Values<'_>) -> R,
    site: &'static CallSite,
    judged: Judged<R, J>,
) -> R {
    let mut call = State::begin(site);
    let value = body(arguments, call.values());
    judged.judge.end(call, value)
}
