//! Tests of one batch on its way, against a transport that answers as told.

use super::super::retry::Answer;
use super::super::segment::Completion;
use super::super::testing::{ENDPOINT, Memory, Told, event, recorder, status, texts, user};
use super::super::{ids::QueueId, queue::Waiting};
use super::*;

/// A batch of events `e0`, `e1` …
fn batch_of(count: u64) -> Batch {
    let mut batch = Batch::new(Completion::new(&recorder(), &user()), "KEY");
    for n in 0..count {
        let line = event(&format!("e{n}."));
        let waiting = Waiting { position: n, end: n + 1, line: line.as_bytes(), is_whole: true };
        assert!(batch.add(QueueId::NONE, &waiting));
    }
    batch
}

struct Outcome {
    result: Result<(), Stop>,
    sent: Vec<u64>,
    dropped: Vec<u64>,
    last: Option<LastAnswer>,
}

fn deliver(batch: &mut Batch, memory: &mut Memory, told: &Told) -> Outcome {
    let mut request = Request::to(ENDPOINT, "KEY");
    let (mut sent, mut dropped) = (Vec::new(), Vec::new());
    let mut attempt = Attempt::new(&mut request, batch, memory, told, 0);
    let result = attempt.deliver(&mut |items, fate| {
        let to = if fate == Fate::Sent { &mut sent } else { &mut dropped };
        to.extend(items.iter().map(|item| item.end - 1));
    });
    Outcome { result, last: told.last.get(), sent, dropped }
}

fn retry_counts(memory: &Memory) -> Vec<Option<String>> {
    let count = |headers: &[(&str, String)]| {
        headers.iter().find(|(name, _)| *name == "X-Retry-Count").map(|(_, value)| value.clone())
    };
    memory.requests.iter().map(|request| count(&request.headers)).collect()
}

#[test]
fn a_batch_that_is_taken_is_sent_once() {
    let mut memory = Memory::default();
    let outcome = deliver(&mut batch_of(3), &mut memory, &Told::new());
    assert_eq!((outcome.result, outcome.sent), (Ok(()), vec![0, 1, 2]));
    assert_eq!(texts(&memory.requests[0], "event"), ["e0.", "e1.", "e2."]);
    assert_eq!((outcome.last, retry_counts(&memory)), (Some(LastAnswer::Delivered), vec![None]));
}

#[test]
fn a_second_try_has_the_same_ids_its_own_time_and_says_that_it_is_one() {
    let mut memory = Memory::answering([500]);
    let outcome = deliver(&mut batch_of(2), &mut memory, &Told::new());
    assert_eq!((outcome.result, outcome.sent), (Ok(()), vec![0, 1]));
    assert_eq!(retry_counts(&memory), [None, Some("1".to_owned())]);
    let [first, second] = &memory.requests[..] else { panic!("{}", memory.requests.len()) };
    assert_eq!(texts(first, "messageId"), texts(second, "messageId"));
    assert_ne!(first.body, second.body, "sentAt is that of the first try");
}

#[test]
fn there_is_no_third_try() {
    let mut memory = Memory::answering([500, 503, 200]);
    let outcome = deliver(&mut batch_of(1), &mut memory, &Told::new());
    assert_eq!(outcome.result, Err(Stop::Later { after: None }));
    assert_eq!((memory.requests.len(), outcome.sent, outcome.dropped), (2, vec![], vec![]));
    assert_eq!(outcome.last, Some(LastAnswer::Status(503)));
}

#[test]
fn at_the_end_of_the_process_there_is_no_second_try() {
    let (mut memory, told) = (Memory::answering([500]), Told::new());
    told.is_ending.set(true);
    assert!(deliver(&mut batch_of(1), &mut memory, &told).result.is_err());
    assert_eq!(memory.requests.len(), 1);
}

#[test]
fn a_server_that_asks_for_time_gets_it() {
    let mut memory = Memory::default();
    let Answer::Status { content_type, body, .. } = status(429) else { unreachable!() };
    let retry_after = Some("7".to_owned());
    memory.answers.push_back(Answer::Status { status: 429, content_type, retry_after, body });
    let outcome = deliver(&mut batch_of(1), &mut memory, &Told::new());
    assert_eq!(outcome.result, Err(Stop::Later { after: Some(Duration::from_secs(7)) }));
    assert_eq!(memory.requests.len(), 1);
}

#[test]
fn a_body_that_is_too_large_goes_in_halves_down_to_the_event_that_is() {
    let mut memory = Memory { refuses: vec![("e5.".to_owned(), 413)], ..Memory::default() };
    let outcome = deliver(&mut batch_of(8), &mut memory, &Told::new());
    assert_eq!((outcome.result, outcome.sent, outcome.dropped), (Ok(()), vec![0, 1, 2, 3, 4, 6, 7], vec![5]));
}

#[test]
fn one_bad_event_among_a_hundred_is_found_and_the_others_are_delivered_once() {
    let mut memory = Memory { refuses: vec![("e41.".to_owned(), 400)], ..Memory::default() };
    let outcome = deliver(&mut batch_of(100), &mut memory, &Told::new());
    assert_eq!((outcome.result, outcome.dropped, outcome.sent.len()), (Ok(()), vec![41], 99));
    assert!(memory.requests.len() <= 15, "{}", memory.requests.len());
}

#[test]
fn a_server_that_refuses_all_is_not_asked_for_ever() {
    let mut memory = Memory { refuses: vec![(String::new(), 400)], ..Memory::default() };
    let outcome = deliver(&mut batch_of(100), &mut memory, &Told::new());
    assert_eq!((outcome.result, outcome.dropped.len()), (Ok(()), 100));
    assert!(memory.requests.len() <= MOST_REQUESTS as usize + 8, "{}", memory.requests.len());
}

#[test]
fn what_will_never_be_accepted_is_dropped_after_one_request() {
    for code in [401, 403, 404, 501, 505] {
        let mut memory = Memory::answering([code]);
        let outcome = deliver(&mut batch_of(9), &mut memory, &Told::new());
        assert_eq!((outcome.result, outcome.dropped.len(), memory.requests.len()), (Ok(()), 9, 1));
        assert_eq!(outcome.last, Some(LastAnswer::Status(code)));
    }
}

#[test]
fn what_was_delivered_before_a_failure_is_settled_and_nothing_behind_it() {
    // Too large; the first half is taken; then the server fails twice.
    let mut memory = Memory::answering([413, 200, 500, 500]);
    let outcome = deliver(&mut batch_of(8), &mut memory, &Told::new());
    assert_eq!((outcome.result.is_err(), outcome.sent, outcome.dropped), (true, vec![0, 1, 2, 3], vec![]));
}

#[test]
fn consent_is_asked_before_every_request() {
    let told = Told::new();
    told.consent.set(Consent::Withdrawn);
    let mut memory = Memory::default();
    assert_eq!(deliver(&mut batch_of(1), &mut memory, &told).result, Err(Stop::NoConsent));
    assert_eq!(memory.requests.len(), 0);

    let told = std::rc::Rc::new(Told::new());
    let withdraw = told.clone();
    let mut memory = Memory::answering([500]);
    memory.meanwhile = Some(Box::new(move || withdraw.consent.set(Consent::Withdrawn)));
    assert_eq!(deliver(&mut batch_of(1), &mut memory, &told).result, Err(Stop::NoConsent));
    assert_eq!(memory.requests.len(), 1);
}

#[test]
fn what_is_no_event_is_dropped_without_a_request() {
    let mut batch = batch_of(0);
    assert!(batch.add(QueueId::NONE, &Waiting { position: 0, end: 1, line: b"junk", is_whole: false }));
    let mut memory = Memory::default();
    let outcome = deliver(&mut batch, &mut memory, &Told::new());
    assert_eq!((outcome.result, outcome.dropped, memory.requests.len()), (Ok(()), vec![0], 0));
}
