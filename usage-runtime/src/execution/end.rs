//! When a call ends whose function may return anything: with the value that it returns, or with
//! what comes out of that.

use super::call::Call;
use super::fallible::Fallible;
use super::future::Watch;
use super::judge::Judge;
use super::returns::Returns;
use crate::sys::BoxedFuture;

/// Where the call of a function that returns `R` ends.
pub trait End<R>: Copy {
    /// What the call ends with.
    type Seen;

    /// What the ladder of judges is asked with.
    type Asked;

    /// Stands for the type of what the call ends with.
    #[inline]
    fn seen(self, _returns: Returns<R>) -> Returns<Self::Seen> {
        Returns::new()
    }

    /// The same for the ladder of judges.
    fn asked(self, returns: Returns<R>) -> Self::Asked;

    /// Gives `value` back; the call ends now, or goes on in it.
    fn end<J: Judge<Self::Seen>>(self, call: Call, value: R, judge: J) -> R;
}

/// The end of a call with a value that cannot be a failure, as most are: the ladder of judges has a
/// rung for that at its top.
#[derive(Clone, Copy, Debug)]
pub struct NowReturned;

/// Stands for a value that cannot be a failure.
#[derive(Clone, Copy, Debug)]
pub struct Harmless;

impl<R> End<R> for NowReturned {
    type Seen = R;
    type Asked = Harmless;

    #[inline]
    fn asked(self, _returns: Returns<R>) -> Harmless {
        Harmless
    }

    #[inline]
    fn end<J: Judge<R>>(self, call: Call, value: R, judge: J) -> R {
        end_with(call, value, judge)
    }
}

/// The end of a call with the value itself, which may be a failure.
#[derive(Clone, Copy, Debug)]
pub struct Now;

impl<R: Fallible> End<R> for Now {
    type Seen = R;
    type Asked = Returns<Result<(), R::Error>>;

    #[inline]
    fn asked(self, _returns: Returns<R>) -> Returns<Result<(), R::Error>> {
        Returns::new()
    }

    #[inline]
    fn end<J: Judge<R>>(self, call: Call, value: R, judge: J) -> R {
        end_with(call, value, judge)
    }
}

#[inline]
fn end_with<R, J: Judge<R>>(call: Call, value: R, judge: J) -> R {
    call.end(judge, &value);
    value
}

/// The end of a call that goes on in a boxed future.
#[derive(Clone, Copy, Debug)]
pub struct Later;

impl<R: BoxedFuture> End<R> for Later {
    type Seen = R::Output;
    type Asked = Returns<R::Output>;

    #[inline]
    fn asked(self, _returns: Returns<R>) -> Returns<R::Output> {
        Returns::new()
    }

    fn end<J: Judge<R::Output>>(self, call: Call, value: R, judge: J) -> R {
        value.beside(Watch::new(call, judge))
    }
}
