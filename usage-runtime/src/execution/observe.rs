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

/// What a call of a function that returns `R` is observed by.
///
/// Always inline: it is made for each annotated function, and each function that is left takes its place in a
/// library and its time to be made, where nothing is optimised.
pub trait Observe<R>: Sized {
    /// Runs a body that is given the arguments.
    fn observe<A>(self, site: &'static CallSite, arguments: A, body: impl FnOnce(A) -> R) -> R;

    /// Runs a body that is given the arguments, and where the values of its properties go.
    fn observe_given<A>(
        self,
        site: &'static CallSite,
        arguments: A,
        body: impl FnOnce(A, Values<'_>) -> R,
    ) -> R;
}

#[expect(clippy::inline_always, reason = "see above")]
impl<R, J, E: End<R, J>> Observe<R> for Judged<R, J, E> {
    #[inline(always)]
    fn observe<A>(self, site: &'static CallSite, arguments: A, body: impl FnOnce(A) -> R) -> R {
        match Way::of(site) {
            Way::Off => body(arguments),
            Way::Counted(call) => counted(arguments, body, call, self.at_its_end()),
            Way::Undecided => recorded(arguments, body, site, self.at_its_end()),
        }
    }

    #[inline(always)]
    fn observe_given<A>(
        self,
        site: &'static CallSite,
        arguments: A,
        body: impl FnOnce(A, Values<'_>) -> R,
    ) -> R {
        match Way::of(site) {
            Way::Off => body(arguments, Values::UNASKED),
            Way::Counted(call) => {
                let body = |arguments| body(arguments, Values::UNASKED);
                counted(arguments, body, call, self.at_its_end())
            }
            Way::Undecided => recorded_given(arguments, body, site, self.at_its_end()),
        }
    }
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
