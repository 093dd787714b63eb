//! Judges: whether the value that a call ended with is a failure, and how its error is named.

use std::error::Error;
use std::io;
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::sync::Arc;
use std::task::Poll;

use super::error_name::ErrorName;
use super::fallible::{Fallible, with_all_fallible};
use super::outcome::Outcome;
use super::value::{UsageValue, ValueWriter, VariantValue};

/// Tells the outcome of a call from the value that it ended with, wherever that is.
pub trait Judge<V>: Copy + Send + Sync + 'static {
    /// The outcome that `value` stands for.
    fn outcome(self, value: &V) -> Outcome;

    /// Whether it is a failure; naming that takes its time.
    #[inline]
    fn is_failure(self, value: &V) -> bool {
        !matches!(self.outcome(value), Outcome::Returned)
    }
}

/// Names an error.
pub trait NameOf<E>: Copy + Send + Sync + 'static {
    /// What is said of `error`.
    fn name(self, error: &E) -> ErrorName;
}

/// For values that cannot be a failure.
#[derive(Clone, Copy, Debug)]
pub struct Unjudged;

impl<V> Judge<V> for Unjudged {
    #[inline]
    fn outcome(self, _value: &V) -> Outcome {
        Outcome::Returned
    }
}

/// For values that may be a failure; `N` names the error.
#[derive(Clone, Copy, Debug)]
pub struct Failures<N>(pub(crate) N);

/// So for each annotated function the compiler proves no more than that an error is named.
macro_rules! judge_failures {
    ($(<$($parameter:ident),*> $value:ty, $error:ty;)+) => {$(
        impl<$($parameter,)* N: NameOf<$error>> Judge<$value> for Failures<N> {
            #[inline]
            fn outcome(self, value: &$value) -> Outcome {
                value.error().map_or(Outcome::Returned, |error| Outcome::Failed(self.0.name(error)))
            }

            #[inline]
            fn is_failure(self, value: &$value) -> bool {
                value.error().is_some()
            }
        }
    )+};
}

with_all_fallible!(judge_failures);

/// For control flow whose breaking is a failure.
#[derive(Clone, Copy, Debug)]
pub struct Breaks<N>(pub(crate) N);

impl<B, C, N: NameOf<B>> Judge<ControlFlow<B, C>> for Breaks<N> {
    #[inline]
    fn outcome(self, value: &ControlFlow<B, C>) -> Outcome {
        match value {
            ControlFlow::Break(error) => Outcome::Failed(self.0.name(error)),
            ControlFlow::Continue(_) => Outcome::Returned,
        }
    }

    #[inline]
    fn is_failure(self, value: &ControlFlow<B, C>) -> bool {
        value.is_break()
    }
}

/// For options that are a failure if they are `None`.
#[derive(Clone, Copy, Debug)]
pub struct Nones;

impl<T> Judge<Option<T>> for Nones {
    #[inline]
    fn outcome(self, value: &Option<T>) -> Outcome {
        const NONE: Outcome = Outcome::Failed(ErrorName::Text("core::option::Option::None"));
        if value.is_none() { NONE } else { Outcome::Returned }
    }
}

/// An error that says more of itself than its type.
pub trait KnownError: Sized {
    /// What names it.
    type Named: Copy;

    /// The same.
    const NAMED: Self::Named;
}

/// Stands for an error `E` of which it must not be asked whether it is an [`Error`]: it may be one for some
/// lifetimes alone.
#[derive(Debug)]
pub struct Unproven<E>(E);

impl<E: KnownError> KnownError for Unproven<E> {
    type Named = E::Named;
    const NAMED: E::Named = E::NAMED;
}

/// That is no matter of lifetimes.
impl<'a, E: AsRef<dyn Error + 'a>> AsRef<dyn Error + 'a> for Unproven<E> {
    fn as_ref(&self) -> &(dyn Error + 'a) {
        self.0.as_ref()
    }
}

impl<E: VariantValue> KnownError for E {
    type Named = ByVariant;
    const NAMED: ByVariant = ByVariant;
}

impl KnownError for io::Error {
    type Named = ByKind;
    const NAMED: ByKind = ByKind;
}

/// Pointers to an error of unknown type: no errors themselves, or such that do not give out what they hold.
macro_rules! know_errors_behind {
    ($($pointer:ident<dyn Error $(+ $marker:ident)*>),+ $(,)?) => {$(
        impl<'a> KnownError for $pointer<dyn Error $(+ $marker)* + 'a> {
            type Named = ByPointee;
            const NAMED: ByPointee = ByPointee;
        }

        impl<'a> NameOf<$pointer<dyn Error $(+ $marker)* + 'a>> for ByPointee {
            fn name(self, error: &$pointer<dyn Error $(+ $marker)* + 'a>) -> ErrorName {
                ErrorName::of_holder::<$pointer<dyn Error $(+ $marker)* + 'a>>(&**error)
            }
        }
    )+};
}

know_errors_behind!(
    Box<dyn Error + Send>,
    Box<dyn Error + Send + Sync>,
    Arc<dyn Error>,
    Arc<dyn Error + Send>,
    Arc<dyn Error + Send + Sync>,
);

/// Names an error by its type and its variant.
#[derive(Clone, Copy, Debug)]
pub struct ByVariant;

impl<E: UsageValue> NameOf<E> for ByVariant {
    fn name(self, error: &E) -> ErrorName {
        ErrorName::of_variant::<E>(ValueWriter::variant_of(error))
    }
}

/// Names an input or output error by its type and its kind.
#[derive(Clone, Copy, Debug)]
pub struct ByKind;

impl NameOf<io::Error> for ByKind {
    fn name(self, error: &io::Error) -> ErrorName {
        ErrorName::of_io(error)
    }
}

/// Names an error by its type and by what caused it.
#[derive(Clone, Copy, Debug)]
pub struct BySource;

impl<E: Error> NameOf<E> for BySource {
    fn name(self, error: &E) -> ErrorName {
        ErrorName::of_caused::<E>(error.source())
    }
}

/// Names what holds an error of unknown type by its own type and by what that error is.
#[derive(Clone, Copy, Debug)]
pub struct ByContent;

impl<'a, E: AsRef<dyn Error + 'a>> NameOf<E> for ByContent {
    fn name(self, error: &E) -> ErrorName {
        ErrorName::of_holder::<E>(error.as_ref())
    }
}

/// As [`ByContent`], for a pointer of the standard library.
#[derive(Clone, Copy, Debug)]
pub struct ByPointee;

/// Names an error by its type.
#[derive(Clone, Copy, Debug)]
pub struct ByType;

impl<E> NameOf<E> for ByType {
    fn name(self, _error: &E) -> ErrorName {
        ErrorName::of_type::<E>()
    }
}

/// Names an error as the author's own function does.
#[derive(Clone, Copy, Debug)]
pub struct ByAuthor<F>(pub(crate) F);

impl<E, F, V> NameOf<E> for ByAuthor<F>
where
    F: Fn(&E) -> V + Copy + Send + Sync + 'static,
    V: UsageValue,
{
    fn name(self, error: &E) -> ErrorName {
        ValueWriter::name_of(&self.0(error))
    }
}
