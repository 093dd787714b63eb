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

use super::call::Values;
use super::call_site::CallSite;
use super::end::{End, Harmless, TellsMore};
use super::judge::{ByContent, BySource, ByType, Failures, KnownError, Unjudged};
use super::observe::Observe;
use super::returns::{Judged, Returns, Seen};

/// The ladder of judges, by what is known of the error; for a function that returns `R`. Its receiver is a
/// reference.
#[expect(clippy::inline_always, reason = "made for each annotated function")]
pub trait JudgeLadder<R>: Sized {
    /// The return type, with its judge.
    type Judged: Observe<R>;

    /// The answer of the rung.
    const JUDGED: Self::Judged;

    /// The answer of the rung.
    #[inline]
    fn __log_usage_judge(self) -> Self::Judged {
        Self::JUDGED
    }

    /// What that is for in most functions, in one call.
    #[inline(always)]
    fn __log_usage_observe<A>(self, site: &'static CallSite, arguments: A, body: impl FnOnce(A) -> R) -> R {
        Self::JUDGED.observe(site, arguments, body)
    }

    /// The same for a body that is given where the values of its properties go.
    #[inline(always)]
    fn __log_usage_observe_given<A>(
        self,
        site: &'static CallSite,
        arguments: A,
        body: impl FnOnce(A, Values<'_>) -> R,
    ) -> R {
        Self::JUDGED.observe_given(site, arguments, body)
    }
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

/// The rung at the top of judges.
macro_rules! first {
    (
        $(#[doc = $doc:literal])+
        <$($parameter:ident $(: $bound:path)?),+> $stands_on:ty, $returns:ty; $judge:expr => $judged:ty
    ) => {
        impl<$($parameter $(: $bound)?),+> $stands_on {
            const JUDGED: $judged = Judged::by($judge);

            $(#[doc = $doc])+
            #[inline]
            #[must_use]
            pub fn __log_usage_judge(&self) -> $judged {
                Self::JUDGED
            }

            /// See [`JudgeLadder`].
            ///
            /// # Errors
            ///
            /// Those of `body`.
            #[inline(always)]
            pub fn __log_usage_observe<A>(
                &self,
                site: &'static CallSite,
                arguments: A,
                body: impl FnOnce(A) -> $returns,
            ) -> $returns {
                Self::JUDGED.observe(site, arguments, body)
            }

            /// See [`JudgeLadder`].
            ///
            /// # Errors
            ///
            /// Those of `body`.
            #[inline(always)]
            pub fn __log_usage_observe_given<A>(
                &self,
                site: &'static CallSite,
                arguments: A,
                body: impl FnOnce(A, Values<'_>) -> $returns,
            ) -> $returns {
                Self::JUDGED.observe_given(site, arguments, body)
            }
        }
    };
}

/// Another rung of judges: what it takes to stand on it, and what names the error.
macro_rules! rung {
    (
        $(#[doc = $doc:literal])+
        [$($reference:tt)*] <$($any:lifetime,)? $($parameter:ident $(: $bound:path)?),+> $value:ty;
        $judge:expr => $type:ty
    ) => {
        $(#[doc = $doc])+
        impl<$($any,)? $($parameter $(: $bound)?),+> JudgeLadder<$value> for $($reference)* Returns<$value> {
            type Judged = Judged<$value, $type>;
            const JUDGED: Self::Judged = Judged::by($judge);
        }

        $(#[doc = $doc])+
        impl<$($any,)? R, N: End<R, $type>, $($parameter $(: $bound)?),+> JudgeLadder<R>
            for $($reference)* Seen<R, $value, N>
        {
            type Judged = Judged<R, $type, N>;
            const JUDGED: Self::Judged = Judged::by($judge);
        }
    };
}

first! {
    /// The error is one that says more of itself than its type.
    <T, E: KnownError> Returns<Result<T, E>>, Result<T, E>;
    Failures(E::NAMED) => Judged<Result<T, E>, Failures<E::Named>>
}
first! {
    /// The same for what the ladder of ends has found.
    <R, T, E: KnownError, N: End<R, Failures<E::Named>>> Seen<R, Result<T, E>, N>, R;
    Failures(E::NAMED) => Judged<R, Failures<E::Named>, N>
}
first! {
    /// The value cannot be a failure, as the ladder of ends has found; so the compiler stays at the top.
    <R> Harmless<R>, R; Unjudged => Judged<R, Unjudged>
}
rung! {
    /// The error may have been caused by another. This is what most are.
    [&] <T, E: Error> Result<T, E>; Failures(BySource) => Failures<BySource>
}
rung! {
    /// The error holds another and is none itself, as `Box<dyn Error>`, `anyhow::Error` and
    /// `eyre::Report` do. For any lifetime of that: a box may borrow.
    [&&] <'a, T, E: AsRef<dyn Error + 'a>> Result<T, E>; Failures(ByContent) => Failures<ByContent>
}
rung! {
    /// Of the error only its type is known.
    [&mut &] <T, E> Result<T, E>; Failures(ByType) => Failures<ByType>
}
rung! {
    /// The value cannot be a failure.
    [] <V> V; Unjudged => Unjudged
}

/// A value that may tell of a failure, now or later.
impl<R: TellsMore> EndLadder for Returns<R> {
    type Asked = Seen<R, R::Asked, R::End>;
    type Seen = Seen<R, R::Seen, R::End>;

    #[inline]
    fn __log_usage_end(self) -> Self::Asked {
        Seen::new()
    }

    #[inline]
    fn __log_usage_seen(self) -> Self::Seen {
        Seen::new()
    }
}

/// Any other value.
impl<R> EndLadder for &Returns<R> {
    type Asked = Harmless<R>;
    type Seen = Seen<R, R>;

    #[inline]
    fn __log_usage_end(self) -> Self::Asked {
        Harmless(PhantomData)
    }

    #[inline]
    fn __log_usage_seen(self) -> Self::Seen {
        Seen::new()
    }
}
