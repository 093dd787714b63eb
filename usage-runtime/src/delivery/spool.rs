//! The spool: a file is the queue. This file is the whole protocol of one spool file; it decides
//! neither when a file is written nor when it is sent.
//!
//! | step | what is done | what a crash before the next step leaves |
//! |---|---|---|
//! | birth | create `<id>.new`, lock it, write the header, rename it to `<id>.jsonl` | a `.new` file without events, swept up after an hour |
//! | append | one `write` of one line at the end of the file | nothing, or a torn last line, which is dropped |
//! | settle | append `{"sent":N}` after the server has taken everything before byte N | events that are sent again, with the same message ids |
//! | seal | the owner begins another file and appends to this one no more | a file like any other |
//! | adopt | open, try the lock, check that the file still has a name, read the header | nothing: the lock dies with its process |
//! | try | set the time of the last access to now, before the first request | nothing: the others come first next time |
//! | unlink | remove the name, under the lock, when all is settled | nothing |
//!
//! The lock (`flock`) says that the owner lives, and is the only thing that says so: process ids
//! are reused, and containers that share a folder do not share them. It is taken before the file
//! has its final name, so no adopter ever finds a file between its creation and its lock. An
//! adopter that waited for the lock while another one finished the file finds it without a name.
//! A child that was forked would inherit the lock, so it closes its parent's files first of all; where it
//! was made past the C library, it keeps the lock for as long as it lives.

use std::fs::{self, File, FileTimes, OpenOptions};
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::SystemTime;

use super::file_access::{is_removed, write_whole};
use super::ids::QueueId;
use super::line::{self, Header, Line, Place};
use super::locked_file::LockedFile;
use super::queue::{Queue, Reader, Tally, Waiting};
use super::shape::Shapes;
use super::window::LONGEST_LINE;
use crate::state_folder::LARGEST_FILE;
use crate::sys;

/// How the name of a complete file ends, and that of one being born.
pub(super) const COMPLETE: &str = "jsonl";
pub(crate) const UNBORN: &str = "new";

/// One spool file, locked by this process for as long as the value lives.
pub(super) struct SpoolFile {
    file: LockedFile,
    path: PathBuf,
    id: QueueId,
    /// Bytes in the file, as far as this process wrote them.
    size: AtomicU64,
    /// Events that this process appended, and how many of these are settled.
    appended: Tally,
    settled: Tally,
    /// Up to this byte there is nothing left to send.
    sent: AtomicU64,
    /// Whether the file says where its process ran.
    has_place: AtomicBool,
    /// Held for the length of a `write`, where nothing is promised for two that append at once.
    #[cfg(not(unix))]
    turn: std::sync::Mutex<()>,
}

/// What an adopter learns about the process that recorded a file.
pub(super) struct Adopted {
    pub(super) file: SpoolFile,
    pub(super) header: Header,
    pub(super) place: Option<Place>,
}

impl SpoolFile {
    /// Birth: makes this process's file in `folder`.
    pub(super) fn birth(folder: &Path, header: &Header) -> io::Result<Self> {
        let id = QueueId::random().ok_or(io::ErrorKind::Unsupported)?;
        let unborn = folder.join(format!("{id}.{UNBORN}"));
        let path = folder.join(format!("{id}.{COMPLETE}"));
        let file = options().create_new(true).open(&unborn)?;
        let first = header.to_line(id);
        let born = sys::try_lock(&file)
            .map_err(io::Error::from)
            .and_then(|()| write_whole(&file, first.as_bytes()))
            .and_then(|()| fs::rename(&unborn, &path));
        if let Err(error) = born {
            let _ = fs::remove_file(&unborn);
            return Err(error);
        }
        Ok(Self::new(file, path, id, first.len() as u64))
    }

    /// Append: one event, in one `write` on the calling thread, with the end of its line, which may be
    /// there already. Other threads may append at the same time; the kernel orders the writes, or else a lock.
    pub(super) fn append(&self, event: &(impl AsRef<[u8]> + ?Sized)) -> io::Result<()> {
        let event = event.as_ref();
        if !event.ends_with(b"\n") {
            return self.append(&[event, b"\n"].concat());
        }
        self.write(event)?;
        let written = event.len() as u64;
        self.size.fetch_add(written, Ordering::Relaxed);
        // Not before: whoever sees the new numbers must find the event in the file.
        self.appended.add(1, written);
        Ok(())
    }

    /// Says once where this process ran, for whoever may have to adopt the file. Before the first reading,
    /// which from now on leaves alone the time that tells when a file was tried.
    pub(super) fn describe(&self, place: &Place) {
        if !self.has_place.swap(true, Ordering::Relaxed) {
            sys::read_without_a_trace(&self.file);
            self.note(&place.to_line());
        }
    }

    /// Adopt: takes over the file of a process that is gone. `None` if its owner lives, if it is
    /// finished already, or if it is not ours to take; a file that no process of ours can ever have
    /// completed is removed. `wanted` says whether the header is that of the adopter's product.
    pub(super) fn adopt(path: &Path, wanted: impl FnOnce(&Header) -> bool) -> Option<Adopted> {
        let file = Self::lock(path)?;
        sys::read_without_a_trace(&file);
        let mut content = Vec::new();
        (&file).take(LARGEST_FILE).read_to_end(&mut content).ok()?;
        let mut lines = content.split(|byte| *byte == b'\n');
        let first = lines.next().unwrap_or_default();
        let Some((id, header)) = Header::parse(first) else {
            // A newer version's file is left to it.
            if !Header::is_any(first) {
                let _ = fs::remove_file(path);
            }
            return None;
        };
        let (mut sent, mut place) = (0, None);
        for line in lines {
            match line::read(line) {
                Line::Sent(end) => sent = end.max(sent),
                Line::Environment(found) => place = Some(found),
                Line::Event { .. } | Line::Other => {}
            }
        }
        let file = Self::new(file, path.to_owned(), id, content.len() as u64);
        file.sent.store(sent, Ordering::Relaxed);
        wanted(&header).then_some(Adopted { file, header, place })
    }

    /// The lock of a file whose owner is gone, and that still has a name.
    pub(super) fn lock(path: &Path) -> Option<File> {
        options().open(path).ok().and_then(locked)
    }

    /// Try: from now on files that were tried before `now` come first. The time of the last change
    /// stays, for the age of the events is told by that.
    pub(super) fn mark_tried(&self, now: SystemTime) {
        let _ = self.file.set_times(FileTimes::new().set_accessed(now));
    }

    /// Unlink: removes the file's name. Done under the lock, which goes with the value.
    pub(super) fn unlink(&self) {
        let _ = fs::remove_file(&self.path);
    }

    /// Bytes of this process's events that are not settled.
    pub(super) fn unsettled(&self) -> u64 {
        self.appended.bytes().saturating_sub(self.settled.bytes())
    }

    /// This process's events that are not settled.
    pub(super) fn waiting(&self) -> u64 {
        self.appended.get().0.saturating_sub(self.settled.get().0)
    }

    /// Whether somebody else removed the file: then what is appended does not survive the process.
    pub(super) fn is_removed(&self) -> bool {
        is_removed(&self.file)
    }

    /// Bytes in the file.
    pub(super) fn size(&self) -> u64 {
        self.size.load(Ordering::Relaxed)
    }

    fn new(file: File, path: PathBuf, id: QueueId, size: u64) -> Self {
        Self {
            file: LockedFile::new(file),
            path,
            id,
            size: AtomicU64::new(size),
            appended: Tally::default(),
            settled: Tally::default(),
            sent: AtomicU64::new(0),
            has_place: AtomicBool::new(false),
            #[cfg(not(unix))]
            turn: std::sync::Mutex::new(()),
        }
    }

    /// One line, behind all others.
    #[inline]
    fn write(&self, line: &[u8]) -> io::Result<()> {
        #[cfg(not(unix))]
        let _turn = self.turn.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        write_whole(&self.file, line)
    }

    /// Appends a line of our own book-keeping. Failing is no harm: then more is sent again.
    fn note(&self, line: &str) {
        if self.write(line.as_bytes()).is_ok() {
            self.size.fetch_add(line.len() as u64, Ordering::Relaxed);
        }
    }
}

impl Queue for SpoolFile {
    fn id(&self) -> QueueId {
        self.id
    }

    fn next(&self, reader: &mut Reader, take: &mut dyn FnMut(&Waiting<'_>) -> bool) -> io::Result<()> {
        // Read before the file: what this process appended until now is in it.
        let appended = self.appended.get();
        let mut from = self.sent.load(Ordering::Relaxed);
        let Reader { window, shapes } = reader;
        let mut is_any = false;
        // Whatever `size` says: other threads write first and count then.
        loop {
            let shown = show(window.from(from), from, shapes, &mut |event| {
                is_any = true;
                take(event)
            });
            let ControlFlow::Continue(consumed) = shown else { return Ok(()) };
            from = from.saturating_add(consumed);
            let rest = window.from(from).len();
            if rest >= LONGEST_LINE {
                // So much without an end of line is not ours: skipped.
                from = from.saturating_add(rest as u64);
            }
            if !window.read_on(&self.file, from)? {
                break;
            }
        }
        if !is_any {
            self.sent.store(from, Ordering::Relaxed);
            // More than was settled only if someone took it out of the file.
            self.settled.reach(appended);
        }
        Ok(())
    }

    fn settle(&self, end: u64, events: u64, bytes: u64) {
        self.sent.store(end, Ordering::Relaxed);
        self.settled.add(events, bytes);
        self.note(&line::sent(end));
    }
}

/// Shows the events of the complete lines in `chunk`, which starts at byte `from` of the file, while
/// there is room for them; then tells how many bytes were looked at.
fn show(
    chunk: &[u8],
    from: u64,
    shapes: &mut Shapes,
    take: &mut dyn FnMut(&Waiting<'_>) -> bool,
) -> ControlFlow<(), u64> {
    let mut consumed = 0_usize;
    while let Some((line, length)) = chunk.get(consumed..).and_then(|rest| line::first(rest, shapes)) {
        let begin = from.saturating_add(consumed as u64);
        consumed = consumed.saturating_add(length);
        if let Line::Event { start, event, is_whole } = line {
            let (position, end) = (begin.saturating_add(start as u64), from.saturating_add(consumed as u64));
            if !take(&Waiting { position, end, line: event, is_whole }) {
                return ControlFlow::Break(());
            }
        }
    }
    ControlFlow::Continue(consumed as u64)
}

/// The file with its lock; `None` if somebody has that, or finished the file between its opening and
/// its locking.
fn locked(file: File) -> Option<File> {
    let is_regular = file.metadata().ok()?.is_file();
    let is_locked = is_regular && sys::try_lock(&file).is_ok();
    (is_locked && sys::names_and_length(&file).is_ok_and(|(has_name, _)| has_name)).then_some(file)
}

/// For reading and appending, by its owner alone, never through a link.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600).custom_flags(sys::NO_FOLLOW);
    }
    options
}

#[cfg(test)]
#[path = "spool_tests.rs"]
mod tests;
