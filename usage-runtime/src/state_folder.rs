//! The folder where a product keeps what must survive the process: its spool, a stored id, a
//! stored choice. Says where it is and whether it is safe to use; what is in it is not its matter.

use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use crate::product::Product;

/// A product's folder, not made yet: `$XDG_STATE_HOME/<product>/usage`, or the platform's like;
/// `None` where no home folder is known.
pub(crate) fn path(product: &Product) -> Option<PathBuf> {
    let platform = etcetera::base_strategy::choose_native_strategy().ok()?;
    let state = platform.state_dir().unwrap_or_else(|| platform.data_dir());
    Some(state.join(product.identifier()).join("usage"))
}

/// Makes the folder where it is missing, for its owner alone.
///
/// # Errors
///
/// When it cannot be made, or is there but not safe: a link, not ours, or writable by others.
pub(crate) fn make(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    if is_safe(path)? { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}

/// Whether the folder is a real folder that belongs to this user and that nobody else can write.
pub(crate) fn is_safe(path: &Path) -> io::Result<bool> {
    let metadata = fs::symlink_metadata(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let ours = metadata.uid() == crate::sys::effective_user();
        let others_write = metadata.mode() & 0o022 != 0;
        Ok(metadata.is_dir() && ours && !others_write)
    }
    #[cfg(not(unix))]
    Ok(metadata.is_dir())
}
