//! Runs the body of a function whose value has to be looked at, as a call of a call site.
//!
//! The body is a closure. It has the arguments for its own, which it drops as a function does: after what
//! its last expression borrows from. The bound lets it give away what it has borrowed from them.
//!
//! The body is called at a place of its own for each way that a call can go: so where the call is off,
//! nothing of it is left but the question whether it is, and none makes room for what another needs. There
//! the arguments come first, as they did in the function, and so need not be moved.

use super::call::{Call, Counted, State, Values, Way};
use super::call_site::CallSite;
use super::end::End;
use super::overflow::Overflow;
use super::returns::Judged;

/// Runs a body, observed by `judged`. In functions that are always inline, and no function itself: it is made
/// for each annotated function, and each function that is left takes its place in a library and its time to
/// be made, where nothing is optimised; and one that is inline, its place in the debug information.
macro_rules! observe {
    ($judged:expr, $site:ident, $arguments:ident, $body:ident) => {
        match Way::of($site) {
            Way::Off => $body($arguments),
            Way::Counted(overflow) => counted($arguments, $body, overflow, $judged),
            Way::Undecided => recorded($arguments, $body, $site, $judged),
        }
    };
}

/// The same for a body that is given where the values of its properties go.
macro_rules! observe_given {
    ($judged:expr, $site:ident, $arguments:ident, $body:ident) => {
        match Way::of($site) {
            Way::Off => $body($arguments, Values::UNASKED),
            Way::Counted(overflow) => {
                let body = |arguments| $body(arguments, Values::UNASKED);
                counted($arguments, body, overflow, $judged)
            }
            Way::Undecided => recorded_given($arguments, $body, $site, $judged),
        }
    };
}

pub(super) use {observe, observe_given};

/// What a call of a function that returns `R` is observed by.
#[expect(clippy::inline_always, reason = "see the macro")]
pub trait Observe<R>: Copy {
    /// Has a call counted that returned `value`, and gives that back.
    fn count(self, call: Counted, value: R) -> R;

    /// Ends a call likewise.
    fn end(self, call: State, value: R) -> R;

    /// Looks at a value that was returned, and gives it back.
    #[inline]
    fn see(self, call: Call, value: R) -> R {
        self.end(call.0, value)
    }

    /// Runs a body that is given the arguments.
    #[inline(always)]
    fn observe<A>(self, site: &'static CallSite, arguments: A, body: impl FnOnce(A) -> R) -> R {
        observe!(self, site, arguments, body)
    }

    /// Runs a body that is given the arguments, and where the values of its properties go.
    #[inline(always)]
    fn observe_given<A>(
        self,
        site: &'static CallSite,
        arguments: A,
        body: impl FnOnce(A, Values<'_>) -> R,
    ) -> R {
        observe_given!(self, site, arguments, body)
    }
}

impl<R, J: Copy, E: End<R, J>> Observe<R> for Judged<R, J, E> {
    #[inline]
    fn count(self, call: Counted, value: R) -> R {
        E::count(self.judge, call, value)
    }

    #[inline]
    fn end(self, call: State, value: R) -> R {
        E::end(self.judge, call, value)
    }
}

#[inline(never)]
pub(super) fn counted<R, O: Observe<R>, A>(
    arguments: A,
    body: impl FnOnce(A) -> R,
    overflow: &'static Overflow,
    judged: O,
) -> R {
    let call = Counted(overflow);
    let value = body(arguments);
    judged.count(call, value)
}

#[cold]
#[inline(never)]
pub(super) fn recorded<R, O: Observe<R>, A>(
    arguments: A,
    body: impl FnOnce(A) -> R,
    site: &'static CallSite,
    judged: O,
) -> R {
    let call = State::begin(site);
    let value = body(arguments);
    judged.end(call, value)
}

#[cold]
#[inline(never)]
pub(super) fn recorded_given<R, O: Observe<R>, A>(
    arguments: A,
    body: impl FnOnce(A, Values<'_>) -> R,
    site: &'static CallSite,
    judged: O,
) -> R {
    let mut call = State::begin(site);
    let value = body(arguments, call.values());
    judged.end(call, value)
}
