//! The end user's stored choice: one word in a file of the product's state folder.

use std::io;
use std::path::Path;

use super::Reason;

/// The file's name in the state folder.
const FILE: &str = "choice";

/// `on` says nothing, no file says nothing; `off` and whatever cannot be read or understood
/// switches off.
pub(crate) fn ask(folder: &Path) -> Option<Reason> {
    let path = folder.join(FILE);
    match std::fs::read_to_string(&path) {
        Ok(choice) if choice.trim() == "on" => None,
        Err(error) if is_absent(&error) => None,
        // Without a free descriptor nothing can be opened, but still be looked for.
        Err(_) if std::fs::symlink_metadata(&path).is_err_and(|error| is_absent(&error)) => None,
        Ok(_) | Err(_) => Some(Reason::StoredChoice(path)),
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_on_or_no_file_at_all_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(ask(folder.path()), None);
        assert_eq!(ask(&folder.path().join("missing")), None);
        for (content, is_off) in [("on\n", false), ("off\n", true), ("", true), ("junk", true)] {
            std::fs::write(folder.path().join(FILE), content).unwrap();
            assert_eq!(ask(folder.path()).is_some(), is_off, "{content:?}");
        }
        std::fs::write(folder.path().join(FILE), [0xff]).unwrap();
        assert_eq!(ask(folder.path()), Some(Reason::StoredChoice(folder.path().join(FILE))));
    }
}
