//! The end user's reset: a random number in the product's folder, the file `nonce`. It goes into
//! the product's id, so all that follows from that id changes and can still be checked.

use std::io;
use std::path::Path;

use uuid::{Uuid, Version};

use super::stored;
use crate::kept_file;
use crate::random_id;
use crate::small_file;

const FILE: &str = "nonce";

/// Longer than a UUID with a line's end.
const LIMIT: u64 = 64;

/// The number of the last reset; `None` if there was none.
///
/// # Errors
///
/// When there was one, and nobody can read it. The id before the reset must not come back then.
pub(super) fn read(folder: Option<&Path>) -> io::Result<Option<Uuid>> {
    let Some(path) = folder.map(|folder| folder.join(FILE)) else { return Ok(None) };
    if path.is_dir() {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let Some(content) = small_file::read(&path, LIMIT)? else { return Ok(None) };
    let nonce = Uuid::try_parse_ascii(content.trim_ascii()).ok();
    let nonce = nonce.filter(|nonce| nonce.get_version() == Some(Version::Random));
    nonce.map(Some).ok_or(io::ErrorKind::InvalidData.into())
}

/// Resets: another number from now on, and no stored id.
///
/// # Errors
///
/// When it cannot be stored.
pub(super) fn reset(folder: &Path) -> io::Result<()> {
    let nonce = random_id::random().ok_or(io::ErrorKind::Unsupported)?;
    kept_file::write(folder, FILE, format!("{nonce}\n").as_bytes())?;
    stored::remove(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surroundings::Folder;

    #[test]
    fn each_reset_has_a_number_of_its_own() {
        let folder = Folder::with(&[]);
        let state = folder.path("state");
        assert_eq!(read(Some(&state)).unwrap(), None);
        assert_eq!(read(None).unwrap(), None);
        reset(&state).unwrap();
        let first = read(Some(&state)).unwrap();
        reset(&state).unwrap();
        let second = read(Some(&state)).unwrap();
        assert!(first.is_some() && second.is_some() && first != second);
    }

    #[test]
    fn a_number_that_cannot_be_read_is_an_error_not_none() {
        for content in ["", "1", "00000000-0000-0000-0000-000000000000", &"a".repeat(99)] {
            let folder = Folder::with(&[("nonce", content)]);
            assert!(read(Some(&folder.path(""))).is_err(), "{content:?}");
        }
        let folder = Folder::with(&[("nonce/file", "")]);
        assert!(read(Some(&folder.path(""))).is_err());
    }
}
