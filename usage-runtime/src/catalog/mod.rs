//! The catalogue: every event that a program could ever send, read from its executable without
//! running it.
//!
//! The compiler puts a line into the program's data for each annotated function that is in it; a
//! function that the linker removed has none. The lines survive stripping and link-time optimisation,
//! and nobody has to trust a document.
//!
//! They are plain text without gaps, in data that is only read, and are looked for byte by byte: nothing
//! is known of the file's format, so ELF, Mach-O, PE and what holds several of these are the same. What
//! hides text does hide them: a packed or encrypted program has to be unpacked first, and a Rust library
//! that is yet to be optimised (`.rlib` for link-time optimisation) has no text in it.
//!
//! ```
//! use usage_runtime::catalog;
//!
//! let catalog = catalog::of(std::env::current_exe()?)?;
//! println!("{catalog}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub(crate) mod compiled;
mod data_sheet;
pub(crate) mod descriptor;
mod gather;
mod json;
mod markdown;
mod scan;
mod table;

use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

pub use data_sheet::assert_data_sheet;

/// Every event that a program could ever send, by product.
///
/// Its text is a table for people; [`to_json`](Self::to_json) and
/// [`to_markdown`](Self::to_markdown) are for programs and for a data sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Catalog {
    /// The products whose usage logging is in the program, by name and version.
    pub products: Vec<CatalogProduct>,
}

/// One product in a [`Catalog`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CatalogProduct {
    /// The product's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Where its events go, unless the end user names another endpoint.
    pub endpoint: String,
    /// The variable that switches it off.
    pub opt_out_variable: String,
    /// Whether its events have no lasting id, see
    /// [`without_identity`](crate::UsageLogger::without_identity).
    pub is_without_identity: bool,
    /// Its events, by name.
    pub events: Vec<CatalogEvent>,
}

/// One annotated function in a [`Catalog`].
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct CatalogEvent {
    /// The event's name.
    pub name: String,
    /// What the author says that it is recorded for.
    pub purpose: Option<String>,
    /// Its own properties, beside those that every event has.
    pub properties: Vec<CatalogProperty>,
    /// The crate of the annotated function, by the name that stands in `use`.
    pub crate_name: String,
    /// The source file of the annotated function, as the compiler was given it.
    pub file: String,
    /// The line of the attribute; that of the block's, if the function is in a block that has one.
    pub line: u64,
}

/// A property of an event, and what it can be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct CatalogProperty {
    /// Its name.
    pub name: String,
    /// The values that it can have; a list of them, if the author logs lists.
    pub values: CatalogValues,
}

/// The values that a property can have.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum CatalogValues {
    /// One of these names, or of several lists of names.
    Names(Vec<String>),
    /// `true` or `false`.
    Bool,
    /// A text that stands in the source code; which one, the catalogue does not know.
    #[default]
    Text,
}

/// Why a catalogue could not be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum CatalogError {
    /// The file cannot be read, or is no file at all.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The file has more descriptors than any program could have.
    TooMany {
        /// The file.
        path: PathBuf,
    },
}

/// The catalogue of the executable or library at `path`, which is read and not run.
///
/// It is empty if no usage logging is in there. Memory stays bounded whatever the file holds.
///
/// # Errors
///
/// When the file cannot be read, is no regular file, or holds an absurd number of descriptors.
///
/// ```
/// use usage_runtime::catalog;
///
/// assert!(catalog::of("/no/such/program").is_err());
/// let this_test = catalog::of(std::env::current_exe()?)?;
/// assert!(this_test.products.is_empty()); // no product's logging is in it
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn of(path: impl AsRef<Path>) -> Result<Catalog, CatalogError> {
    let path = path.as_ref();
    let unreadable = |error| CatalogError::Unreadable { path: path.to_owned(), error };
    // A pipe would be waited for, and a directory opens but does not read, on Unix.
    if !path.metadata().map_err(unreadable)?.is_file() {
        return Err(unreadable(io::Error::new(io::ErrorKind::InvalidInput, "it is no file")));
    }
    let file = File::open(path).map_err(unreadable)?;
    let lines = scan::lines(file).map_err(unreadable)?;
    let lines = lines.ok_or_else(|| CatalogError::TooMany { path: path.to_owned() })?;
    Ok(gather::catalog(&lines))
}

impl fmt::Display for CatalogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, error } => write!(f, "{} cannot be read: {error}", path.display()),
            Self::TooMany { path } => {
                write!(f, "{} holds more events than a program can have", path.display())
            }
        }
    }
}

impl std::error::Error for CatalogError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable { error, .. } => Some(error),
            Self::TooMany { .. } => None,
        }
    }
}
