//! Writes a small file in a product's folder, for its owner alone, whole or not at all: nobody ever
//! reads a part of it. What is in it is not its matter.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::delivery::UNBORN;
use crate::random_id;
use crate::state_folder;

/// Puts `content` into the file `name` in `folder`, in place of what was there; makes the folder
/// where it is missing.
///
/// # Errors
///
/// When the folder is not safe, or something cannot be written; the file is then as it was.
pub(crate) fn write(folder: &Path, name: &str, content: &[u8]) -> io::Result<()> {
    state_folder::make(folder)?;
    let draft = draft(folder, name, content)?;
    let result = fs::rename(&draft, folder.join(name));
    if result.is_err() {
        let _ = fs::remove_file(&draft);
    }
    result
}

/// Writes `content` into a file beside the file `name` in `folder`, which is there, for the caller to
/// give it that name.
///
/// # Errors
///
/// When something cannot be written; nothing stays then.
pub(crate) fn draft(folder: &Path, name: &str, content: &[u8]) -> io::Result<PathBuf> {
    let suffix = random_id::random().ok_or(io::ErrorKind::Unsupported)?;
    // Ends like a spool file that is being born: what a killed process leaves is swept up with those.
    let draft = folder.join(format!("{name}.{suffix}.{UNBORN}"));
    match write_new(&draft, content) {
        Ok(()) => Ok(draft),
        Err(error) => {
            let _ = fs::remove_file(&draft);
            Err(error)
        }
    }
}

/// Removes a file that may be gone already.
///
/// # Errors
///
/// When it is there and stays.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surroundings::Folder;

    #[test]
    fn a_file_is_replaced_whole_and_no_draft_stays() {
        let folder = Folder::with(&[]);
        let state = folder.path("state/usage");
        for content in ["one", "another", ""] {
            write(&state, "file", content.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(state.join("file")).unwrap(), content);
        }
        assert_eq!(fs::read_dir(&state).unwrap().count(), 1);
        remove(&state.join("file")).unwrap();
        remove(&state.join("file")).unwrap();
    }

    #[test]
    fn what_cannot_be_replaced_is_an_error_and_no_draft_stays() {
        let folder = Folder::with(&[("file", "")]);
        assert!(write(&folder.path("file/state"), "file", b"").is_err());
        let state = folder.path("state");
        state_folder::make(&state).unwrap();
        fs::create_dir_all(state.join("file/in the way")).unwrap();
        assert!(write(&state, "file", b"").is_err());
        assert_eq!(fs::read_dir(&state).unwrap().count(), 1);
    }
}
