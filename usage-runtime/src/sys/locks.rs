//! The lock of a file: held by one process, gone with it, and in nobody's way who only reads or removes the
//! file. That is what std's own is on Unix; on Windows nobody else can read what that has locked.

use std::fs::{File, TryLockError};

/// Takes the lock at once.
///
/// # Errors
///
/// When another process has it, or the file system has no locks.
pub(crate) fn try_lock(file: &File) -> Result<(), TryLockError> {
    #[cfg(not(windows))]
    return file.try_lock();
    #[cfg(windows)]
    return windows::try_lock(file);
}

/// Gives it back, whoever else has the file open.
pub(crate) fn unlock(file: &File) {
    #[cfg(not(windows))]
    let _ = file.unlock();
    #[cfg(windows)]
    windows::unlock(file);
}

/// One byte where no file ever has one stands for all of them.
#[cfg(windows)]
mod windows {
    use std::fs::{File, TryLockError};
    use std::io;
    use std::os::windows::io::AsRawHandle;

    use windows_sys::Win32::Foundation::ERROR_LOCK_VIOLATION;
    use windows_sys::Win32::Storage::FileSystem::{LockFile, UnlockFile};

    const PLACE: (u32, u32) = (u32::MAX, i32::MAX.cast_unsigned());

    pub(super) fn try_lock(file: &File) -> Result<(), TryLockError> {
        // SAFETY: a system call with numbers; the file stays open for the length of it.
        if unsafe { LockFile(file.as_raw_handle(), PLACE.0, PLACE.1, 1, 0) } != 0 {
            return Ok(());
        }
        let error = io::Error::last_os_error();
        let is_taken = error.raw_os_error() == Some(ERROR_LOCK_VIOLATION.cast_signed());
        Err(if is_taken { TryLockError::WouldBlock } else { TryLockError::Error(error) })
    }

    pub(super) fn unlock(file: &File) {
        // SAFETY: as above.
        unsafe { UnlockFile(file.as_raw_handle(), PLACE.0, PLACE.1, 1, 0) };
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn one_alone_has_it_and_who_only_reads_is_not_hindered() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "content").unwrap();
        let open = || File::options().read(true).append(true).open(&path).unwrap();
        let (one, other) = (open(), open());
        try_lock(&one).unwrap();
        assert!(matches!(try_lock(&other), Err(TryLockError::WouldBlock)));
        assert_eq!(fs::read_to_string(&path).unwrap(), "content");
        unlock(&one);
        try_lock(&other).unwrap();
        drop(other);
        try_lock(&one).unwrap();
    }
}
