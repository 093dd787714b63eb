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
use super::overflow::Overflow;
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
impl<R, J: Copy, E: End<R, J>> Observe<R> for Judged<R, J, E> {
    #[inline(always)]
    fn observe<A>(self, site: &'static CallSite, arguments: A, body: impl FnOnce(A) -> R) -> R {
        match Way::of(site) {
            Way::Off => body(arguments),
            Way::Counted(overflow) => counted(arguments, body, overflow, self),
            Way::Undecided => recorded(arguments, body, site, self),
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
            Way::Counted(overflow) => {
                let body = |arguments| body(arguments, Values::UNASKED);
                counted(arguments, body, overflow, self)
            }
            Way::Undecided => recorded_given(arguments, body, site, self),
        }
    }
}

#[inline(never)]
fn counted<R, J: Copy, E: End<R, J>, A>(
    arguments: A,
    body: impl FnOnce(A) -> R,
    overflow: &'static Overflow,
    judged: Judged<R, J, E>,
) -> R {
    let call = Counted(overflow);
    let value = body(arguments);
    E::count(judged.judge, call, value)
}

#[cold]
#[inline(never)]
fn recorded<R, J: Copy, E: End<R, J>, A>(
    arguments: A,
    body: impl FnOnce(A) -> R,
    site: &'static CallSite,
    judged: Judged<R, J, E>,
) -> R {
    let call = State::begin(site);
    let value = body(arguments);
    E::end(judged.judge, call, value)
}

#[cold]
#[inline(never)]
fn recorded_given<R, J: Copy, E: End<R, J>, A>(
    arguments: A,
    body: impl FnOnce(A, Values<'_>) -> R,
    site: &'static CallSite,
    judged: Judged<R, J, E>,
) -> R {
    let mut call = State::begin(site);
    let value = body(arguments, call.values());
    E::end(judged.judge, call, value)
}
