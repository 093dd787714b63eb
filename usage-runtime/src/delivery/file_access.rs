//! What std offers for files under another name on each platform.

use std::fs::{File, Metadata};
use std::io;

/// Reads once, from this place on.
pub(super) fn read_at(file: &File, buffer: &mut [u8], from: u64) -> io::Result<usize> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::read_at(file, buffer, from);
    #[cfg(windows)]
    return std::os::windows::fs::FileExt::seek_read(file, buffer, from);
}

/// Writes all of it to this place, or is an error.
pub(super) fn write_at(file: &File, bytes: &[u8], place: u64) -> io::Result<()> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::write_all_at(file, bytes, place);
    #[cfg(windows)]
    return match std::os::windows::fs::FileExt::seek_write(file, bytes, place)? {
        written if written == bytes.len() => Ok(()),
        _ => Err(io::ErrorKind::WriteZero.into()),
    };
}

/// Whether an open file still has a name.
pub(super) fn has_name(metadata: &Metadata) -> bool {
    #[cfg(unix)]
    return std::os::unix::fs::MetadataExt::nlink(metadata) > 0;
    #[cfg(not(unix))]
    metadata.is_file()
}
