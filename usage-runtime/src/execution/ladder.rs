//! What a return type can tell of a call, found without a bound on any type of the author's: an
//! expansion calls a method on what stands for that type, and the compiler takes the highest rung that
//! fits.
//!
//! A rung is an implementation for one kind of reference. The compiler tries them in the order of the
//! [reference]: for a receiver `&X` these are `&X`, `&&X`, `&mut &X` and `X`; for each, a method of the type
//! itself comes first. Between rungs in another order the call would land on another one, silently; so
//! each has a test.
//!
//! There are two ladders: of judges, by what is known of the error, and before it, where a type says nothing
//! by its name, of ends. What is written for a ladder takes its time in every annotated function, so there
//! is one trait to import, which the compiler asks at each rung, and one `&` at most.
//!
//! No rung may ask for a lifetime (`E: 'static`): the compiler chooses a rung without looking at
//! lifetimes, and refuses it afterwards. An error's own implementation may ask for one,
//! `impl<T: 'static> Error for SendError<T>`: so where an error has parameters, the question is not asked, see
//! [`Unproven`](super::judge::Unproven).
//!
//! [reference]: https://doc.rust-lang.org/reference/expressions/method-call-expr.html

use std::error::Error;
use std::marker::PhantomData;

use super::call::{Call, Values, Way};
use super::call_site::CallSite;
use super::end::{End, Harmless, TellsMore};
use super::fallible::Fallible;
use super::judge::{ByContent, BySource, ByType, Failures, KnownError, NameOf, Unjudged};
use super::observe::{Observe, counted, observe, observe_given, recorded, recorded_given};
use super::returns::{Judged, Returns, Seen};

/// The rungs below the first, for a function that returns `R`.
#[expect(clippy::inline_always, reason = "made for each annotated function")]
pub trait Ladder<R>: Sized {
    /// The return type, with its judge.
    type Judged: Observe<R>;

    /// The answer of the rung.
    const JUDGED: Self::Judged;

    /// The answer of the rung.
    #[inline]
    fn __log_usage_judge(self) -> Self::Judged {
        Self::JUDGED
    }

    /// Looks at a value that was returned, and gives it back.
    #[inline]
    fn __log_usage_see(self, call: Call, value: R) -> R {
        Self::JUDGED.see(call, value)
    }

    /// What that is for in most functions, in one call.
    #[inline(always)]
    fn __log_usage_observe<A>(self, site: &'static CallSite, arguments: A, body: impl FnOnce(A) -> R) -> R {
        observe!(Self::JUDGED, site, arguments, body)
    }

    /// The same for a body that is given where the values of its properties go.
    #[inline(always)]
    fn __log_usage_observe_given<A>(
        self,
        site: &'static CallSite,
        arguments: A,
        body: impl FnOnce(A, Values<'_>) -> R,
    ) -> R {
        observe_given!(Self::JUDGED, site, arguments, body)
    }

    /// The lower rung of ends: a value that is the end of its call, and cannot be a failure.
    #[inline]
    fn __log_usage_end(self) -> Harmless<R> {
        Harmless(PhantomData)
    }

    /// The same, asked of the type that the expansion has written: a path costs less than a method.
    #[inline]
    #[must_use]
    fn __log_usage_end_of_type() -> Harmless<R> {
        Harmless(PhantomData)
    }

    /// The same for a value that came out of a future.
    #[inline]
    fn __log_usage_awaited(self) -> Seen<R, R> {
        Seen::new()
    }

    /// The same for a judge that the author has chosen.
    #[inline]
    fn __log_usage_seen(self) -> Seen<R, R> {
        Seen::new()
    }

    /// What has no error has none to be careful with.
    #[inline]
    #[must_use]
    fn __log_usage_unproven(self) -> Self {
        self
    }
}

/// The upper rung of ends: a value that may tell of a failure, now or later.
impl<R: TellsMore> Returns<R> {
    /// For the ladder of judges.
    #[inline]
    #[must_use]
    pub fn __log_usage_end(self) -> Seen<R, R::Asked, R::End> {
        Seen::new()
    }

    /// The same, asked of the type.
    #[inline]
    #[must_use]
    pub fn __log_usage_end_of_type() -> Seen<R, R::Asked, R::End> {
        Seen::new()
    }

    /// For a judge that the author has chosen.
    #[inline]
    #[must_use]
    pub fn __log_usage_seen(self) -> Seen<R, R::Seen, R::End> {
        Seen::new()
    }
}

/// The same for a value that came out of a future, and may tell of a failure now.
impl<R: Fallible> Returns<R> {
    /// For the ladder of judges.
    #[inline]
    #[must_use]
    pub fn __log_usage_awaited(self) -> Seen<R, Result<(), R::Error>> {
        Seen::new()
    }
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

            /// See [`Ladder`].
            ///
            /// # Errors
            ///
            /// The `value`, if it is one.
            #[inline]
            pub fn __log_usage_see(&self, call: Call, value: $returns) -> $returns {
                Self::JUDGED.see(call, value)
            }

            /// See [`Ladder`].
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
                observe!(Self::JUDGED, site, arguments, body)
            }

            /// See [`Ladder`].
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
                observe_given!(Self::JUDGED, site, arguments, body)
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
        impl<$($any,)? $($parameter $(: $bound)?),+> Ladder<$value> for $($reference)* Returns<$value> {
            type Judged = Judged<$value, $type>;
            const JUDGED: Self::Judged = Judged::by($judge);
        }

        $(#[doc = $doc])+
        impl<$($any,)? R, N: End<R, $type>, $($parameter $(: $bound)?),+> Ladder<R>
            for $($reference)* Seen<R, $value, N>
        {
            type Judged = Judged<R, $type, N>;
            const JUDGED: Self::Judged = Judged::by($judge);
        }
    };
}

first! {
    /// The error is one that says more of itself than its type.
    <T, E: KnownError<Named: NameOf<E>>> Returns<Result<T, E>>, Result<T, E>;
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
