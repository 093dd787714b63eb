//! One event as one line of JSON: begun when the call begins, since values are taken then, and
//! completed when it ends. Its memory serves one event after the other.

use std::ptr;

use super::call_site::CallSite;
use super::clock::{Elapsed, WallTime};
use super::number::{A_SECOND, append_number, append_seconds, below_a_second};
use super::outcome::Outcome;
use super::overflow::Counts;
use super::timestamp::timestamp;
use super::type_path::KnownCrates;

const BEFORE_EVENT: &[u8] = b"{\"type\":\"track\",\"event\":";
/// With a place for the timestamp, which is known only at the end.
const AFTER_EVENT: &[u8; 54] = b",\"timestamp\":\"                        \",\"properties\":{";
/// How far before the properties the timestamp is.
const TIMESTAMP: usize = 40;
/// The end of most lines, with places for what the call took.
const PLAIN_END: &[u8; 83] =
    b"\"run_time\":0.000000000,\"process_run_time\":0.000000000,\"exception_occurred\":false}}\n";
/// Where these places are.
const RUN_TIME: usize = 11;
const PROCESS_RUN_TIME: usize = 42;

/// Enough for an event with a few properties, so that one allocation does.
const CAPACITY: usize = 512;

/// The line of an event, with its end.
///
/// Bytes, and not a text: to look whether it is UTF-8, as all its pieces are, would take a fifth of
/// the time. Who reads the spool looks anyway.
#[derive(Debug)]
pub(crate) struct Line {
    bytes: Vec<u8>,
    /// Whose event it is, and where its properties begin: what is before them stays for the next
    /// call of that site.
    site: Option<&'static CallSite>,
    properties: usize,
}

/// How a call ended.
#[derive(Debug)]
pub(crate) struct Ending<'a> {
    pub(crate) elapsed: Elapsed,
    pub(crate) outcome: &'a Outcome,
    /// The recorded call around it, if that is the same product's.
    pub(crate) parent: Option<&'static CallSite>,
    /// Other calls that the event stands for.
    pub(crate) counted: Counts,
    pub(crate) moment: WallTime,
}

impl Line {
    /// Of no event yet.
    pub(crate) fn new() -> Self {
        Self { bytes: Vec::with_capacity(CAPACITY), site: None, properties: 0 }
    }

    /// The line of the event of `site`, without properties so far.
    #[inline]
    pub(crate) fn begin(&mut self, site: &'static CallSite) {
        if self.site.is_some_and(|last| ptr::eq(last, site)) {
            self.bytes.truncate(self.properties);
        } else {
            self.begin_anew(site);
        }
    }

    #[inline(never)]
    fn begin_anew(&mut self, site: &'static CallSite) {
        self.bytes.clear();
        self.bytes.extend_from_slice(BEFORE_EVENT);
        self.bytes.extend_from_slice(site.event());
        self.bytes.extend_from_slice(AFTER_EVENT);
        self.site = Some(site);
        self.properties = self.bytes.len();
    }

    /// Adds the property `name`, an identifier, if `write_value` appends one JSON value and a comma,
    /// and says so.
    #[inline]
    pub(crate) fn property(&mut self, name: &str, write_value: impl FnOnce(&mut Vec<u8>) -> bool) {
        let before = self.bytes.len();
        self.bytes.push(b'"');
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.extend_from_slice(b"\":");
        if !write_value(&mut self.bytes) {
            self.bytes.truncate(before);
        }
    }

    /// Completes the line of a call that did not fail, stands for itself and has no parent, as most
    /// do; if it took less than a second, as most do. Returns whether it is complete.
    #[inline]
    pub(crate) fn end_plainly(&mut self, elapsed: Elapsed, moment: WallTime) -> bool {
        if elapsed.run_time.max(elapsed.process_run_time) >= A_SECOND {
            return false;
        }
        let run_time = below_a_second(elapsed.run_time);
        // As of nearly all calls that are over in a moment.
        let is_same = elapsed.process_run_time == elapsed.run_time;
        let process_run_time = if is_same { run_time } else { below_a_second(elapsed.process_run_time) };
        let mut end = *PLAIN_END;
        put(&mut end, RUN_TIME, run_time);
        put(&mut end, PROCESS_RUN_TIME, process_run_time);
        self.set_timestamp(moment);
        self.bytes.extend_from_slice(&end);
        true
    }

    /// Completes the line of a call of `site`.
    #[cold]
    #[inline(never)]
    pub(crate) fn end(&mut self, site: &'static CallSite, ending: &Ending<'_>) {
        let Ending { elapsed, outcome, parent, counted, moment } = *ending;
        self.set_timestamp(moment);
        let bytes = &mut self.bytes;
        bytes.extend_from_slice(b"\"run_time\":");
        append_seconds(bytes, elapsed.run_time);
        bytes.extend_from_slice(b",\"process_run_time\":");
        append_seconds(bytes, elapsed.process_run_time);
        bytes.push(b',');
        let is_exception = outcome.is_exception();
        append_exception_occurred(bytes, is_exception);
        if is_exception {
            append_exception_type(bytes, outcome, site.known_crates());
        }
        if let Some(parent) = parent {
            bytes.extend_from_slice(b",\"parent\":");
            bytes.extend_from_slice(parent.event());
        }
        if counted != Counts::default() {
            append_counts(bytes, counted.and_one(is_exception));
        }
        self.complete();
    }

    /// Completes the line of calls that were counted and that no event has carried: without
    /// times, for nobody took them.
    pub(crate) fn end_of_counted(&mut self, counted: Counts, moment: WallTime) -> &[u8] {
        self.set_timestamp(moment);
        append_exception_occurred(&mut self.bytes, counted.exceptions > 0);
        append_counts(&mut self.bytes, counted);
        self.complete();
        &self.bytes
    }

    /// All of it, once it is complete.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn complete(&mut self) {
        self.bytes.extend_from_slice(b"}}\n");
    }

    #[inline]
    fn set_timestamp(&mut self, moment: WallTime) {
        put(&mut self.bytes, self.properties.saturating_sub(TIMESTAMP), timestamp(moment));
    }
}

/// Puts `piece` into `text`, where there is a place for it.
#[inline]
fn put<const N: usize>(text: &mut [u8], place: usize, piece: [u8; N]) {
    if let Some(place) = text.get_mut(place..).and_then(<[u8]>::first_chunk_mut) {
        *place = piece;
    }
}

fn append_exception_occurred(bytes: &mut Vec<u8>, is_exception: bool) {
    if is_exception {
        bytes.extend_from_slice(b"\"exception_occurred\":true");
    } else {
        bytes.extend_from_slice(b"\"exception_occurred\":false");
    }
}

fn append_counts(bytes: &mut Vec<u8>, Counts { calls, exceptions }: Counts) {
    bytes.extend_from_slice(b",\"calls\":");
    append_number(bytes, calls);
    bytes.extend_from_slice(b",\"exceptions\":");
    append_number(bytes, exceptions);
}

fn append_exception_type(bytes: &mut Vec<u8>, outcome: &Outcome, known: KnownCrates<'static>) {
    bytes.extend_from_slice(b",\"exception_type\":\"");
    match outcome {
        Outcome::Returned => {}
        Outcome::Panicked => bytes.extend_from_slice(b"panic"),
        Outcome::Cancelled => bytes.extend_from_slice(b"cancelled"),
        Outcome::Failed(name) => name.append(bytes, known),
    }
    bytes.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::super::call_site::tests::site;
    use super::*;
    use crate::UsageLogger;

    static LOGGER: UsageLogger = UsageLogger::new("product", "0.0.0");

    fn ended(line: &mut Line, site: &'static CallSite, run_time: u64, process_run_time: u64) -> String {
        let elapsed = Elapsed { run_time, process_run_time };
        let moment = WallTime { second: run_time, millisecond: process_run_time % 1000 };
        line.begin(site);
        line.property("a", |json| {
            json.extend_from_slice(b"true,");
            true
        });
        let (outcome, counted) = (&Outcome::Returned, Counts::default());
        line.end(site, &Ending { elapsed, outcome, parent: None, counted, moment });
        let otherwise = str::from_utf8(line.bytes()).unwrap().to_owned();
        line.begin(site);
        line.property("a", |json| {
            json.extend_from_slice(b"true,");
            true
        });
        let is_plain = line.end_plainly(elapsed, moment);
        assert_eq!(is_plain, run_time.max(process_run_time) < A_SECOND);
        assert!(!is_plain || line.bytes() == otherwise.as_bytes(), "{line:?} and not {otherwise}");
        otherwise
    }

    #[test]
    fn a_line_that_ends_as_most_do_is_the_same_as_if_it_had_ended_otherwise() {
        let site = site(&LOGGER, r#""event","crate":"m""#);
        let mut line = Line::new();
        let times = [0, 1, 999, 1_000, 123_456_789, 999_999_999, 1_000_000_000, 12_000_000_005];
        for (run_time, process_run_time) in times.iter().flat_map(|a| times.map(|b| (*a, b))) {
            let event: serde_json::Value =
                serde_json::from_str(&ended(&mut line, site, run_time, process_run_time)).unwrap();
            let properties = &event["properties"];
            #[expect(clippy::cast_precision_loss, reason = "they are small")]
            let seconds = [run_time, process_run_time].map(|time| time as f64 / 1e9);
            assert_eq!([&properties["run_time"], &properties["process_run_time"]], seconds);
        }
    }

    #[test]
    fn a_line_whose_memory_served_another_site_is_as_a_new_one() {
        let sites = [r#""short","crate":"m""#, r#""much longer","crate":"m""#].map(|it| site(&LOGGER, it));
        let mut used = Line::new();
        for (turn, site) in [0, 1, 1, 0, 0, 1].map(|n| sites[n]).into_iter().enumerate() {
            let moment = 1_795_463_321 + turn as u64;
            assert_eq!(ended(&mut used, site, moment, 5), ended(&mut Line::new(), site, moment, 5));
        }
    }
}
