//! The cases of the retry policy that Segment's clients share, by their numbers, against a scripted
//! server on loopback and a clock that moves only when somebody waits.
//!
//! The policy was made for servers that run for weeks; here each process tries twice, and then the
//! gate says when this or another one may try again. Where that makes a difference:
//!
//! | case | there | here |
//! |---|---|---|
//! | T05 | 511 is dropped after one request | one request, too, but kept: only a portal says 511 |
//! | T05b | 511 with OAuth clears the token | cannot happen: there is no OAuth |
//! | T07, T08 | `Retry-After` of a 408 or 503 is ignored by some clients | honoured, as by the others |
//! | T09 | a bare 429 is tried again after the backoff | the same, but never at once |
//! | T12, T19 | 413 and 400 are dropped | dropped when alone; a batch is parted first |
//! | T16 | ten retries, then the batch is lost | two tries, then the gate; kept for seven days |
//! | T21 | twenty waits that the server asked for, then the batch is lost | twenty, then our own backoff counts as well |

use std::time::{Duration, SystemTime};

use super::report::LastAnswer;
use super::testing::event;
use super::testing_http::{OK, Server};
use super::testing_script::{Case, Says, is_own_backoff, outbox, turn, whole};

/// The server says these, and the event is delivered at last; the retry counts and the waits.
fn delivered_after(script: &[Says]) -> (Vec<Option<u32>>, Vec<Duration>) {
    let case = Case::of_one(script);
    let waits = case.turns();
    assert_eq!(case.fates(), (1, 0, 0));
    (case.counts(), waits)
}

/// The server says this once, and the event is never sent again.
fn is_dropped_after_one_request(status: u16) {
    let case = Case::of_one(&[Says::Status(status, "")]);
    assert_eq!((case.turns(), case.requests(), case.fates()), (vec![], 1, (0, 1, 0)), "{status}");
    assert_eq!(case.outbox.report().last, Some(LastAnswer::Status(status)));
}

#[test]
fn t01_a_success_is_one_request_without_a_retry_count() {
    assert_eq!(delivered_after(&[]), (vec![None], vec![]));
}

#[test]
fn t02_two_failures_and_a_success_count_one_and_two() {
    let (counts, waits) = delivered_after(&[Says::Status(500, ""), Says::Status(500, "")]);
    assert_eq!(counts, [None, Some(1), Some(2)]);
    assert!(waits.len() == 1 && is_own_backoff(waits[0], 1), "{waits:?}");
}

#[test]
fn t03_a_501_is_never_tried_again() {
    is_dropped_after_one_request(501);
}

#[test]
fn t04_a_505_is_never_tried_again() {
    is_dropped_after_one_request(505);
}

#[test]
fn t05_a_511_is_not_tried_again_at_once_and_kept_for_it_is_a_portals() {
    let case = Case::of_one(&[Says::Status(511, "")]);
    assert!(is_own_backoff(case.turn().unwrap(), 1));
    assert_eq!((case.requests(), case.fates()), (1, (0, 0, 1)));
}

#[test]
fn t06_the_wait_that_a_429_asks_for_is_kept_and_uses_up_nothing() {
    // More of them than there are tries in a turn, or failures that would double the wait.
    let limits = [Says::Status(429, "Retry-After: 7\r\n"); 12];
    let (counts, waits) = delivered_after(&limits);
    assert_eq!(waits, [Duration::from_secs(7); 12]);
    assert_eq!(counts.len(), 13);
}

#[test]
fn t07_a_408_that_asks_for_a_wait_gets_it() {
    let (counts, waits) = delivered_after(&[Says::Status(408, "Retry-After: 9\r\n")]);
    assert_eq!((counts, waits), (vec![None, Some(1)], vec![Duration::from_secs(9)]));
}

#[test]
fn t08_a_503_that_asks_for_a_wait_gets_it() {
    let (counts, waits) = delivered_after(&[Says::Status(503, "Retry-After: 9\r\n")]);
    assert_eq!((counts, waits), (vec![None, Some(1)], vec![Duration::from_secs(9)]));
}

#[test]
fn t09_a_429_that_asks_for_no_wait_is_tried_again_after_our_own_backoff() {
    for header in ["", "Retry-After: 0\r\n", "Retry-After: soon\r\n"] {
        let (counts, waits) = delivered_after(&[Says::Status(429, header)]);
        assert_eq!(counts, [None, Some(1)], "{header}");
        assert!(waits.len() == 1 && is_own_backoff(waits[0], 1), "{header}: {waits:?}");
    }
}

#[test]
fn t10_a_408_is_tried_again() {
    assert_eq!(delivered_after(&[Says::Status(408, "")]), (vec![None, Some(1)], vec![]));
}

#[test]
fn t11_a_410_is_tried_again() {
    assert_eq!(delivered_after(&[Says::Status(410, "")]), (vec![None, Some(1)], vec![]));
}

#[test]
fn t12_a_413_for_one_event_is_never_tried_again_and_a_batch_goes_in_halves() {
    is_dropped_after_one_request(413);
    let case = Case::new(&[Says::Status(413, "")]);
    case.record("a");
    case.record("b");
    assert_eq!((case.turns(), case.requests(), case.fates()), (vec![], 3, (2, 0, 0)));
}

#[test]
fn t13_a_460_is_tried_again() {
    assert_eq!(delivered_after(&[Says::Status(460, "")]), (vec![None, Some(1)], vec![]));
}

#[test]
fn t14_a_404_is_never_tried_again() {
    is_dropped_after_one_request(404);
}

#[test]
fn t15_a_connection_that_breaks_off_is_tried_again() {
    assert_eq!(delivered_after(&[Says::Nothing]), (vec![None, Some(1)], vec![]));
}

#[test]
fn t16_there_are_two_tries_and_then_it_is_left_to_later() {
    let case = Case::of_one(&[Says::Status(500, ""); 9]);
    assert!(is_own_backoff(case.turn().unwrap(), 1));
    assert_eq!((case.counts(), case.fates()), (vec![None, Some(1)], (0, 0, 1)));
    assert_eq!(*case.told.pauses.borrow(), [Duration::from_millis(500)]);
    case.turn();
    assert_eq!(case.requests(), 2, "the gate is closed");
}

#[test]
fn t17_the_retry_count_counts_waits_that_the_server_asked_for() {
    let (counts, _) = delivered_after(&[Says::Status(429, "Retry-After: 1\r\n")]);
    assert_eq!(counts, [None, Some(1)]);
}

#[test]
fn t18_failures_and_waits_are_counted_together() {
    let (counts, waits) = delivered_after(&[Says::Status(500, ""), Says::Status(429, "Retry-After: 3\r\n")]);
    assert_eq!((counts, waits), (vec![None, Some(1), Some(2)], vec![Duration::from_secs(3)]));
}

#[test]
fn t19_a_400_a_401_and_a_403_for_one_event_are_never_tried_again() {
    for status in [400, 401, 403] {
        is_dropped_after_one_request(status);
    }
}

#[test]
fn t20_the_write_key_travels_as_basic_authentication() {
    let case = Case::of_one(&[]);
    case.turns();
    let request = case.server.requests()[0].to_ascii_lowercase();
    assert!(request.contains("authorization: basic s0vzog==\r\n"), "{request}");
}

#[test]
fn t21_a_server_that_asks_for_a_moment_again_and_again_is_asked_ever_less_often() {
    let case = Case::of_one(&[Says::Status(429, "Retry-After: 1\r\n"); 40]);
    let waits = case.turns();
    assert_eq!(waits[..20], [Duration::from_secs(1); 20]);
    assert!(waits[20..].iter().all(|wait| *wait >= Duration::from_secs(1800)), "{waits:?}");
    assert_eq!(case.fates(), (1, 0, 0), "it is kept all the while");
}

#[test]
fn t22_no_server_can_ask_for_more_than_five_minutes() {
    let (_, waits) = delivered_after(&[Says::Status(429, "Retry-After: 600\r\n")]);
    assert_eq!(waits, [Duration::from_secs(300)]);
}

#[test]
fn a_date_is_as_good_as_seconds() {
    let case = Case::of_one(&[Says::Status(429, "Retry-After: Sun, 06 Nov 1994 08:50:07 GMT\r\n")]);
    case.told.now.set(SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777));
    assert_eq!(case.turns(), [Duration::from_secs(30)]);
}

#[test]
fn a_429_holds_back_the_next_batch_and_every_other_process() {
    let case = Case::new(&[Says::Status(429, "Retry-After: 60\r\n")]);
    (0..150).for_each(|n| case.record(&format!("e{n}")));
    assert_eq!(case.turn().map(whole), Some(Duration::from_secs(60)));
    let other = outbox(&case.folder, &case.server.url);
    assert!(other.record(&event("other")));
    assert!(turn(&other, &case.told).is_some());
    assert_eq!(case.requests(), 1);
    case.told.now.set(case.told.now.get() + Duration::from_secs(61));
    assert_eq!((case.turns(), turn(&other, &case.told)), (vec![], None));
    assert_eq!((case.fates(), other.report().sent), ((150, 0, 0), 1));
}

#[test]
fn an_endpoint_that_is_gone_for_a_day_is_asked_less_than_a_hundred_times() {
    let case = Case::of_one(&vec![Says::Status(503, ""); 1000]);
    let end = case.told.now.get() + Duration::from_secs(24 * 3600);
    while case.told.now.get() < end {
        let wait = case.turn().unwrap();
        assert!(wait <= Duration::from_secs(3601), "{wait:?}");
        case.told.now.set(case.told.now.get() + wait);
    }
    assert!(case.requests() < 110, "{}", case.requests());
    case.script.lock().unwrap().clear();
    case.turns();
    assert_eq!(case.fates(), (1, 0, 0));
}

#[test]
fn every_try_has_the_same_message_id_and_its_own_time() {
    let case =
        Case::of_one(&[Says::Status(500, ""), Says::Status(500, ""), Says::Nothing, Says::Status(429, "")]);
    case.turns();
    let field = |name: &str| -> Vec<String> {
        let find =
            |request: &String| request.split(&format!("\"{name}\":\"")).nth(1).unwrap()[..24].to_owned();
        case.server.requests().iter().map(find).collect()
    };
    let (ids, mut times) = (field("messageId"), field("sentAt"));
    assert!(ids.len() == 5 && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    times.dedup();
    assert_eq!(times.len(), 5);
}

#[test]
fn no_redirect_is_followed() {
    let elsewhere = Server::answering(OK);
    let location: &'static str =
        Box::leak(format!("Location: {}/v1/batch\r\n", elsewhere.url).into_boxed_str());
    for status in [301, 302, 303, 307, 308] {
        let case = Case::of_one(&[Says::Status(status, location)]);
        assert!(is_own_backoff(case.turn().unwrap(), 1));
        assert_eq!((case.requests(), case.fates()), (1, (0, 0, 1)), "{status}");
    }
    assert_eq!(elsewhere.requests().len(), 0);
}
