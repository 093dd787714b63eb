//! What may be said of an error: names that stand in source code, never its text.

use std::any::type_name;
use std::error::Error;
use std::io::{self, Write as _};
use std::iter;

use super::json;
use super::type_path::{self, KnownCrates};
use crate::sys;

/// What is said of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorName {
    /// Its type, and the error of the standard library that caused it.
    Type(Named, Option<Named>),
    /// What the author's own function made of it.
    Text(&'static str),
}

/// A type and, if there is one to name, its variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// What the compiler calls the type.
    name: &'static str,
    variant: Option<Variant>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Variant {
    /// Of a type that derives `UsageValue`.
    Derived(&'static str),
    /// Of an input or output error.
    Io(io::ErrorKind),
}

/// How many errors of a chain are asked; one may go round in circles.
const LONGEST_CHAIN: usize = 16;

impl ErrorName {
    /// The name of an error of which no more than its type is known.
    pub(crate) fn of_type<E>() -> Self {
        Self::of_variant::<E>(None)
    }

    /// The name of an error that may have a variant.
    pub(crate) fn of_variant<E>(variant: Option<&'static str>) -> Self {
        Self::Type(Named { name: type_name::<E>(), variant: variant.map(Variant::Derived) }, None)
    }

    /// The name of an input or output error.
    pub(crate) fn of_io(error: &io::Error) -> Self {
        Self::Type(Named { name: type_name::<io::Error>(), variant: Some(Variant::Io(error.kind())) }, None)
    }

    /// The name of an error that `cause` has caused, with the first error of the standard library
    /// from there on.
    pub(crate) fn of_caused<E>(cause: Option<&(dyn Error + 'static)>) -> Self {
        let chain = iter::successors(cause, |&error| error.source());
        Self::with_cause::<E>(chain.take(LONGEST_CHAIN).find_map(of_std))
    }

    /// The name of what holds `error`, with the first error of the standard library from that on.
    pub(crate) fn of_holder<E>(error: &(dyn Error + '_)) -> Self {
        of_std(error)
            .map_or_else(|| Self::of_caused::<E>(error.source()), |held| Self::with_cause::<E>(Some(held)))
    }

    fn with_cause<E>(cause: Option<Named>) -> Self {
        Self::Type(Named { name: type_name::<E>(), variant: None }, cause)
    }

    /// Appends the name as it stands inside of a JSON string. A type of a crate that is not known
    /// is not named.
    pub(crate) fn append(self, out: &mut Vec<u8>, known: KnownCrates<'_>) {
        match self {
            Self::Text(text) => json::append_escaped(out, text),
            Self::Type(error, cause) => {
                error.append(out, known);
                if let Some(cause) = cause {
                    out.extend_from_slice(b": ");
                    cause.append(out, known);
                }
            }
        }
    }
}

impl Named {
    fn append(self, out: &mut Vec<u8>, known: KnownCrates<'_>) {
        type_path::append(out, self.name, known);
        // Writing to memory cannot fail.
        let _ = match self.variant {
            Some(Variant::Derived(variant)) => write!(out, "::{variant}"),
            Some(Variant::Io(kind)) => write!(out, "::{kind:?}"),
            None => Ok(()),
        };
    }
}

/// The name of `error`, if it is one of the standard library.
fn of_std(error: &(dyn Error + '_)) -> Option<Named> {
    if let Some(io) = sys::downcast_error::<io::Error>(error) {
        return Some(Named { name: type_name::<io::Error>(), variant: Some(Variant::Io(io.kind())) });
    }
    sys::std_error(error).map(|name| Named { name, variant: None })
}
