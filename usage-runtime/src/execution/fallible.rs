//! Which values may be a failure, and where the error is in them.

use std::fmt::{self, Write as _};
use std::process::ExitCode;
use std::task::Poll;

/// A value that may be a failure.
pub trait Fallible {
    /// What it fails with.
    type Error;

    /// The error, if it is a failure.
    fn error(&self) -> Option<&Self::Error>;
}

/// Calls a macro with all types that are [`Fallible`], and the errors of each. For what is implemented for them
/// one by one: the compiler finds most types of annotated functions to be none of these by their names, where
/// for that trait it would have to prove something.
macro_rules! with_all_fallible {
    ($with:ident) => {
        $with! {
            <T, E> Result<T, E>, E;
            <T, E> Poll<Result<T, E>>, E;
            <T, E> Poll<Option<Result<T, E>>>, E;
            <> ExitCode, ExitCode;
        }
    };
}

pub(super) use with_all_fallible;

impl<T, E> Fallible for Result<T, E> {
    type Error = E;

    #[inline]
    fn error(&self) -> Option<&E> {
        self.as_ref().err()
    }
}

impl<T, E> Fallible for Poll<Result<T, E>> {
    type Error = E;

    #[inline]
    fn error(&self) -> Option<&E> {
        if let Poll::Ready(Err(error)) = self { Some(error) } else { None }
    }
}

impl<T, E> Fallible for Poll<Option<Result<T, E>>> {
    type Error = E;

    #[inline]
    fn error(&self) -> Option<&E> {
        if let Poll::Ready(Some(Err(error))) = self { Some(error) } else { None }
    }
}

impl Fallible for ExitCode {
    type Error = Self;

    fn error(&self) -> Option<&Self> {
        // Exit codes cannot be compared, but for what they show of themselves.
        let (mut shown, mut success) = (Shown::default(), Shown::default());
        let both = write!(shown, "{self:?}").and_then(|()| write!(success, "{:?}", Self::SUCCESS));
        (both.is_ok() && shown != success).then_some(self)
    }
}

/// The beginning of what a value shows of itself, without an allocation.
#[derive(PartialEq)]
struct Shown {
    bytes: [u8; 64],
    length: usize,
}

impl Default for Shown {
    fn default() -> Self {
        Self { bytes: [0; 64], length: 0 }
    }
}

impl fmt::Write for Shown {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for (place, byte) in self.bytes.iter_mut().skip(self.length).zip(text.bytes()) {
            *place = byte;
        }
        self.length = self.length.saturating_add(text.len());
        Ok(())
    }
}
