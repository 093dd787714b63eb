//! A network file system that has no locks, as far as one can be had on any machine: `flock` fails
//! as it does there. Without a lock no file can be known to be somebody's, so events wait in memory.

use std::path::PathBuf;

use usage_tests::preload::Preload;

use crate::ends::{looks_the_same, world};

const EVENTS: usize = 25;

/// In place of the C library's: fails with the error that a variable names.
const FLOCK: &str = r#"
#include <errno.h>
#include <stdlib.h>
int flock(int file, int operation) {
    (void) file, (void) operation;
    errno = atoi(getenv("FLOCK_FAILS_WITH"));
    return -1;
}
"#;

#[test]
fn where_no_file_can_be_locked_events_go_by_memory_and_no_file_stays() {
    let flock = Preload::compile(FLOCK);
    for error in [libc::ENOLCK, libc::EOPNOTSUPP, libc::EIO] {
        let world = world()
            .with("LD_PRELOAD", flock.library().to_str().expect("a path of text"))
            .with("FLOCK_FAILS_WITH", &error.to_string());
        let events = EVENTS.to_string();
        looks_the_same(|| world.command(&["none", "when all is sent", &events]));
        assert_eq!((world.receiver.messages().len(), world.receiver.duplicates()), (EVENTS, 0));
        let is_event_file =
            |path: &PathBuf| path.extension().is_some_and(|end| end == "jsonl" || end == "new");
        assert_eq!(
            world.files_at_home().into_iter().filter(is_event_file).collect::<Vec<_>>(),
            [""; 0].map(PathBuf::from)
        );
    }
}

/// What processes with locks left behind waits for one that has them, too.
#[test]
fn a_process_without_locks_leaves_the_files_of_others_alone() {
    let flock = Preload::compile(FLOCK);
    let world = world();
    let left = || world.files_with_events().len();
    let away =
        world.command(&["none", "killed", "3"]).env("NML_USAGE_ENDPOINT", "http://127.0.0.1:9").status();
    assert!(!away.expect("it starts").success());
    assert_eq!(left(), 1);
    let mut other = world.command(&["none", "return", "1"]);
    other.env("LD_PRELOAD", flock.library()).env("FLOCK_FAILS_WITH", libc::ENOLCK.to_string());
    assert!(other.status().expect("it starts").success());
    assert_eq!(left(), 1);
}
