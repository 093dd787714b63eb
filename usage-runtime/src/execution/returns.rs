//! The return type of an annotated function, and what is asked about it.

use std::future::Future;
use std::marker::PhantomData;
use std::ops::ControlFlow;

use super::end::{Breaking, Now};
use super::fallible::Fallible;
use super::judge::{Breaks, ByAuthor, ByType, Failures, Nones, Unproven};
use super::value::UsageValue;

/// Stands for the return type `R`.
///
/// An expansion writes `R` once more. Where it cannot be written, it says `return never(…)` behind
/// `if false`, and from there the compiler knows it. It is the type that the compiler has most to do with
/// in each annotated function, so it is as short as can be.
#[derive(Debug)]
pub struct Returns<R>(PhantomData<fn() -> R>);

/// Stands for the return type `R`, with the type `V` of what such a call ends with, and when that is: with
/// the value itself, or with what comes out of that later.
#[derive(Debug)]
pub struct Seen<R, V, E = Now>(PhantomData<fn() -> (R, V)>, PhantomData<E>);

/// What is to be done with a value of type `R` that a function returns: `J` judges what the call ends with.
#[derive(Debug)]
pub struct Judged<R, J, E = Now> {
    pub(crate) judge: J,
    returns: PhantomData<fn() -> (R, E)>,
}

impl<R> Clone for Returns<R> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Returns<R> {}

impl<R, V, E> Clone for Seen<R, V, E> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, V, E> Copy for Seen<R, V, E> {}

impl<R, J: Clone, E> Clone for Judged<R, J, E> {
    #[inline]
    fn clone(&self) -> Self {
        Self::by(self.judge.clone())
    }
}

impl<R, J: Copy, E> Copy for Judged<R, J, E> {}

impl<R, J, E> Judged<R, J, E> {
    pub(crate) const fn by(judge: J) -> Self {
        Self { judge, returns: PhantomData }
    }
}

impl<R> Returns<R> {
    #[inline]
    #[must_use]
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }

    /// Stands for what `future` ends with.
    #[inline]
    pub fn output_of<F: Future<Output = R>>(_future: &F) -> Self {
        Self::new()
    }

    /// Errors are named by their type alone.
    #[inline]
    #[must_use]
    pub fn by_type(self) -> Judged<R, Failures<ByType>>
    where
        R: Fallible,
    {
        Judged::by(Failures(ByType))
    }

    /// The call ends with the value itself.
    #[inline]
    #[must_use]
    pub fn now(self) -> Seen<R, R> {
        Seen::new()
    }
}

impl<R, V, E> Seen<R, V, E> {
    #[inline]
    #[must_use]
    pub(crate) const fn new() -> Self {
        Self(PhantomData, PhantomData)
    }

    /// Errors are named by a function of the author's.
    #[inline]
    #[must_use]
    pub fn named_by<F, N>(self, name: F) -> Judged<R, Failures<ByAuthor<F>>, E>
    where
        V: Fallible,
        F: Fn(&V::Error) -> N + Copy + Send + Sync + 'static,
        N: UsageValue,
    {
        Judged::by(Failures(ByAuthor(name)))
    }
}

impl<R, T, E, N> Seen<R, Result<T, E>, N> {
    /// The same, asked about an error that may be one for some lifetimes alone.
    #[inline]
    #[must_use]
    pub fn __log_usage_unproven(self) -> Seen<R, Result<T, Unproven<E>>, N> {
        Seen::new()
    }
}

impl<R, T, E> Seen<R, Option<T>, E> {
    /// `None` is a failure.
    #[inline]
    #[must_use]
    pub fn none_is_error(self) -> Judged<R, Nones, E> {
        Judged::by(Nones)
    }
}

impl<R, B, C, E> Seen<R, ControlFlow<B, C>, E> {
    /// To break is a failure: asks about a result that fails with what the control flow breaks with.
    #[inline]
    #[must_use]
    pub fn break_is_error(self) -> Seen<R, Result<C, B>, Breaking<E>> {
        Seen::new()
    }
}

impl<R, N, E> Judged<R, Failures<N>, Breaking<E>> {
    /// With the judge of the control flow, which names what it breaks with likewise.
    #[inline]
    #[must_use]
    pub fn of_break(self) -> Judged<R, Breaks<N>, E> {
        Judged::by(Breaks(self.judge.0))
    }
}
