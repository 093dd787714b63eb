//! When a call ends: with the value that its function returns, or with what comes out of that.

use std::marker::PhantomData;
use std::pin::Pin;
use std::process::ExitCode;
use std::task::Poll;

use super::call::{Call, Counted, State};
use super::fallible::with_all_fallible;
use super::future::Watch;
use super::judge::{Breaks, Failures, Judge};
use crate::sys::BoxedFuture;

/// Where the call of a function that returns `R` ends, if `J` judges what it ends with.
pub trait End<R, J: Copy> {
    /// Has a call counted that returned `value`, and gives that back.
    fn count(judge: J, call: Counted, value: R) -> R;

    /// Ends a call likewise.
    fn end(judge: J, call: State, value: R) -> R;
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

macro_rules! fallible_tell_more {
    ($(<$($parameter:ident),*> $value:ty, $error:ty;)+) => {$(
        impl<$($parameter),*> TellsMore for $value {
            type End = Now;
            type Seen = Self;
            type Asked = Result<(), $error>;
        }
    )+};
}

with_all_fallible!(fallible_tell_more);

/// Those that [`BoxedFuture`] is for.
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

/// The same end as `E`, of control flow that is asked about as a result.
#[derive(Clone, Copy, Debug)]
pub struct Breaking<E>(PhantomData<E>);

/// Stands for a function that returns `R`, which cannot be a failure, as most are: the ladder of judges has
/// a rung for that at its top.
#[derive(Debug)]
pub struct Harmless<R>(pub(crate) PhantomData<fn() -> R>);

impl<R, J: Judge<R>> End<R, J> for Now {
    #[inline]
    fn count(judge: J, call: Counted, value: R) -> R {
        call.end(judge.is_failure(&value));
        value
    }

    #[inline]
    fn end(judge: J, call: State, value: R) -> R {
        call.end(judge, &value);
        value
    }
}

/// The call goes on in the future, and is judged by what that ends with.
impl<R: BoxedFuture, J: Judge<R::Output>> End<R, J> for Later {
    fn count(judge: J, call: Counted, future: R) -> R {
        Self::end(judge, State::Counted(call), future)
    }

    fn end(judge: J, call: State, future: R) -> R {
        future.beside(Watch::new(Call::of(call), judge))
    }
}

impl<R, N: Copy, E: End<R, Breaks<N>>> End<R, Failures<N>> for Breaking<E> {
    #[inline]
    fn count(Failures(name): Failures<N>, call: Counted, value: R) -> R {
        E::count(Breaks(name), call, value)
    }

    #[inline]
    fn end(Failures(name): Failures<N>, call: State, value: R) -> R {
        E::end(Breaks(name), call, value)
    }
}
