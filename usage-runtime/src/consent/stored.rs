//! The end user's stored choice: the file `choice` in the product's folder, one word.

use std::io;
use std::path::{Path, PathBuf};

use crate::kept_file;
use crate::small_file;

/// The file's name.
const FILE: &str = "choice";

/// Longer than every word that may stand there.
const LIMIT: u64 = 64;

/// What the end user stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// Nothing.
    Unsaid,
    /// `on`. It takes back an earlier `off`; no other switch yields to it.
    On,
    /// `off`, in this file.
    Off(PathBuf),
    /// There is a file, and nobody knows what it says.
    Unreadable(PathBuf),
}

/// Where the choice is stored in a product's folder.
pub(super) fn file_in(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

/// What is stored in that file; `None` for a user who has no folder for it.
pub(super) fn read(file: Option<&Path>) -> Choice {
    let Some(path) = file else { return Choice::Unsaid };
    // As it is for nearly everybody: one question, for this is asked before each request.
    if path.symlink_metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        return Choice::Unsaid;
    }
    // A folder in the place of the file is no choice that anybody made; but it is not nothing.
    if path.is_dir() {
        return Choice::Unreadable(path.to_owned());
    }
    match small_file::read(path, LIMIT) {
        Ok(None) => Choice::Unsaid,
        Ok(Some(word)) => match word.trim_ascii() {
            b"on" => Choice::On,
            b"off" => Choice::Off(path.to_owned()),
            _ => Choice::Unreadable(path.to_owned()),
        },
        Err(_) => Choice::Unreadable(path.to_owned()),
    }
}

/// Stores a choice in a product's folder, in place of an earlier one.
pub(super) fn write(folder: &Path, on: bool) -> io::Result<()> {
    kept_file::write(folder, FILE, if on { b"on\n" } else { b"off\n" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surroundings::Folder;

    fn read_in(folder: &Path) -> Choice {
        read(Some(&file_in(folder)))
    }

    fn stored(content: &str) -> (Choice, PathBuf) {
        let folder = Folder::with(&[("choice", content)]);
        (read_in(&folder.path("")), folder.path("choice"))
    }

    #[test]
    fn on_and_off_are_understood() {
        assert_eq!(stored("on\n").0, Choice::On);
        for content in ["off", "off\n", " off\r\n"] {
            let (choice, path) = stored(content);
            assert_eq!(choice, Choice::Off(path), "{content:?}");
        }
    }

    #[test]
    fn a_choice_is_read_as_it_was_written() {
        let folder = Folder::with(&[]);
        let state = folder.path("state");
        for (on, choice) in [(false, Choice::Off(state.join(FILE))), (true, Choice::On)] {
            write(&state, on).unwrap();
            assert_eq!(read_in(&state), choice);
        }
    }

    #[test]
    fn anything_else_is_a_doubt() {
        for content in ["", "of", "no", "ON", "on off", "\0\0", &"on ".repeat(99)] {
            let (choice, path) = stored(content);
            assert_eq!(choice, Choice::Unreadable(path), "{content:?}");
        }
        let folder = Folder::with(&[("choice/file", "")]);
        assert_eq!(read_in(&folder.path("")), Choice::Unreadable(folder.path("choice")));
    }

    #[test]
    fn where_no_file_is_nothing_was_said() {
        let folder = Folder::with(&[]);
        assert_eq!(read_in(&folder.path("")), Choice::Unsaid);
        assert_eq!(read_in(&folder.path("not/made/yet")), Choice::Unsaid);
        assert_eq!(read(None), Choice::Unsaid);
    }
}
