//! When a call ends: with the value that its function returns, or with what comes out of that.

use std::marker::PhantomData;
use std::pin::Pin;

use super::call::{Call, Counted, State};
use super::fallible::Fallible;
use super::future::Watch;
use super::judge::Judge;
use crate::sys::BoxedFuture;

/// Where the call of a function that returns `R` ends.
pub trait End<R> {
    /// What the call ends with.
    type Seen;

    /// Gives `value` back; the call, which is counted, ends now or goes on in it.
    fn count<J: Judge<Self::Seen>>(call: Counted, value: R, judge: J) -> R;

    /// The same of a call that may be recorded.
    fn end<J: Judge<Self::Seen>>(call: State, value: R, judge: J) -> R;
}

/// A type whose values may tell more of a call than that it returned.
pub trait TellsMore {
    /// When.
    type End;

    /// What the call ends with.
    type Seen;

    /// What the ladder of judges is asked about.
    type Asked;
}

impl<R: Fallible> TellsMore for R {
    type End = Now;
    type Seen = R;
    type Asked = Result<(), R::Error>;
}

macro_rules! boxed_futures_tell_more {
    ($(dyn Future $(+ $marker:ident)*;)+) => {$(
        impl<'a, T> TellsMore for Pin<Box<dyn Future<Output = T> $(+ $marker)* + 'a>> {
            type End = Later;
            type Seen = T;
            type Asked = T;
        }
    )+};
}

boxed_futures_tell_more! {
    dyn Future;
    dyn Future + Send;
    dyn Future + Send + Sync;
}

/// The end of a call with the value itself.
#[derive(Clone, Copy, Debug)]
pub struct Now;

/// The end of a call that goes on in a boxed future.
#[derive(Clone, Copy, Debug)]
pub struct Later;

/// Stands for a function that returns `R`, which cannot be a failure, as most are: the ladder of judges has
/// a rung for that at its top.
#[derive(Debug)]
pub struct Harmless<R>(pub(crate) PhantomData<fn() -> R>);

impl<R> End<R> for Now {
    type Seen = R;

    #[inline]
    fn count<J: Judge<R>>(call: Counted, value: R, judge: J) -> R {
        call.end(judge.is_failure(&value));
        value
    }

    #[inline]
    fn end<J: Judge<R>>(call: State, value: R, judge: J) -> R {
        call.end(judge, &value);
        value
    }
}

impl<R: BoxedFuture> End<R> for Later {
    type Seen = R::Output;

    fn count<J: Judge<R::Output>>(call: Counted, value: R, judge: J) -> R {
        Self::end(State::Counted(call), value, judge)
    }

    fn end<J: Judge<R::Output>>(call: State, value: R, judge: J) -> R {
        value.beside(Watch::new(Call::of(call), judge))
    }
}
