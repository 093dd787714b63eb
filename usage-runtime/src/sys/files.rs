//! Open files by their descriptors: a host may close ours, and a forked child inherits them.

#[cfg(unix)]
use std::mem;
use std::{fs, io};

/// The same file under a number that the kernel gives to nobody by itself before hundreds of others are
/// taken, if this process may have so many. A host that closes all that it does not know, and opens its
/// own, then has no file where we write: we fail instead.
pub(crate) fn out_of_the_way(file: fs::File) -> fs::File {
    #[cfg(unix)]
    {
        use std::os::fd::{AsRawFd, FromRawFd};
        // Of the usual limits of 1024 and of 256 the larger half.
        for first in [512, 128] {
            // SAFETY: a system call with numbers; the file stays open for the length of it.
            let other = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_DUPFD_CLOEXEC, first) };
            if other >= first {
                // SAFETY: the kernel has just made it, and nobody else knows of it.
                return unsafe { fs::File::from_raw_fd(other) };
            }
        }
    }
    file
}

/// An open file as the kernel knows it: by its number in this process, and by its number on the disk.
/// None where no child can inherit it.
#[cfg_attr(unix, allow(clippy::unnecessary_wraps, reason = "elsewhere there is none"))]
pub(crate) fn descriptor(file: &fs::File) -> Option<(i32, u64)> {
    #[cfg(unix)]
    {
        let descriptor = std::os::fd::AsRawFd::as_raw_fd(file);
        inode(descriptor).map(|inode| (descriptor, inode))
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        None
    }
}

#[cfg(unix)]
fn inode(descriptor: i32) -> Option<u64> {
    let mut status = mem::MaybeUninit::<libc::stat>::uninit();
    // SAFETY: `status` is a place for the kernel to write to for the length of the call.
    let is_known = unsafe { libc::fstat(descriptor, status.as_mut_ptr()) } == 0;
    #[allow(clippy::useless_conversion, reason = "some platforms have 32 bits for it")]
    // SAFETY: the call has filled it, as it says.
    is_known.then(|| unsafe { status.assume_init() }.st_ino.into())
}

/// Closes a descriptor that a forked child has inherited, if it still is this file: the host may have
/// closed all that it did not know, and opened its own. What stands for the file in the child's memory
/// belongs to its parent, and is never used nor dropped there. Calls nothing but the kernel.
pub(crate) fn close_inherited(descriptor: i32, inode: u64) {
    #[cfg(unix)]
    if self::inode(descriptor) == Some(inode) {
        // SAFETY: a system call with a number; nobody else in this process has this file.
        unsafe { libc::close(descriptor) };
    }
    #[cfg(not(unix))]
    let _ = (descriptor, inode);
}

/// Whether an open file still has a name, and how long it is. Its times are not asked for where that can
/// be: Linux writes them down anew at the next change after somebody saw them, and else some hundred times a
/// second at most.
pub(crate) fn names_and_length(file: &fs::File) -> io::Result<(bool, u64)> {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        const WANTED: u32 = libc::STATX_NLINK | libc::STATX_SIZE;
        let descriptor = std::os::fd::AsRawFd::as_raw_fd(file);
        let mut status = mem::MaybeUninit::<libc::statx>::uninit();
        // SAFETY: the path is an empty string, which stands for the descriptor, and `status` a place for the
        // kernel to write to for the length of the call.
        let failed = unsafe {
            libc::statx(descriptor, c"".as_ptr(), libc::AT_EMPTY_PATH, WANTED, status.as_mut_ptr())
        };
        if failed == 0 {
            // SAFETY: the call has filled it, as it says.
            let status = unsafe { status.assume_init() };
            return Ok((status.stx_nlink > 0, status.stx_size));
        }
    }
    let metadata = file.metadata()?;
    #[cfg(unix)]
    let has_name = std::os::unix::fs::MetadataExt::nlink(&metadata) > 0;
    #[cfg(windows)]
    let has_name = has_name(file)?;
    #[cfg(not(any(unix, windows)))]
    let has_name = metadata.is_file();
    Ok((has_name, metadata.len()))
}

#[cfg(windows)]
fn has_name(file: &fs::File) -> io::Result<bool> {
    use windows_sys::Win32::Storage::FileSystem::{
        FILE_STANDARD_INFO, FileStandardInfo, GetFileInformationByHandleEx,
    };
    let mut known = FILE_STANDARD_INFO::default();
    let handle = std::os::windows::io::AsRawHandle::as_raw_handle(file);
    let length = u32::try_from(size_of_val(&known)).unwrap_or_default();
    // SAFETY: the file stays open, and `known` is a place of that length to write to, for the length of the
    // call.
    let is_known =
        unsafe { GetFileInformationByHandleEx(handle, FileStandardInfo, (&raw mut known).cast(), length) };
    // One that is removed while it is open may keep its name until everybody has closed it.
    if is_known != 0 {
        Ok(known.NumberOfLinks > 0 && !known.DeletePending)
    } else {
        Err(io::Error::last_os_error())
    }
}

/// Has the file system not write down when the file was read, which is a change to the disk of its own.
/// What is not this user's stays as it is.
pub(crate) fn read_without_a_trace(file: &fs::File) {
    #[cfg(target_os = "linux")]
    {
        let descriptor = std::os::fd::AsRawFd::as_raw_fd(file);
        // SAFETY: system calls with numbers; the file stays open for the length of them.
        unsafe {
            let flags = libc::fcntl(descriptor, libc::F_GETFL);
            if flags >= 0 {
                libc::fcntl(descriptor, libc::F_SETFL, flags | libc::O_NOATIME);
            }
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = file;
}

/// The flags that have `open` not wait for the other end of a pipe, nor take a terminal.
#[cfg(unix)]
pub(crate) const NO_WAIT: i32 = libc::O_NONBLOCK | libc::O_NOCTTY;

/// The flag that has `open` refuse a link.
#[cfg(unix)]
pub(crate) const NO_FOLLOW: i32 = libc::O_NOFOLLOW;

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_is_read_without_a_trace_keeps_the_time_of_its_last_access() {
        use std::io::{Read, Seek, Write};
        let mut file = tempfile::tempfile().unwrap();
        read_without_a_trace(&file);
        file.write_all(b"content").unwrap();
        // Older than the last change: this is what a reading sets anew where it sets anything.
        let before = std::time::SystemTime::UNIX_EPOCH;
        file.set_times(fs::FileTimes::new().set_accessed(before)).unwrap();
        file.rewind().unwrap();
        assert_eq!(file.read_to_string(&mut String::new()).unwrap(), 7);
        assert_eq!(file.metadata().unwrap().accessed().unwrap(), before);
    }

    #[test]
    fn an_open_file_has_a_name_until_that_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "content").unwrap();
        let file = fs::File::open(&path).unwrap();
        assert_eq!(names_and_length(&file).unwrap(), (true, 7));
        fs::remove_file(&path).unwrap();
        assert_eq!(names_and_length(&file).unwrap(), (false, 7));
    }

    #[test]
    fn a_descriptor_that_is_another_files_by_now_is_not_closed() {
        let file = tempfile::tempfile().unwrap();
        let known = descriptor(&file).unwrap();
        close_inherited(known.0, known.1.wrapping_add(1));
        assert_eq!(descriptor(&file), Some(known));
        close_inherited(std::os::fd::IntoRawFd::into_raw_fd(file), known.1);
    }
}
