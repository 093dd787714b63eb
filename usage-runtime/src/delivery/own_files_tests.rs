//! Tests of rotation and of the bounds of one process.

use std::sync::atomic::{AtomicBool, Ordering};

use super::super::queue::Queue;
use super::super::testing::{Folder, event, header, next};
use super::*;

fn own_files(folder: &Folder) -> OwnFiles {
    OwnFiles::new(folder.path().join("usage"), header())
}

fn spools(folder: &Folder) -> usize {
    std::fs::read_dir(folder.path().join("usage")).map_or(0, Iterator::count)
}

/// Takes all that waits, as the sender does.
fn take_all(files: &OwnFiles) -> Vec<String> {
    let mut taken = Vec::new();
    for file in files.all() {
        loop {
            let waiting = next(&*file, 100);
            let Some(last) = waiting.last() else { break };
            file.settle(
                last.end,
                waiting.len() as u64,
                waiting.iter().map(|event| event.line.len() as u64 + 1).sum(),
            );
            taken.extend(waiting.into_iter().map(|event| event.line));
        }
    }
    files.unlink_settled(false);
    taken
}

#[test]
fn nothing_is_made_before_the_first_event() {
    let folder = Folder::new();
    let files = own_files(&folder);
    files.discard();
    files.unlink_settled(true);
    assert_eq!(folder.names(), [""; 0]);
    assert_eq!(files.append(&event("a")), Appended::Yes);
    assert_eq!(spools(&folder), 1);
}

#[test]
fn beyond_the_cap_the_newest_are_refused_until_some_are_settled() {
    let folder = Folder::new();
    let files = own_files(&folder);
    let event = event(&"x".repeat(1000));
    let kept = (0..2000).filter(|_| files.append(&event) == Appended::Yes).count() as u64;
    let size = event.len() as u64 + 1;
    assert!(kept * size <= MOST_UNSETTLED && (kept + 2) * size > MOST_UNSETTLED, "{kept}");
    assert_eq!(files.append(&event), Appended::Full);
    assert_eq!(take_all(&files).len() as u64, kept);
    assert_eq!(files.append(&event), Appended::Yes);
}

#[test]
fn a_process_that_runs_for_long_keeps_recording_and_leaves_one_small_file() {
    let folder = Folder::new();
    let files = own_files(&folder);
    let event = event(&"x".repeat(1000));
    for _ in 0..50 {
        (0..100).for_each(|_| assert_eq!(files.append(&event), Appended::Yes));
        assert_eq!(take_all(&files).len(), 100);
        assert!(spools(&folder) <= 2);
    }
    files.unlink_settled(true);
    assert_eq!(spools(&folder), 0);
    assert_eq!(files.append(&event), Appended::Yes);
    assert_eq!(spools(&folder), 1);
}

#[test]
fn rotation_loses_and_doubles_nothing_while_threads_append() {
    const THREADS: usize = 3;
    const EVENTS: usize = 1500;
    let folder = Folder::new();
    let files = own_files(&folder);
    let is_over = AtomicBool::new(false);
    let mut taken = std::thread::scope(|scope| {
        let sender = scope.spawn(|| {
            let mut taken = Vec::new();
            while !is_over.load(Ordering::Acquire) {
                taken.extend(take_all(&files));
                files.unlink_settled(true);
            }
            taken
        });
        let append = |thread: usize| {
            for number in 0..EVENTS {
                let line = event(&format!("{thread}-{number}-{}", "x".repeat(500)));
                while files.append(&line) == Appended::Full {
                    std::thread::yield_now();
                }
            }
        };
        let threads: Vec<_> = (0..THREADS).map(|thread| scope.spawn(move || append(thread))).collect();
        for thread in threads {
            thread.join().unwrap();
        }
        is_over.store(true, Ordering::Release);
        sender.join().unwrap()
    });
    taken.extend(take_all(&files));
    assert_eq!(taken.len(), THREADS * EVENTS);
    taken.sort();
    taken.dedup();
    assert_eq!(taken.len(), THREADS * EVENTS);
    assert_eq!(files.unsettled(), Some(0));
}

#[test]
fn discarding_removes_every_file_and_the_next_event_begins_anew() {
    let folder = Folder::new();
    let files = own_files(&folder);
    let event = event(&"x".repeat(1000));
    (0..600).for_each(|_| assert_eq!(files.append(&event), Appended::Yes));
    assert!(spools(&folder) > 1);
    files.discard();
    assert_eq!((spools(&folder), files.unsettled()), (0, Some(0)));
    assert_eq!(files.append(&event), Appended::Yes);
    assert_eq!((spools(&folder), take_all(&files).len()), (1, 1));
}

#[cfg(unix)]
#[test]
fn a_file_that_a_cleaner_removed_is_still_sent_and_another_begins() {
    let folder = Folder::new();
    let files = own_files(&folder);
    files.append(&event("a"));
    files.give_up_removed();
    assert_eq!(files.all().len(), 1, "nobody removed it");
    std::fs::remove_dir_all(files.folder()).unwrap();
    files.append(&event("b"));
    files.give_up_removed();
    files.append(&event("c"));
    assert_eq!(spools(&folder), 1);
    assert_eq!(take_all(&files), [event("a"), event("b"), event("c")]);
}

#[cfg(unix)]
#[test]
fn a_folder_that_others_can_write_is_not_used() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let files = own_files(&folder);
    std::fs::create_dir(files.folder()).unwrap();
    std::fs::set_permissions(files.folder(), std::fs::Permissions::from_mode(0o777)).unwrap();
    assert_eq!(files.append(&event("a")), Appended::Failed);
    assert_eq!(spools(&folder), 0);
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_a_link_is_not_used() {
    let (folder, elsewhere) = (Folder::new(), Folder::new());
    let files = own_files(&folder);
    std::os::unix::fs::symlink(elsewhere.path(), files.folder()).unwrap();
    assert_eq!(files.append(&event("a")), Appended::Failed);
    assert_eq!(elsewhere.names(), [""; 0]);
}

#[test]
fn a_folder_that_becomes_writable_is_used_after_a_while() {
    let folder = Folder::new();
    let files = own_files(&folder);
    std::fs::write(files.folder(), "in the way").unwrap();
    assert_eq!(files.append(&event("a")), Appended::Failed);
    std::fs::remove_file(files.folder()).unwrap();
    let failures = (0..1000).take_while(|_| files.append(&event("a")) == Appended::Failed).count();
    assert!((1..1000).contains(&failures), "{failures}");
}
