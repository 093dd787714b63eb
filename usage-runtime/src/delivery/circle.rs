//! A file of bounded size in which the newest records take the place of the oldest: written in a circle,
//! so that nothing that was written is ever copied. Any number of processes may add to it. Does not
//! know what a record says, and sends nothing.
//!
//! The first 16 bytes say in digits where the next record goes. What stands before that place is newer
//! than what stands behind it; there the end of a record may stand that was partly overwritten.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::file_access::{is_removed, read_at, write_at};
use crate::{small_file, sys};

/// What the file may hold.
pub(super) const MOST_BYTES: u64 = 64 * 1024;
/// What is before the first record.
const HEAD: usize = 16;
const BEGINNING: u64 = HEAD as u64;
/// How often another process is given a moment for the record that it adds.
const MOST_MOMENTS: u32 = 20;
const MOMENT: Duration = Duration::from_millis(1);

/// The file, open.
pub(super) struct Circle {
    file: File,
    path: PathBuf,
}

impl Circle {
    /// Opens the file, if there is one.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Self::with(path, &mut options())
    }

    /// Makes the file, or opens the one that somebody else made meanwhile.
    pub(super) fn make(path: &Path) -> io::Result<Self> {
        Self::with(path, options().create(true))
    }

    /// Adds a record.
    ///
    /// # Errors
    ///
    /// When it cannot be written; what is left of the file then is an older record at least.
    pub(super) fn add(&self, record: &[u8]) -> io::Result<()> {
        let length = record.len() as u64;
        if BEGINNING.saturating_add(length) > MOST_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let _lock = self.lock()?;
        let mut begin = self.next_place();
        if begin.saturating_add(length) > MOST_BYTES {
            // What stands behind is older than all that the circle begins with.
            if sys::names_and_length(&self.file)?.1 > begin {
                self.file.set_len(begin)?;
            }
            begin = BEGINNING;
        }
        write_at(&self.file, record, begin)?;
        // Not before: a process that ends in between leaves the record to be overwritten.
        write_at(&self.file, &place(begin.saturating_add(length)), 0)
    }

    /// Whether somebody removed the file: what is added is for nobody then.
    pub(super) fn is_removed(&self) -> bool {
        is_removed(&self.file)
    }

    /// Removes the file.
    pub(super) fn remove(&self) -> io::Result<()> {
        fs::remove_file(&self.path)
    }

    fn with(path: &Path, options: &mut OpenOptions) -> io::Result<Self> {
        let file = options.open(path)?;
        let is_regular = file.metadata()?.is_file();
        // To look where the next record goes would else be written down each time.
        sys::read_without_a_trace(&file);
        is_regular
            .then(|| Self { file, path: path.to_owned() })
            .ok_or_else(|| io::ErrorKind::InvalidInput.into())
    }

    /// For as long as the value lives no other process adds anything.
    fn lock(&self) -> io::Result<Lock<'_>> {
        for _ in 0..MOST_MOMENTS {
            match sys::try_lock(&self.file) {
                // Where there are no locks, records of two processes may mix.
                Ok(()) | Err(TryLockError::Error(_)) => return Ok(Lock(&self.file)),
                Err(TryLockError::WouldBlock) => thread::sleep(MOMENT),
            }
        }
        Err(io::ErrorKind::WouldBlock.into())
    }

    /// Where the next record goes.
    fn next_place(&self) -> u64 {
        let mut head = [0; HEAD];
        let is_read = read_at(&self.file, &mut head, 0).is_ok_and(|read| read == head.len());
        is_read.then_some(head).and_then(|head| parse(&head)).unwrap_or(BEGINNING)
    }
}

/// Everything in the file at `path`, the oldest first, with a line break more before what the circle
/// begins with; nothing where nothing can be read.
pub(super) fn read(path: &Path) -> Vec<u8> {
    let content = small_file::read(path, MOST_BYTES).ok().flatten().unwrap_or_default();
    let Some((head, _)) = content.split_first_chunk() else { return Vec::new() };
    let next = parse(head).and_then(|next| usize::try_from(next).ok());
    let next = next.unwrap_or(head.len()).min(content.len());
    let (newer, older) = content.split_at(next);
    [older, b"\n", newer.get(head.len()..).unwrap_or_default()].concat()
}

/// The first bytes of a file in which the next record goes to this place.
fn place(next: u64) -> [u8; HEAD] {
    format!("{next:015}\n").into_bytes().try_into().unwrap_or([b'0'; HEAD])
}

fn parse(head: &[u8; HEAD]) -> Option<u64> {
    let digits = str::from_utf8(head).ok()?.strip_suffix('\n')?;
    digits.parse().ok().filter(|place| (BEGINNING..=MOST_BYTES).contains(place))
}

/// For reading and writing, by its owner alone, never through a link, and without waiting for a pipe.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600).custom_flags(sys::NO_WAIT | sys::NO_FOLLOW);
    }
    options
}

/// Gives the lock back, for certain: a child that was forked meanwhile shares it.
struct Lock<'a>(&'a File);

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        sys::unlock(self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Folder;
    use super::*;

    fn lines(path: &Path) -> Vec<String> {
        let text = String::from_utf8(read(path)).unwrap();
        text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    fn add(circle: &Circle, line: &str) {
        circle.add(format!("{line}\n").as_bytes()).unwrap();
    }

    #[test]
    fn records_are_read_in_the_order_in_which_they_came() {
        let folder = Folder::new();
        let path = folder.path().join("circle");
        assert!(Circle::open(&path).is_err() && read(&path).is_empty());
        let circle = Circle::make(&path).unwrap();
        add(&circle, "a");
        add(&circle, "b");
        add(&Circle::open(&path).unwrap(), "c");
        assert_eq!(lines(&path), ["a", "b", "c"]);
    }

    #[test]
    fn the_newest_are_kept_within_the_bound_whatever_their_lengths() {
        let folder = Folder::new();
        let path = folder.path().join("circle");
        let circle = Circle::make(&path).unwrap();
        for number in 0..500_usize {
            let line = format!("{number} {}", "x".repeat(number * 7919 % 12_000));
            add(&circle, &line);
            assert!(fs::metadata(&path).unwrap().len() <= MOST_BYTES);
            let kept = lines(&path);
            assert_eq!(kept.last(), Some(&line));
            // All but what is left of one that was overwritten.
            let numbers: Vec<usize> =
                kept.iter().filter_map(|line| line.split_once(' ')?.0.parse().ok()).collect();
            let expected: Vec<_> = (number + 1 - numbers.len()..=number).collect();
            assert_eq!(numbers, expected);
            let bytes: usize = kept.iter().map(|line| line.len() + 1).sum();
            assert!(number < 30 || bytes > 40_000, "{bytes}");
        }
    }

    #[test]
    fn a_record_that_never_fits_is_refused_and_harms_nothing() {
        let folder = Folder::new();
        let path = folder.path().join("circle");
        let circle = Circle::make(&path).unwrap();
        add(&circle, "a");
        assert!(circle.add(&vec![b'x'; 64 * 1024 - 15]).is_err());
        assert!(circle.add(&vec![b'x'; 64 * 1024 - 16]).is_ok());
        add(&circle, "b");
        assert_eq!(lines(&path).last().map(String::as_str), Some("b"));
    }

    #[test]
    fn what_several_add_at_once_is_neither_mixed_nor_lost() {
        const EACH: usize = 2000;
        let folder = Folder::new();
        let path = folder.path().join("circle");
        drop(Circle::make(&path).unwrap());
        let begin = std::sync::Barrier::new(4);
        thread::scope(|scope| {
            for writer in 0..4 {
                let begin = &begin;
                let circle = Circle::open(&path).unwrap();
                let line = move |number| format!("{writer} {number} {}", "x".repeat(97 * number % 500));
                scope.spawn(move || {
                    begin.wait();
                    // Waits for its turn for as long as it takes: that it may give up is not the matter here.
                    (0..EACH).for_each(|n| while circle.add(format!("{}\n", line(n)).as_bytes()).is_err() {});
                });
            }
        });
        let kept = lines(&path);
        // Which of them are newest, nobody knows; of each writer it is the last ones, without a gap.
        for writer in 0..4 {
            let prefix = format!("{writer} ");
            let of_it: Vec<_> = kept.iter().skip(1).filter_map(|line| line.strip_prefix(&prefix)).collect();
            let numbers: Vec<usize> =
                of_it.iter().map(|line| line.split_once(' ').unwrap().0.parse().unwrap()).collect();
            assert_eq!(numbers, (EACH - numbers.len()..EACH).collect::<Vec<_>>());
            assert!(of_it.iter().all(|line| {
                let (number, rest) = line.split_once(' ').unwrap();
                rest == "x".repeat(97 * number.parse::<usize>().unwrap() % 500)
            }));
        }
        let bytes: usize = kept.iter().map(|line| line.len() + 1).sum();
        assert!(bytes > 60_000, "{bytes}");
    }

    #[test]
    fn whoever_adds_meanwhile_is_waited_for_but_not_for_ever() {
        let folder = Folder::new();
        let path = folder.path().join("circle");
        let (circle, other) = (Circle::make(&path).unwrap(), Circle::open(&path).unwrap());
        add(&circle, "a");
        let held = other.lock().unwrap();
        assert!(circle.add(b"b\n").is_err());
        assert_eq!(lines(&path), ["a"]);
        thread::scope(|scope| {
            // Under a heavy load it may give up once more.
            scope.spawn(|| while circle.add(b"c\n").is_err() {});
            thread::sleep(MOMENT * 3);
            drop(held);
        });
        assert_eq!(lines(&path), ["a", "c"]);
    }

    #[test]
    fn junk_in_its_place_is_written_over() {
        let folder = Folder::new();
        let path = folder.path().join("circle");
        for junk in ["", "junk", "999999999999999\n", "000000000000003\nabc", "not a number at all\n"] {
            fs::write(&path, junk).unwrap();
            assert!(read(&path).len() <= junk.len());
            add(&Circle::open(&path).unwrap(), "a");
            assert_eq!(lines(&path).last().map(String::as_str), Some("a"), "{junk:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_regular_file_is_left_alone() {
        let folder = Folder::new();
        let (pipe, link) = (folder.path().join("pipe"), folder.path().join("link"));
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        std::os::unix::fs::symlink(folder.path().join("target"), &link).unwrap();
        for path in [&pipe, &link, &folder.path().to_owned()] {
            assert!(Circle::make(path).is_err() && read(path).is_empty());
        }
    }
}
