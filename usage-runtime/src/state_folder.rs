//! The folder where a product keeps what must survive the process: its spool, a stored id, a
//! stored choice. Says where it is and whether it is safe to use; what is in it is not its matter.

use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use crate::product::Product;
use crate::sys;

/// No file that we write is larger, and of none is more read.
pub(crate) const LARGEST_FILE: u64 = 1024 * 1024;

/// A product's folder, not made yet: `$XDG_STATE_HOME/<product>/usage`, or the platform's like;
/// `None` where no home folder is known, or one that is another in each working directory.
pub(crate) fn path(product: &Product) -> Option<PathBuf> {
    let platform = etcetera::base_strategy::choose_native_strategy().ok()?;
    // What Windows calls data goes with the user from machine to machine.
    let data = || if cfg!(windows) { platform.cache_dir() } else { platform.data_dir() };
    let state = platform.state_dir().unwrap_or_else(data);
    Some(state.join(product.identifier()).join("usage")).filter(|path| path.is_absolute())
}

/// Makes the folder where it is missing, for its owner alone.
///
/// # Errors
///
/// When it cannot be made, or is there but not safe: a link, not ours, or writable by others. When the process
/// would be killed for writing into it.
pub(crate) fn make(path: &Path) -> io::Result<()> {
    if !sys::may_write_files_of(LARGEST_FILE) {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    match is_safe(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => make_missing(path)?,
        known => return refuse_unsafe(known?),
    }
    refuse_unsafe(is_safe(path)?)
}

fn refuse_unsafe(is_safe: bool) -> io::Result<()> {
    if is_safe { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}

fn make_missing(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Whether the folder is a real folder that belongs to this user and that nobody else can write, nor
/// replace by another.
pub(crate) fn is_safe(path: &Path) -> io::Result<bool> {
    let metadata = fs::symlink_metadata(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        const OTHERS_WRITE: u32 = 0o022;
        const ANYONE_WRITES: u32 = 0o002;
        const STICKY: u32 = 0o1000;
        let user = sys::effective_user();
        let is_ours = metadata.is_dir() && metadata.uid() == user && metadata.mode() & OTHERS_WRITE == 0;
        // Through links: the state folder itself may well be one, to another disk.
        let parent = fs::metadata(path.parent().unwrap_or(Path::new("/")))?;
        // A group may write there, for many users have one of their own.
        let is_replaceable = parent.mode() & ANYONE_WRITES != 0 && parent.mode() & STICKY == 0
            || parent.uid() != user && parent.uid() != 0;
        Ok(is_ours && !is_replaceable)
    }
    #[cfg(not(unix))]
    Ok(metadata.is_dir())
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn the_folder_and_all_that_is_missing_above_it_is_for_its_owner_alone() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("product").join("usage");
        make(&path).unwrap();
        make(&path).unwrap();
        for made in [&*path, path.parent().unwrap()] {
            assert_eq!(fs::metadata(made).unwrap().permissions().mode() & 0o777, 0o700);
        }
    }

    #[test]
    fn a_folder_that_others_could_write_or_replace_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("product").join("usage");
        make(&path).unwrap();
        for (folder, mode) in [(&*path, 0o720), (&*path, 0o702), (path.parent().unwrap(), 0o777)] {
            set_mode(folder, mode);
            assert!(make(&path).is_err(), "{mode:o}");
            set_mode(folder, 0o755);
            assert!(make(&path).is_ok());
        }
        set_mode(path.parent().unwrap(), 0o1777);
        assert!(make(&path).is_ok(), "in a place like /tmp nobody can replace what is not theirs");
    }

    #[test]
    fn what_is_a_link_or_no_folder_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let (target, link, file) =
            (root.path().join("target"), root.path().join("link"), root.path().join("file"));
        make(&target).unwrap();
        symlink(&target, &link).unwrap();
        fs::write(&file, "").unwrap();
        assert!(make(&link).is_err() && make(&file).is_err());
    }
}
