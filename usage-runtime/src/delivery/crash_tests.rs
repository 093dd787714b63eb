//! Tests of what is left when a process is killed between any two steps of the protocol, and of many
//! adopters at once.

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::Path;

use super::ids::QueueId;
use super::line::{self, Place};
use super::outbox::Outbox;
use super::round::{Backlog, Round};
use super::spool::{SpoolFile, UNBORN};
use super::testing::{Folder, Memory, PRODUCT, Told, event, header, outbox};
use crate::sys;

fn adopt_all(outbox: &Outbox, memory: &mut Memory) {
    let told = Told::new();
    let mut round = Round { product: &PRODUCT, outbox, transport: memory, conditions: &told };
    // Each time sixteen files; more than three times would never end.
    assert!((0..4).any(|_| round.send_backlog(&|| false) == Backlog::Done));
}

/// What a later process delivers from this folder.
fn delivered_from(folder: &Folder) -> Vec<String> {
    let mut memory = Memory::default();
    adopt_all(&outbox(Some(folder)), &mut memory);
    memory.all("event")
}

/// Everything that a process writes to its file from its birth to its end, write by write.
fn writes(id: QueueId) -> Vec<(String, &'static [&'static str])> {
    let place = Place { runtime_environment: "native".to_owned(), ci: None, agent: None };
    let (a, b) = (format!("{}\n", event("a")), format!("{}\n", event("b")));
    let after_a = (header().to_line(id).len() + a.len()) as u64;
    let (place, sent) = (place.to_line(), line::sent(after_a));
    let after_b = after_a + (place.len() + sent.len() + b.len()) as u64;
    vec![
        (header().to_line(id), &[]),
        (a, &["a"]),
        (place, &["a"]),
        // The server has it before the file says so: until then it is sent again.
        (sent, &[]),
        (b, &["b"]),
        (line::sent(after_b), &[]),
    ]
}

#[test]
fn a_process_killed_after_any_byte_leaves_exactly_what_is_not_settled() {
    let id = QueueId::random().unwrap();
    let mut before = String::new();
    let mut waiting: &[&str] = &[];
    for (write, waiting_after) in writes(id) {
        // Torn at its start, in its middle, before its end of line, and whole.
        for length in [0, 1, write.len() / 2, write.len() - 1, write.len()] {
            let folder = Folder::new();
            let path = folder.path().join(format!("{id}.jsonl"));
            fs::write(&path, format!("{before}{}", &write[..length])).unwrap();
            // A note that is whole but for its end of line counts already; an event does not.
            let is_whole_note = length + 1 == write.len() && write.starts_with(r#"{"sent":"#);
            let expected = if length == write.len() || is_whole_note { waiting_after } else { waiting };
            assert_eq!(delivered_from(&folder), expected, "{length} bytes of {write}");
            assert_eq!(folder.names(), [""; 0]);
        }
        before.push_str(&write);
        waiting = waiting_after;
    }
}

#[test]
fn a_process_killed_while_its_file_was_being_born_leaves_no_event() {
    let id = QueueId::random().unwrap();
    for content in [String::new(), header().to_line(id)] {
        let folder = Folder::new();
        let path = folder.path().join(format!("{id}.{UNBORN}"));
        fs::write(&path, content).unwrap();
        assert_eq!((delivered_from(&folder).len(), folder.names().len()), (0, 1));
    }
}

#[test]
fn an_adopter_killed_between_sending_and_unlinking_has_the_next_one_send_nothing_twice() {
    let folder = Folder::new();
    let first = outbox(Some(&folder));
    assert!(first.record(&event("a")));
    drop(first);
    let path = folder.spools().remove(0);
    let adopted = SpoolFile::adopt(&path, |_| true).unwrap().file;
    let waiting = super::testing::next(&adopted, 9);
    super::queue::Queue::settle(&adopted, waiting[0].end, 1, 1);
    drop(adopted);
    assert_eq!((delivered_from(&folder), folder.names()), (vec![], vec![]));
}

#[test]
fn forty_dead_processes_and_eight_adopters_at_once_lose_and_double_nothing() {
    const EVENTS: usize = 25;
    let folder = Folder::new();
    for process in 0..40 {
        let outbox = outbox(Some(&folder));
        (0..EVENTS).for_each(|n| assert!(outbox.record(&event(&format!("{process}-{n}")))));
        if process == 7 {
            tear(&folder.spools()[0]);
        }
    }
    fs::write(folder.path().join("empty.jsonl"), "").unwrap();
    fs::write(folder.path().join("junk.jsonl"), [0_u8, 255, 10, 7]).unwrap();
    let adopters: Vec<_> = std::thread::scope(|scope| {
        let adopter = || {
            let mut memory = Memory::default();
            adopt_all(&outbox(Some(&folder)), &mut memory);
            memory.all("messageId")
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(adopter)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let mut counts = HashMap::new();
    for id in adopters.into_iter().flatten() {
        *counts.entry(id).or_insert(0) += 1;
    }
    assert_eq!(counts.len(), 40 * EVENTS);
    assert!(counts.values().all(|count| *count == 1));
    assert_eq!(folder.names(), [""; 0]);
}

/// Forty processes that are born while adopters come by between every two steps, and record then; how
/// many events later processes deliver of each.
fn delivered_of_those_born_by(birth: impl Fn(&Path, &dyn Fn()) -> fs::File) -> Vec<usize> {
    const EVENTS: usize = 25;
    let deliver = |_| {
        let folder = Folder::new();
        let owner = birth(folder.path(), &|| assert_eq!(delivered_from(&folder), [""; 0]));
        for number in 0..EVENTS {
            writeln!(&owner, "{}", event(&number.to_string())).unwrap();
        }
        // A child that another test forks meanwhile may have it open, too.
        sys::unlock(&owner);
        drop(owner);
        delivered_from(&folder).len()
    };
    (0..40).map(deliver).collect()
}

/// The steps of `SpoolFile::birth`.
#[test]
fn adopters_that_come_by_while_files_are_born_lose_nothing() {
    let delivered = delivered_of_those_born_by(|folder, come_by| {
        let id = QueueId::random().unwrap();
        let (unborn, path) = (folder.join(format!("{id}.{UNBORN}")), folder.join(format!("{id}.jsonl")));
        let file = fs::File::options().append(true).create_new(true).open(&unborn).unwrap();
        come_by();
        sys::try_lock(&file).unwrap();
        come_by();
        (&file).write_all(header().to_line(id).as_bytes()).unwrap();
        come_by();
        fs::rename(&unborn, &path).unwrap();
        come_by();
        file
    });
    assert_eq!(delivered, [25; 40]);
}

/// The control: with the naive order, which creates the file under its final name and locks it then,
/// the adopters take it for junk, and the test above would see it.
#[test]
fn with_a_naive_birth_the_same_adopters_lose_everything() {
    let delivered = delivered_of_those_born_by(|folder, come_by| {
        let id = QueueId::random().unwrap();
        let path = folder.join(format!("{id}.jsonl"));
        let file = fs::File::options().append(true).create_new(true).open(path).unwrap();
        come_by();
        sys::try_lock(&file).unwrap();
        (&file).write_all(header().to_line(id).as_bytes()).unwrap();
        file
    });
    assert_eq!(delivered, [0; 40]);
}

/// Adds the beginning of an event, as a process that was killed in the middle of a write would.
fn tear(path: &Path) {
    let torn = &event("torn")[..40];
    Write::write_all(&mut fs::OpenOptions::new().append(true).open(path).unwrap(), torn.as_bytes()).unwrap();
}
