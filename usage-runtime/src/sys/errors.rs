//! Errors of types that are known, where they may borrow.

use std::any::type_name;
use std::error::Error;
use std::{array, char, env, fmt, io, mem, net, num, str, string, sync, time};

/// The errors of the standard library that are named. None of them has a lifetime in it.
macro_rules! std_errors {
    ($($error:ty),+ $(,)?) => {
        $(impl StdError for $error {})+

        /// The type of `error`, if it is one of the standard library's.
        pub(crate) fn std_error(error: &(dyn Error + '_)) -> Option<&'static str> {
            $(if downcast_error::<$error>(error).is_some() {
                return Some(type_name::<$error>());
            })+
            None
        }
    };
}

/// A type without a lifetime in it. Implemented here alone.
pub(crate) trait StdError: Error + 'static {}

impl StdError for io::Error {}

std_errors!(
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

/// `error` as a `T`, if it is one; also where `error` may borrow, for which std has no way.
pub(crate) fn downcast_error<'a, T: StdError>(error: &'a (dyn Error + '_)) -> Option<&'a T> {
    // SAFETY: the reference keeps its own lifetime and goes no further than to `downcast_ref`,
    // which compares types. It compares them without their lifetimes, and there is none in `T`: if
    // they are equal, `error` is a `T` and borrows nothing.
    let error: &'a (dyn Error + 'static) = unsafe { mem::transmute(error) };
    error.downcast_ref()
}
