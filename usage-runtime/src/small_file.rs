//! Reads a small file whole, and never waits for it: what is no regular file is not opened for
//! long, what is large is not read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

/// The content of the file at `path`, which may be a link to one; `None` where there is nothing,
/// or something that holds no lines of its own: a folder, a pipe, a device.
///
/// # Errors
///
/// When something is there that cannot be looked at or read, or that is longer than `limit` bytes.
pub(crate) fn read(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    // The link itself first: one that leads nowhere is there, so it is not "nothing".
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() || metadata.is_symlink() => {}
        Ok(_) => return Ok(None),
        Err(error) if is_absence(&error) => return Ok(None),
        Err(error) => return Err(error),
    }
    // Asked before the opening, since opening a device can have effects, and after it, since
    // another file may have taken its place.
    if !fs::metadata(path)?.is_file() {
        return Ok(None);
    }
    let file = open(path)?;
    if !file.metadata()?.is_file() {
        return Ok(None);
    }
    let mut content = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut content)?;
    let length = u64::try_from(content.len()).unwrap_or(u64::MAX);
    if length > limit { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(Some(content)) }
}

/// Opens a file for reading; one that has become a pipe meanwhile is not waited for.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, crate::sys::NO_WAIT);
    options.open(path)
}

fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surroundings::Folder;

    #[test]
    fn a_file_is_read_whole_and_through_a_link() {
        let folder = Folder::with(&[("file", "content")]);
        assert_eq!(read(&folder.path("file"), 7).ok(), Some(Some(b"content".to_vec())));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(folder.path("file"), folder.path("link")).unwrap();
            assert_eq!(read(&folder.path("link"), 7).ok(), Some(Some(b"content".to_vec())));
        }
    }

    #[test]
    fn what_is_longer_than_the_limit_is_an_error_not_a_part() {
        let folder = Folder::with(&[("file", "content")]);
        assert!(read(&folder.path("file"), 6).is_err());
    }

    #[test]
    fn nothing_and_a_folder_hold_nothing() {
        let folder = Folder::with(&[("folder/file", ""), ("file", "")]);
        for path in ["missing", "missing/file", "folder", "file/below"] {
            assert_eq!(read(&folder.path(path), 9).ok(), Some(None), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_device_holds_nothing_and_a_link_to_nowhere_is_an_error() {
        use std::os::unix::fs::symlink;
        let folder = Folder::with(&[]);
        symlink("/dev/zero", folder.path("device")).unwrap();
        symlink("nowhere", folder.path("dangling")).unwrap();
        symlink("loop", folder.path("loop")).unwrap();
        assert_eq!(read(&folder.path("device"), 9).ok(), Some(None));
        assert!(read(&folder.path("dangling"), 9).is_err());
        assert!(read(&folder.path("loop"), 9).is_err());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_pipe_that_nobody_writes_holds_nothing_and_is_not_waited_for() {
        let folder = Folder::with(&[]);
        let made = std::process::Command::new("mkfifo").arg(folder.path("pipe")).status();
        assert!(made.is_ok_and(|status| status.success()), "mkfifo is part of every Linux");
        assert_eq!(read(&folder.path("pipe"), 9).ok(), Some(None));
        assert!(open(&folder.path("pipe")).is_ok(), "even the opening does not wait");
    }
}
