//! What std offers for files in pieces, or under another name on each platform.

use std::fs::File;
use std::io::{self, Write};

use crate::sys;

/// Reads once, from this place on.
pub(super) fn read_at(file: &File, buffer: &mut [u8], from: u64) -> io::Result<usize> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::read_at(file, buffer, from);
    #[cfg(windows)]
    return std::os::windows::fs::FileExt::seek_read(file, buffer, from);
}

/// All of it in one `write`, or an error: the rest could come behind what another thread writes.
#[inline]
pub(super) fn write_whole(mut file: &File, bytes: &[u8]) -> io::Result<()> {
    if file.write(bytes)? == bytes.len() { Ok(()) } else { Err(io::ErrorKind::WriteZero.into()) }
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

/// Whether somebody removed the name of an open file; not where that cannot be said.
pub(super) fn is_removed(file: &File) -> bool {
    sys::names_and_length(file).is_ok_and(|(has_name, _)| !has_name)
}
