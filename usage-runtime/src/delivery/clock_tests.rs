//! Tests of a clock that jumps by a day between recording and sending, and of files whose turn it is.

use std::fs::{File, FileTimes};
use std::time::{Duration, SystemTime};

use super::outbox::Outbox;
use super::retry::Answer;
use super::retry::Failure;
use super::round::{Backlog, Round};
use super::testing::{Folder, Memory, PRODUCT, Told, event, outbox};

const DAY: Duration = Duration::from_secs(24 * 3600);

type Jump = fn(SystemTime) -> SystemTime;
const JUMPS: [Jump; 2] = [|now| now + DAY, |now| now - DAY];

fn round<'a>(outbox: &'a Outbox, memory: &'a mut Memory, told: &'a Told) -> Round<'a> {
    Round { product: &PRODUCT, outbox, transport: memory, conditions: told }
}

fn send_backlog(folder: &Folder, memory: &mut Memory, told: &Told) -> Backlog {
    round(&outbox(Some(folder)), memory, told).send_backlog(&|| false)
}

/// Files of processes that are gone, each with one event and an hour younger than the one before.
fn left_behind(folder: &Folder, names: &[&str], now: SystemTime) {
    for (name, hours) in names.iter().rev().zip(0_u32..) {
        let before = folder.spools();
        assert!(outbox(Some(folder)).record(&event(name)));
        let born = folder.spools().into_iter().find(|path| !before.contains(path)).unwrap();
        let then = now - Duration::from_secs(3600) * hours;
        let times = FileTimes::new().set_modified(then).set_accessed(then);
        File::options().append(true).open(born).unwrap().set_times(times).unwrap();
    }
}

#[test]
fn events_recorded_before_the_clock_jumped_arrive_once() {
    for jump in JUMPS {
        let folder = Folder::new();
        let (told, mut memory) = (Told::new(), Memory::default());
        left_behind(&folder, &["gone"], told.now.get());
        let own = outbox(Some(&folder));
        assert!(own.record(&event("own")));
        told.now.set(jump(told.now.get()));
        super::folder::tidy(folder.path(), told.now.get());
        assert_eq!(round(&own, &mut memory, &told).send_own(), Ok(()));
        assert_eq!(round(&own, &mut memory, &told).send_backlog(&|| false), Backlog::Done);
        assert_eq!(send_backlog(&folder, &mut memory, &told), Backlog::Done);
        assert_eq!(memory.all("event"), ["own", "gone"]);
    }
}

#[test]
fn a_gate_closed_before_the_clock_jumped_is_open_after_it() {
    for jump in JUMPS {
        let folder = Folder::new();
        let told = Told::new();
        let own = outbox(Some(&folder));
        assert!(own.record(&event("a")));
        let mut away = Memory::default();
        away.answers.extend([Answer::Nothing(Failure::Timeout), Answer::Nothing(Failure::Timeout)]);
        assert!(round(&own, &mut away, &told).send_own().is_err());
        told.now.set(jump(told.now.get()));
        let mut memory = Memory::default();
        assert_eq!(round(&own, &mut memory, &told).send_own(), Ok(()));
        assert_eq!((memory.all("event"), own.is_waiting()), (vec!["a".to_owned()], false));
        assert_eq!(memory.all("messageId"), away.all("messageId")[..1]);
    }
}

#[test]
fn a_gate_closed_by_a_clock_a_day_ahead_holds_no_later_process_back() {
    let folder = Folder::new();
    let told = Told::new();
    left_behind(&folder, &["a"], told.now.get());
    told.now.set(told.now.get() + DAY);
    assert_eq!(send_backlog(&folder, &mut Memory::answering([429]), &told), Backlog::Done);
    told.now.set(told.now.get() - DAY);
    let mut memory = Memory::default();
    assert_eq!(send_backlog(&folder, &mut memory, &told), Backlog::Done);
    assert_eq!(memory.all("event"), ["a"]);
}

#[test]
fn a_file_that_fails_each_time_does_not_take_the_turn_of_later_ones() {
    let folder = Folder::new();
    let told = Told::new();
    left_behind(&folder, &["bad", "b", "c"], told.now.get());
    // It is tried later than the youngest was recorded, were it by a moment.
    told.now.set(told.now.get() + Duration::from_millis(1));
    let mut memory = Memory { refuses: vec![("\"bad\"".to_owned(), 500)], ..Memory::default() };
    assert_eq!(send_backlog(&folder, &mut memory, &told), Backlog::Done);
    assert!(memory.all("event").iter().all(|name| name == "bad"), "the oldest came first");
    told.now.set(told.now.get() + Duration::from_secs(2 * 3600));
    memory.requests.clear();
    assert_eq!(send_backlog(&folder, &mut memory, &told), Backlog::Done);
    assert_eq!(memory.all("event")[..2], ["b", "c"]);
    assert_eq!(folder.spools().len(), 1, "and it still waits");
}
