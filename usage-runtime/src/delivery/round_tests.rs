//! Tests of one round: own events first, then the backlog, and what stops it.

use super::super::outbox::Outbox;
use super::super::retry::Answer;
use super::super::retry::Failure;
use super::super::testing::{Folder, Memory, PRODUCT, Told, body_text, event, outbox, status};
use super::*;

fn round<'a>(outbox: &'a Outbox, memory: &'a mut Memory, told: &'a Told) -> Round<'a> {
    Round { product: &PRODUCT, outbox, transport: memory, conditions: told }
}

fn send_own(outbox: &Outbox, memory: &mut Memory, told: &Told) -> Result<(), Option<Duration>> {
    round(outbox, memory, told).send_own()
}

fn send_backlog(outbox: &Outbox, memory: &mut Memory, told: &Told) -> Backlog {
    round(outbox, memory, told).send_backlog(&|| false)
}

fn record(outbox: &Outbox, names: &[&str]) {
    assert!(names.iter().all(|name| outbox.record(&event(name))));
}

/// Files of processes that are gone, each with one event.
fn left_behind(folder: &Folder, names: &[&str]) {
    for name in names {
        record(&outbox(Some(folder)), &[name]);
    }
}

#[test]
fn own_events_are_sent_in_batches_and_nothing_is_left_at_the_end() {
    let folder = Folder::new();
    let (outbox, mut memory, told) = (outbox(Some(&folder)), Memory::default(), Told::new());
    (0..250).for_each(|n| record(&outbox, &[&n.to_string()]));
    assert_eq!(send_own(&outbox, &mut memory, &told), Ok(()));
    assert_eq!(memory.requests.len(), 3);
    assert_eq!(memory.all("event"), (0..250).map(|n| n.to_string()).collect::<Vec<_>>());
    let mut ids = memory.all("messageId");
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 250);
    assert!(!outbox.is_waiting());
    assert_eq!((outbox.report().sent, outbox.report().waiting), (250, 0));
    outbox.files.as_ref().unwrap().unlink_settled(true);
    assert_eq!(folder.names(), [""; 0]);
}

#[test]
fn a_body_stays_within_the_limit_whatever_the_events_are() {
    let folder = Folder::new();
    let (outbox, mut memory) = (outbox(Some(&folder)), Memory::default());
    (0..30).for_each(|_| record(&outbox, &[&"x".repeat(30_000)]));
    assert_eq!(send_own(&outbox, &mut memory, &Told::new()), Ok(()));
    assert_eq!(memory.all("event").len(), 30);
    assert!(memory.requests.iter().all(|request| request.body.len() <= 475_000));
}

#[test]
fn after_a_failure_all_is_kept_and_the_gate_is_closed_for_everybody() {
    let folder = Folder::new();
    let (outbox, told) = (outbox(Some(&folder)), Told::new());
    record(&outbox, &["a"]);
    let mut memory = Memory::default();
    memory.answers.extend([Answer::Nothing(Failure::Timeout), Answer::Nothing(Failure::Timeout)]);
    let wait = send_own(&outbox, &mut memory, &told).unwrap_err().unwrap();
    assert!(outbox.is_stuck.load(Ordering::Relaxed) && outbox.is_waiting());
    assert_eq!(outbox.report().last, Some(LastAnswer::Failed(Failure::Timeout)));

    // Neither this process nor another asks again before the time.
    let other = super::super::testing::outbox(Some(&folder));
    record(&other, &["b"]);
    for (outbox, last) in [(&outbox, LastAnswer::Failed(Failure::Timeout)), (&other, LastAnswer::GateClosed)]
    {
        let mut memory = Memory::default();
        assert!(send_own(outbox, &mut memory, &told).is_err());
        assert_eq!((memory.requests.len(), outbox.report().last), (0, Some(last)));
    }
    told.now.set(told.now.get() + wait + Duration::from_secs(1));
    let mut memory = Memory::default();
    assert_eq!(send_own(&outbox, &mut memory, &told), Ok(()));
    assert_eq!(memory.all("event"), ["a"]);
    assert!(memory.requests[0].headers.contains(&("X-Retry-Count", "2".to_owned())));
    assert!(!folder.names().contains(&"gate".to_owned()), "a success opens the gate");
}

#[test]
fn an_event_that_is_dropped_never_shows_an_older_answer() {
    let outbox: &'static Outbox = Box::leak(Box::new(outbox(None)));
    record(outbox, &["bad", "good"]);
    // Both together are refused, then the first alone, and that is known when the second is sent.
    let seen = std::rc::Rc::new(std::cell::RefCell::new(Vec::new()));
    let told = seen.clone();
    let look = move || told.borrow_mut().push((outbox.report().dropped, outbox.last()));
    let mut memory = Memory {
        refuses: vec![("\"bad\"".to_owned(), 400)],
        meanwhile: Some(Box::new(look)),
        ..Memory::default()
    };
    assert_eq!(send_own(outbox, &mut memory, &Told::new()), Ok(()));
    let refused = Some(LastAnswer::Status(400));
    assert_eq!(*seen.borrow(), [(0, None), (0, refused), (1, refused)]);
    assert_eq!(outbox.last(), Some(LastAnswer::Delivered));
}

#[test]
fn without_a_write_key_events_are_recorded_and_held_back() {
    let folder = Folder::new();
    let product = Product { write_key: "", ..PRODUCT };
    let (outbox, mut memory, told) = (outbox(Some(&folder)), Memory::default(), Told::new());
    record(&outbox, &["a"]);
    let mut keyless = Round { product: &product, ..round(&outbox, &mut memory, &told) };
    assert_eq!(keyless.send_own(), Err(None));
    assert_eq!((memory.requests.len(), outbox.report().waiting), (0, 1));
    assert_eq!(outbox.report().last, Some(LastAnswer::NoWriteKey));
    assert!(outbox.is_stuck.load(Ordering::Relaxed));
    drop(outbox);
    let next = super::super::testing::outbox(Some(&folder));
    assert_eq!(send_backlog(&next, &mut memory, &told), Backlog::Done);
    assert_eq!(memory.all("event"), ["a"]);
}

#[test]
fn an_opt_out_deletes_what_waits_and_nothing_is_sent() {
    let folder = Folder::new();
    let (outbox, mut memory, told) = (outbox(Some(&folder)), Memory::default(), Told::new());
    record(&outbox, &["a"]);
    told.consent.set(Consent::Withdrawn);
    assert_eq!(send_own(&outbox, &mut memory, &told), Err(None));
    assert_eq!((memory.requests.len(), folder.names()), (0, vec![]));
    assert_eq!(outbox.report().discarded, 1);
}

#[test]
fn while_consent_is_unclear_nothing_is_sent_and_nothing_deleted() {
    let folder = Folder::new();
    let (outbox, mut memory, told) = (outbox(Some(&folder)), Memory::default(), Told::new());
    record(&outbox, &["a"]);
    told.consent.set(Consent::Unclear);
    assert_eq!(send_own(&outbox, &mut memory, &told), Err(Some(UNTIL_IT_IS_CLEAR)));
    assert_eq!((memory.requests.len(), outbox.report().waiting), (0, 1));
    told.consent.set(Consent::Given);
    assert_eq!(send_own(&outbox, &mut memory, &told), Ok(()));
    assert_eq!(memory.all("event"), ["a"]);
}

#[test]
fn after_an_opt_out_nobody_elses_file_is_opened() {
    let folder = Folder::new();
    left_behind(&folder, &["a"]);
    let (outbox, mut memory, told) = (outbox(Some(&folder)), Memory::default(), Told::new());
    told.consent.set(Consent::Withdrawn);
    assert_eq!(send_backlog(&outbox, &mut memory, &told), Backlog::Done);
    assert_eq!((memory.requests.len(), folder.names().len()), (0, 1));
}

#[test]
fn what_was_deleted_in_the_middle_of_a_send_is_not_sent_even_after_a_change_of_mind() {
    let folder = Folder::new();
    let outbox = std::rc::Rc::new(outbox(Some(&folder)));
    (0..250).for_each(|n| record(&outbox, &[&n.to_string()]));
    let (mut memory, told) = (Memory::default(), Told::new());
    let (again, is_first) = (outbox.clone(), std::cell::Cell::new(true));
    memory.meanwhile = Some(Box::new(move || {
        if is_first.replace(false) {
            again.discard();
            record(&again, &["new"]);
        }
    }));
    assert_eq!(send_own(&outbox, &mut memory, &told), Err(None));
    assert_eq!(memory.requests.len(), 1);
    let report = outbox.report();
    assert_eq!((report.sent, report.discarded, report.waiting), (100, 150, 1));
    assert_eq!(send_own(&outbox, &mut memory, &told), Ok(()));
    assert_eq!(memory.all("event")[100..], ["new"]);
}

#[test]
fn the_files_that_are_begun_meanwhile_are_sent_in_the_same_round_though_not_for_ever() {
    let folder = Folder::new();
    let outbox = std::rc::Rc::new(outbox(Some(&folder)));
    record(&outbox, &["first"]);
    let (mut memory, told) = (Memory::default(), Told::new());
    let (again, larger_than_a_file) = (outbox.clone(), "x".repeat(30_000));
    memory.meanwhile = Some(Box::new(move || (0..9).for_each(|_| record(&again, &[&larger_than_a_file]))));
    assert_eq!(send_own(&outbox, &mut memory, &told), Ok(()));
    let sent = outbox.report().sent;
    assert!(sent > 9 && outbox.is_waiting(), "{sent}");
    memory.meanwhile = None;
    assert_eq!(send_own(&outbox, &mut memory, &told), Ok(()));
    assert!(!outbox.is_waiting() && outbox.report().sent == outbox.report().recorded);
}

#[test]
fn the_backlog_is_sent_as_those_processes_were_and_removed() {
    let folder = Folder::new();
    let older = Product { version: "0.12.0", ..PRODUCT };
    let gone =
        Outbox::with(&older, outbox(None).destination, outbox(None).endpoint, Some(folder.path().to_owned()));
    record(&gone, &["a"]);
    let place = Place { runtime_environment: "docker".to_owned(), ci: None, agent: None };
    gone.files.as_ref().unwrap().all()[0].describe(&place);
    drop(gone);
    let (outbox, mut memory) = (outbox(Some(&folder)), Memory::default());
    assert_eq!(send_backlog(&outbox, &mut memory, &Told::new()), Backlog::Done);
    assert!(body_text(&memory.requests[0]).contains(r#""nannyml_version":"0.12.0""#));
    assert!(body_text(&memory.requests[0]).contains(r#""runtime_environment":"docker""#));
    assert_eq!((outbox.report().adopted, outbox.report().sent, folder.names()), (1, 0, vec![]));
}

#[test]
fn the_backlog_of_another_endpoint_is_not_ours() {
    let folder = Folder::new();
    left_behind(&folder, &["a"]);
    let elsewhere = super::super::endpoint::Endpoint::parse("https://other.example").unwrap();
    let other =
        Outbox::with(&PRODUCT, outbox(None).destination, Some(elsewhere), Some(folder.path().to_owned()));
    let mut memory = Memory::default();
    assert_eq!(send_backlog(&other, &mut memory, &Told::new()), Backlog::Done);
    assert_eq!((memory.requests.len(), folder.names().len()), (0, 1));
}

#[test]
fn a_large_backlog_is_drained_slowly_oldest_first_and_stops_for_own_events() {
    let folder = Folder::new();
    let names: Vec<_> = (0..40).map(|n| n.to_string()).collect();
    left_behind(&folder, &names.iter().map(String::as_str).collect::<Vec<_>>());
    let (outbox, mut memory, told) = (outbox(Some(&folder)), Memory::default(), Told::new());
    assert_eq!(round(&outbox, &mut memory, &told).send_backlog(&|| true), Backlog::Interrupted);
    assert_eq!((memory.requests.len(), folder.names().len()), (1, 39));
    assert_eq!(send_backlog(&outbox, &mut memory, &told), Backlog::MoreIsLeft);
    assert_eq!((memory.requests.len(), folder.names().len()), (17, 23));
    assert_eq!(send_backlog(&outbox, &mut memory, &told), Backlog::MoreIsLeft);
    assert_eq!(send_backlog(&outbox, &mut memory, &told), Backlog::Done);
    let mut sent = memory.all("event");
    sent.sort_by_key(|name| name.parse::<u32>().unwrap());
    assert_eq!((sent, folder.names()), (names, vec![]));
}

#[test]
fn the_first_failure_ends_the_backlog() {
    let folder = Folder::new();
    left_behind(&folder, &["a", "b", "c"]);
    let (outbox, mut memory) = (outbox(Some(&folder)), Memory::default());
    memory.answers.extend([status(200), status(429)]);
    assert_eq!(send_backlog(&outbox, &mut memory, &Told::new()), Backlog::Done);
    assert_eq!(memory.requests.len(), 2);
    assert_eq!(folder.spools().len(), 2);
}

#[test]
fn a_backlog_beside_torn_empty_and_junk_files_arrives_once_whole() {
    let folder = Folder::new();
    left_behind(&folder, &["a", "b"]);
    let path = folder.path();
    std::fs::write(path.join("empty.jsonl"), "").unwrap();
    std::fs::write(path.join("junk.jsonl"), [0_u8, 255, 10, 7]).unwrap();
    let (first, mut memory, told) = (outbox(Some(&folder)), Memory::default(), Told::new());
    assert_eq!(send_backlog(&first, &mut memory, &told), Backlog::Done);
    let mut sent = memory.all("event");
    sent.sort();
    assert_eq!((sent, folder.names()), (vec!["a".to_owned(), "b".to_owned()], vec![]));
    assert_eq!(send_backlog(&outbox(Some(&folder)), &mut memory, &told), Backlog::Done);
    assert_eq!(memory.requests.len(), 2);
}

#[test]
fn a_killed_process_leaves_only_what_was_not_acknowledged() {
    let folder = Folder::new();
    let (owner, told) = (outbox(Some(&folder)), Told::new());
    (0..150).for_each(|n| record(&owner, &[&n.to_string()]));
    // The first batch arrives; then the network is gone, and then the process.
    let mut memory = Memory::answering([200, 500, 500]);
    assert!(send_own(&owner, &mut memory, &told).is_err());
    drop(owner);
    std::fs::remove_file(folder.path().join("gate")).unwrap();
    let mut later = Memory::default();
    assert_eq!(send_backlog(&outbox(Some(&folder)), &mut later, &told), Backlog::Done);
    assert_eq!(later.all("event"), (100..150).map(|n| n.to_string()).collect::<Vec<_>>());
    let failed: Vec<_> = memory.all("messageId")[100..150].to_vec();
    assert_eq!(later.all("messageId"), failed, "the same ids as in the attempts that failed");
}

#[test]
fn the_ring_is_sent_like_a_file() {
    let (outbox, mut memory) = (outbox(None), Memory::default());
    record(&outbox, &["a", "b"]);
    assert_eq!(send_own(&outbox, &mut memory, &Told::new()), Ok(()));
    assert_eq!((memory.all("event"), outbox.report().waiting), (vec!["a".to_owned(), "b".to_owned()], 0));
}
