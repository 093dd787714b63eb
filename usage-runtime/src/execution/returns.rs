//! The return type of an annotated function, and what is asked about it.

use std::future::Future;
use std::marker::PhantomData;
use std::ops::ControlFlow;

use super::end::{End, Now};
use super::fallible::Fallible;
use super::judge::{Breaks, ByAuthor, ByType, Failures, Nones};
use super::value::UsageValue;

/// Stands for the return type `R`, with the type `V` of what such a call ends with, and when that is: with
/// the value itself, or with what comes out of that later.
///
/// An expansion writes `R` once more. Where it cannot be written, it says `return never(…)` behind
/// `if false`, and from there the compiler knows it.
#[derive(Debug)]
pub struct Returns<R, V = R, E = Now>(PhantomData<fn() -> R>, PhantomData<fn() -> V>, PhantomData<E>);

/// What is to be done with a value of type `R` that a function returns: `J` judges what the call ends with.
#[derive(Debug)]
pub struct Judged<R, J, E = Now> {
    pub(crate) judge: J,
    returns: PhantomData<fn() -> (R, E)>,
}

impl<R, V, E> Clone for Returns<R, V, E> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, V, E> Copy for Returns<R, V, E> {}

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

    /// With the judge of the value itself.
    #[inline]
    pub(crate) fn at_its_end(self) -> Judged<R, E::Judge>
    where
        E: End<R, J>,
    {
        Judged::by(E::judge(self.judge))
    }
}

impl<R> Returns<R> {
    /// Stands for what `future` ends with.
    #[inline]
    pub fn output_of<F: Future<Output = R>>(_future: &F) -> Self {
        Self::new()
    }
}

impl<R, V, E> Returns<R, V, E> {
    #[inline]
    #[must_use]
    pub(crate) const fn new() -> Self {
        Self(PhantomData, PhantomData, PhantomData)
    }

    /// Errors are named by their type alone.
    #[inline]
    #[must_use]
    pub fn by_type(self) -> Judged<R, Failures<ByType>, E>
    where
        V: Fallible,
    {
        Judged::by(Failures(ByType))
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

impl<R, T, E> Returns<R, Option<T>, E> {
    /// `None` is a failure.
    #[inline]
    #[must_use]
    pub fn none_is_error(self) -> Judged<R, Nones, E> {
        Judged::by(Nones)
    }
}

impl<R, B, C, E> Returns<R, ControlFlow<B, C>, E> {
    /// Asks about a result that fails with what the control flow breaks with.
    #[inline]
    #[must_use]
    pub fn break_is_error(self) -> Returns<R, Result<C, B>, E> {
        Returns::new()
    }
}

impl<R, N, E> Judged<R, Failures<N>, E> {
    /// To break is a failure, with an error that is named likewise.
    #[inline]
    #[must_use]
    pub fn of_break(self) -> Judged<R, Breaks<N>, E> {
        Judged::by(Breaks(self.judge.0))
    }
}
