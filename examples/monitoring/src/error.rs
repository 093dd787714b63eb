//! The one error of this library.

use std::path::PathBuf;

use usage_runtime::UsageValue;

/// Why something could not be done. Its text is for its reader; a usage event says the variant alone.
#[derive(Debug, thiserror::Error, UsageValue)]
pub enum Error {
    /// What the caller gave does not fit.
    #[error("{0}")]
    InvalidArguments(String),
    /// A calculator or an estimator has to be fitted first.
    #[error("call `fit` with the reference data first")]
    NotFitted,
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A plot cannot be drawn.
    #[error("the plot cannot be drawn: {0}")]
    Plot(String),
}

impl Error {
    /// Says of an error which file it is about.
    ///
    /// ```
    /// let path = std::path::Path::new("no such file");
    /// let error = std::fs::read(path).map_err(driftwatch::Error::of_file(path)).unwrap_err();
    /// assert!(error.to_string().starts_with("no such file: "));
    /// ```
    pub fn of_file<E>(path: &std::path::Path) -> impl Fn(E) -> Self + use<'_, E>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        move |source| Self::File { path: path.to_owned(), source: source.into() }
    }
}
