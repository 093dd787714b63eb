//! The spool files that this process appends to: which one is current, when the next begins, how
//! much may wait. Knows nothing of sending.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError};

use super::line::Header;
use super::pause::Pause;
use super::spool::SpoolFile;
use crate::state_folder;

/// A file that would grow beyond this is sealed, and another begins: so a process that runs for
/// months leaves no trail of what it has delivered.
const LARGEST_FILE: u64 = 256 * 1024;
/// What may wait in all files of this process; beyond it, the newest are dropped.
const MOST_UNSETTLED: u64 = 1024 * 1024;

/// This process's files of one product.
pub(super) struct OwnFiles {
    folder: PathBuf,
    header: Header,
    /// Read for the length of one `write`, so that whoever may write to it knows that nobody is
    /// appending. The sender reads it for the length of a copy, and never while it sends.
    files: RwLock<Files>,
    /// After a birth that failed.
    pause: Pause,
}

#[derive(Default)]
struct Files {
    sealed: Vec<Arc<SpoolFile>>,
    current: Option<Arc<SpoolFile>>,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Appended {
    /// It is in a file, and survives this process.
    Yes,
    /// Too much waits already.
    Full,
    /// No file could be written.
    Failed,
}

impl OwnFiles {
    /// Makes nothing yet.
    pub(super) fn new(folder: PathBuf, header: Header) -> Self {
        Self { folder, header, files: RwLock::default(), pause: Pause::new() }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Appends one event, to a new file if need be.
    #[inline]
    pub(super) fn append(&self, event: &(impl AsRef<[u8]> + ?Sized)) -> Appended {
        let event = event.as_ref();
        let length = event.len() as u64;
        // A second turn when the file was full, a third when others filled the next one meanwhile.
        for _ in 0..3 {
            let files = self.read();
            let file = files.with_room_for(length);
            if files.unsettled().saturating_add(length) > MOST_UNSETTLED {
                return Appended::Full;
            }
            if let Some(file) = file {
                return if file.append(event).is_ok() { Appended::Yes } else { Appended::Failed };
            }
            drop(files);
            if !self.begin_another(length) {
                return Appended::Failed;
            }
        }
        Appended::Failed
    }

    /// The files that may hold unsettled events, oldest first.
    pub(super) fn all(&self) -> Vec<Arc<SpoolFile>> {
        let files = self.read();
        files.sealed.iter().chain(&files.current).cloned().collect()
    }

    /// The file that was begun after the `last` one; the oldest where there is no such.
    pub(super) fn after(&self, last: Option<&Arc<SpoolFile>>) -> Option<Arc<SpoolFile>> {
        let files = self.read();
        let all = || files.sealed.iter().chain(&files.current);
        // Without it only those are left that were begun after it, or that nothing waits in.
        let known = last.and_then(|last| all().position(|file| Arc::ptr_eq(file, last)));
        all().nth(known.map_or(0, |place| place.saturating_add(1))).cloned()
    }

    /// Bytes that wait; `None` if that cannot be said without waiting for somebody.
    pub(super) fn unsettled(&self) -> Option<u64> {
        match self.files.try_read() {
            Ok(files) => Some(files.unsettled()),
            Err(TryLockError::Poisoned(files)) => Some(files.into_inner().unsettled()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// Events that wait.
    pub(super) fn waiting(&self) -> u64 {
        self.all().iter().map(|file| file.waiting()).sum()
    }

    /// Unlinks sealed files in which all is settled, and with `current` that one too: then the next
    /// event begins another. Does nothing if somebody is appending.
    pub(super) fn unlink_settled(&self, current: bool) {
        let Some(mut files) = self.write_at_once() else { return };
        files.unlink_sealed();
        if current && files.current.as_ref().is_some_and(|file| file.unsettled() == 0) {
            files.current.take().iter().for_each(|file| file.unlink());
        }
    }

    /// Seals a current file that somebody else removed, as cleaners of old files do: it can still be
    /// sent, but would not survive. The next event begins another.
    pub(super) fn give_up_removed(&self) {
        if let Some(mut files) = self.write_at_once()
            && files.current.as_ref().is_some_and(|file| file.is_removed())
        {
            let removed = files.current.take();
            files.sealed.extend(removed);
        }
    }

    /// Unlinks all files, whatever is in them.
    pub(super) fn discard(&self) {
        let mut files = self.write();
        let Files { sealed, current } = std::mem::take(&mut *files);
        sealed.iter().chain(&current).for_each(|file| file.unlink());
    }

    /// Seals the current file, if it has no room for an event of `length`, and begins another.
    #[cold]
    #[inline(never)]
    fn begin_another(&self, length: u64) -> bool {
        if !self.pause.is_over() {
            return false;
        }
        let mut files = self.write();
        if files.with_room_for(length).is_some() {
            return true;
        }
        let born =
            state_folder::make(&self.folder).and_then(|()| SpoolFile::birth(&self.folder, &self.header));
        let Ok(born) = born else {
            self.pause.begin();
            return false;
        };
        let full = files.current.replace(Arc::new(born));
        files.sealed.extend(full);
        files.unlink_sealed();
        true
    }

    fn read(&self) -> RwLockReadGuard<'_, Files> {
        self.files.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// For writing, unless somebody is appending.
    fn write_at_once(&self) -> Option<RwLockWriteGuard<'_, Files>> {
        match self.files.try_write() {
            Ok(files) => Some(files),
            Err(TryLockError::Poisoned(files)) => Some(files.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    fn write(&self) -> RwLockWriteGuard<'_, Files> {
        self.files.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Files {
    fn unsettled(&self) -> u64 {
        self.sealed.iter().chain(&self.current).map(|file| file.unsettled()).sum()
    }

    fn with_room_for(&self, length: u64) -> Option<&SpoolFile> {
        self.current.as_deref().filter(|file| file.size().saturating_add(length) <= LARGEST_FILE)
    }

    fn unlink_sealed(&mut self) {
        self.sealed.retain(|file| {
            let is_settled = file.unsettled() == 0;
            if is_settled {
                file.unlink();
            }
            !is_settled
        });
    }
}

#[cfg(test)]
#[path = "own_files_tests.rs"]
mod tests;
