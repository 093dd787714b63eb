//! What may be said of an error: names that stand in source code, never its text.

use std::any::type_name;
use std::error::Error;
use std::io::{self, Write as _};
use std::{array, char, env, fmt, net, num, str, string, sync, time};

use super::json;
use super::type_path::{self, KnownCrates};

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

    /// The name of an error with the first error of the standard library from `cause` on.
    pub(crate) fn of_chain<E>(cause: Option<&(dyn Error + 'static)>) -> Self {
        let chain = std::iter::successors(cause, |error| error.source());
        let cause = chain.take(LONGEST_CHAIN).find_map(of_std);
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
fn of_std(error: &(dyn Error + 'static)) -> Option<Named> {
    if let Some(io) = error.downcast_ref::<io::Error>() {
        return Some(Named { name: type_name::<io::Error>(), variant: Some(Variant::Io(io.kind())) });
    }
    macro_rules! first_of {
        ($($ty:ty),+ $(,)?) => {
            [$((error.is::<$ty>(), type_name::<$ty>())),+]
        };
    }
    let known = first_of!(
        num::ParseIntError,
        num::ParseFloatError,
        num::TryFromIntError,
        str::Utf8Error,
        str::ParseBoolError,
        string::FromUtf8Error,
        char::ParseCharError,
        char::CharTryFromError,
        array::TryFromSliceError,
        net::AddrParseError,
        env::VarError,
        fmt::Error,
        time::SystemTimeError,
        sync::mpsc::RecvError,
        sync::mpsc::RecvTimeoutError,
    );
    known.iter().find(|(is_it, _)| *is_it).map(|(_, name)| Named { name, variant: None })
}
