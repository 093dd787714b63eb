//! What lies in the spool folder: the files of processes that are gone, in their turn, and the
//! bounds that hold over all of them. Reads no event.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::receipts;
use super::spool::{COMPLETE, SpoolFile, UNBORN};
use crate::kept_file;
use crate::state_folder;

/// Events older than this are of no use to anyone.
const OLDEST: Duration = Duration::from_secs(7 * 24 * 3600);
/// A file that is being born for longer than this has lost its process.
const LONGEST_BIRTH: Duration = Duration::from_secs(3600);
/// What all files of a product may take together; beyond it, the oldest go first.
const MOST_BYTES: u64 = 8 * 1024 * 1024;
const MOST_FILES: usize = 1000;

struct Entry {
    path: PathBuf,
    modified: SystemTime,
    /// When somebody last tried to send it.
    tried: SystemTime,
    bytes: u64,
}

/// Removes what is too old or too much, and what was never born. Files of processes that live are
/// locked, and stay.
pub(super) fn tidy(folder: &Path, now: SystemTime) {
    let is_older = |entry: &Entry, age| now.duration_since(entry.modified).is_ok_and(|actual| actual > age);
    for entry in entries(folder, UNBORN) {
        if is_older(&entry, LONGEST_BIRTH) {
            remove(&entry.path);
        }
    }
    let (mut bytes, mut files) = (0_u64, 0_usize);
    // From the newest to the oldest: what no longer fits is older than all that does.
    for entry in entries(folder, COMPLETE).iter().rev() {
        bytes = bytes.saturating_add(entry.bytes);
        files = files.saturating_add(1);
        if is_older(entry, OLDEST) || bytes > MOST_BYTES || files > MOST_FILES {
            remove(&entry.path);
        }
    }
}

/// The complete files, that which was tried longest ago first: one that fails each time takes no
/// other's turn. Whether their owners live is not known yet.
pub(super) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut entries = entries(folder, COMPLETE);
    entries.sort_by_key(|entry| (entry.tried, entry.modified));
    entries.into_iter().map(|entry| entry.path).collect()
}

/// Removes all events, be it under the hands of a process that lives: it asks for consent before it sends
/// what it still holds.
pub(super) fn remove_events(folder: &Path) -> io::Result<()> {
    remove_all(folder, &[])
}

/// Removes the receipts, too.
pub(super) fn clear(folder: &Path) -> io::Result<()> {
    remove_all(folder, &[receipts::FILE])
}

fn remove_all(folder: &Path, others: &[&str]) -> io::Result<()> {
    match state_folder::is_safe(folder) {
        Ok(true) => {}
        Ok(false) => return Err(io::ErrorKind::PermissionDenied.into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    }
    let events = [UNBORN, COMPLETE].into_iter().flat_map(|extension| entries(folder, extension));
    let paths = events.map(|entry| entry.path).chain(others.iter().map(|name| folder.join(name)));
    // All that can be removed is, even if one cannot.
    paths.map(|path| kept_file::remove(&path)).fold(Ok(()), io::Result::and)
}

/// From the oldest to the newest. Nothing in a folder that is not ours alone: it may be somebody else's
/// data that lies there, or something that somebody wants us to send.
fn entries(folder: &Path, extension: &str) -> Vec<Entry> {
    if !state_folder::is_safe(folder).unwrap_or(false) {
        return Vec::new();
    }
    let Ok(listing) = fs::read_dir(folder) else { return Vec::new() };
    let mut entries: Vec<Entry> = listing
        .filter_map(Result::ok)
        .filter(|entry| Path::new(&entry.file_name()).extension().is_some_and(|found| found == extension))
        .filter_map(|entry| {
            let metadata = entry.metadata().ok()?;
            let modified = metadata.modified().ok()?;
            let tried = metadata.accessed().unwrap_or(modified);
            Some(Entry { path: entry.path(), modified, tried, bytes: metadata.len() })
        })
        .collect();
    entries.sort_by_key(|entry| entry.modified);
    entries
}

/// Removes a file whose process is gone.
fn remove(path: &Path) {
    if let Some(_lock) = SpoolFile::lock(path) {
        let _ = fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Folder, header};
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn write(folder: &Folder, name: &str, bytes: u64, modified: SystemTime) {
        let file = fs::File::create(folder.path().join(name)).unwrap();
        file.set_len(bytes).unwrap();
        file.set_times(fs::FileTimes::new().set_modified(modified).set_accessed(modified)).unwrap();
    }

    #[test]
    fn files_come_oldest_first_and_nothing_else_comes() {
        let folder = Folder::new();
        let now = SystemTime::now();
        write(&folder, "b.jsonl", 1, now - HOUR);
        write(&folder, "a.jsonl", 1, now);
        write(&folder, "gate", 1, now);
        write(&folder, "c.new", 1, now);
        let files = files(folder.path());
        assert_eq!(files, [folder.path().join("b.jsonl"), folder.path().join("a.jsonl")]);
    }

    #[test]
    fn a_file_that_was_tried_comes_after_all_that_were_not_and_is_no_younger_for_it() {
        let folder = Folder::new();
        let now = SystemTime::now();
        let tried = SpoolFile::birth(folder.path(), &header()).unwrap();
        let path = files(folder.path()).remove(0);
        write(&folder, "other.jsonl", 1, now - HOUR);
        let old = fs::FileTimes::new().set_modified(now - 2 * HOUR).set_accessed(now - 2 * HOUR);
        fs::File::options().append(true).open(&path).unwrap().set_times(old).unwrap();
        assert_eq!(files(folder.path())[0], path);
        tried.mark_tried(now);
        assert_eq!(files(folder.path())[1], path);
        assert_eq!(fs::metadata(path).unwrap().modified().unwrap(), now - 2 * HOUR);
    }

    #[test]
    fn what_is_a_week_old_goes_and_what_comes_from_the_future_stays() {
        let folder = Folder::new();
        let now = SystemTime::now();
        write(&folder, "old.jsonl", 1, now - 8 * 24 * HOUR);
        write(&folder, "recent.jsonl", 1, now - 6 * 24 * HOUR);
        write(&folder, "future.jsonl", 1, now + 24 * HOUR);
        tidy(folder.path(), now);
        assert_eq!(folder.names(), ["future.jsonl", "recent.jsonl"]);
    }

    #[test]
    fn what_was_never_born_goes_after_an_hour() {
        let folder = Folder::new();
        let now = SystemTime::now();
        write(&folder, "old.new", 1, now - 2 * HOUR);
        write(&folder, "young.new", 1, now);
        tidy(folder.path(), now);
        assert_eq!(folder.names(), ["young.new"]);
    }

    #[test]
    fn the_oldest_go_when_all_together_are_too_much() {
        let folder = Folder::new();
        let now = SystemTime::now();
        for hours in 0..5 {
            write(&folder, &format!("{hours}.jsonl"), 3 * 1024 * 1024, now - HOUR * hours);
        }
        tidy(folder.path(), now);
        assert_eq!(folder.names(), ["0.jsonl", "1.jsonl"]);
    }

    #[test]
    fn the_number_of_files_is_bounded() {
        let folder = Folder::new();
        for number in 0..MOST_FILES + 5 {
            write(&folder, &format!("{number}.jsonl"), 0, SystemTime::now());
        }
        tidy(folder.path(), SystemTime::now());
        assert_eq!(folder.names().len(), MOST_FILES);
    }

    #[test]
    fn the_file_of_a_process_that_lives_stays_however_old() {
        let folder = Folder::new();
        let alive = SpoolFile::birth(folder.path(), &header()).unwrap();
        tidy(folder.path(), SystemTime::now() + 30 * 24 * HOUR);
        assert_eq!(folder.names().len(), 1);
        drop(alive);
        tidy(folder.path(), SystemTime::now() + 30 * 24 * HOUR);
        assert_eq!(folder.names(), [""; 0]);
    }
}
