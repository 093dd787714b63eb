//! What a return type can tell of a call, found without a bound on any type of the author's: an
//! expansion calls a method on what stands for that type, and the compiler takes the highest rung that
//! fits.
//!
//! A rung is an implementation for one kind of reference. The compiler tries them in the order of the
//! [reference]: for a receiver `X` these are `X` and `&X`, and for `&X` they are `&X`, `&&X`, `&mut &X` and `X`;
//! for each, a method of the type itself comes first. A `&` that is written takes its time in every
//! annotated function, so there is one at most. Between rungs in another order the call would land on
//! another one, silently; so each has a test. All others of a ladder are of one trait, since the compiler
//! asks every trait that has the method at every rung.
//!
//! No rung may ask for a lifetime (`E: 'static`): the compiler chooses a rung without looking at
//! lifetimes, and refuses it afterwards.
//!
//! [reference]: https://doc.rust-lang.org/reference/expressions/method-call-expr.html

use std::error::Error;
use std::marker::PhantomData;

use super::end::{Harmless, TellsMore};
use super::judge::{ByContent, BySource, ByType, Failures, KnownError, Unjudged};
use super::returns::{Judged, Returns};

/// The ladder of judges, by what is known of the error. Its receiver is a reference.
pub trait JudgeLadder {
    /// The return type, with its judge.
    type Judged;

    /// The answer of the rung.
    fn __log_usage_judge(self) -> Self::Judged;
}

/// The ladder of ends. Its receiver is none.
pub trait EndLadder {
    /// What the ladder of judges is asked.
    type Asked;

    /// The return type, with what the call ends with.
    type Seen;

    /// The answer of the rung, for the ladder of judges.
    fn __log_usage_end(self) -> Self::Asked;

    /// The answer of the rung, for a judge that the author has chosen.
    fn __log_usage_seen(self) -> Self::Seen;
}

/// One rung of judges: what it takes to stand on it, and what names the error.
macro_rules! judge {
    (
        $(#[doc = $doc:literal])+
        <$($any:lifetime,)? $($parameter:ident $(: $bound:path)?),+> for $stands_on:ty; $judge:expr => $type:ty
    ) => {
        $(#[doc = $doc])+
        impl<$($any,)? R, N, $($parameter $(: $bound)?),+> JudgeLadder for $stands_on {
            type Judged = Judged<R, $type, N>;

            #[inline]
            fn __log_usage_judge(self) -> Self::Judged {
                Judged::by($judge)
            }
        }
    };
}

impl<R, T, E: KnownError, N> Returns<R, Result<T, E>, N> {
    /// The error is one that says more of itself than its type.
    #[inline]
    #[must_use]
    pub fn __log_usage_judge(&self) -> Judged<R, Failures<E::Named>, N> {
        Judged::by(Failures(E::NAMED))
    }
}

judge! {
    /// The error may have been caused by another. This is what most are.
    <T, E: Error> for &Returns<R, Result<T, E>, N>; Failures(BySource) => Failures<BySource>
}
judge! {
    /// The error holds another and is none itself, as `Box<dyn Error>`, `anyhow::Error` and
    /// `eyre::Report` do. For any lifetime of that: a box may borrow.
    <'a, T, E: AsRef<dyn Error + 'a>> for &&Returns<R, Result<T, E>, N>; Failures(ByContent) => Failures<ByContent>
}
judge! {
    /// Of the error only its type is known.
    <T, E> for &mut &Returns<R, Result<T, E>, N>; Failures(ByType) => Failures<ByType>
}
judge! {
    /// The value cannot be a failure.
    <V> for Returns<R, V, N>; Unjudged => Unjudged
}

impl<R> Harmless<R> {
    /// The value cannot be a failure, as the ladder of ends has found; so the compiler stays at the top.
    #[expect(clippy::unused_self, reason = "it is found by its receiver")]
    #[inline]
    #[must_use]
    pub fn __log_usage_judge(&self) -> Judged<R, Unjudged> {
        Judged::by(Unjudged)
    }
}

/// A value that may tell of a failure, now or later.
impl<R: TellsMore> EndLadder for Returns<R> {
    type Asked = Returns<R, R::Asked, R::End>;
    type Seen = Returns<R, R::Seen, R::End>;

    #[inline]
    fn __log_usage_end(self) -> Self::Asked {
        Returns::new()
    }

    #[inline]
    fn __log_usage_seen(self) -> Self::Seen {
        Returns::new()
    }
}

/// Any other value.
impl<R> EndLadder for &Returns<R> {
    type Asked = Harmless<R>;
    type Seen = Returns<R>;

    #[inline]
    fn __log_usage_end(self) -> Self::Asked {
        Harmless(PhantomData)
    }

    #[inline]
    fn __log_usage_seen(self) -> Self::Seen {
        *self
    }
}
