//! The return type of an annotated function, which its expansion never writes: a type that is
//! written again is not always the same, nor is there a way to write each.

use std::future::Future;
use std::marker::PhantomData;
use std::ops::ControlFlow;

use super::fallible::Fallible;
use super::judge::{ByAuthor, ByType, Failures, Nones};
use super::value::UsageValue;

/// Stands for the return type `R`. Behind `if false`, an expansion says `return never(…)`, and from
/// there the compiler knows `R`, with everything that follows from it for the body, as in
/// the function itself.
#[derive(Debug)]
pub struct Returns<R>(PhantomData<fn() -> R>);

impl<R> Clone for Returns<R> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Returns<R> {}

impl<R> Returns<R> {
    /// To be tied to a type by what it is given to.
    #[expect(clippy::new_without_default, reason = "only expansions make one")]
    #[inline]
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }

    /// The judge of such values that names their error by its type alone.
    #[inline]
    #[must_use]
    pub fn by_type(self) -> Failures<ByType>
    where
        R: Fallible,
    {
        Failures(ByType)
    }

    /// The judge of such values that names their error with a function of the author's.
    #[inline]
    #[must_use]
    pub fn named_by<F, V>(self, name: F) -> Failures<ByAuthor<F>>
    where
        R: Fallible,
        F: Fn(&R::Error) -> V + Copy + Send + Sync + 'static,
        V: UsageValue,
    {
        Failures(ByAuthor(name))
    }

    /// Stands for what `future` ends with.
    #[inline]
    pub fn output_of<F: Future<Output = R>>(_future: &F) -> Self {
        Self::new()
    }
}

impl<T> Returns<Option<T>> {
    /// The judge of options for which `None` is a failure.
    #[inline]
    #[must_use]
    pub fn none_is_error(self) -> Nones {
        Nones
    }
}

impl<B, C> Returns<ControlFlow<B, C>> {
    /// Stands for a result that fails with what the control flow breaks with.
    #[inline]
    #[must_use]
    pub fn break_is_error(self) -> Returns<Result<(), B>> {
        Returns::new()
    }
}
