//! One event as one line of JSON: begun when the call begins, since values are taken then, and
//! completed when it ends. Its memory serves one event after the other.

use std::time::SystemTime;

use super::call_site::CallSite;
use super::clock::{Elapsed, TIMESTAMP_LENGTH, Timestamp, append_number, append_seconds};
use super::outcome::Outcome;
use super::overflow::Counts;
use super::type_path::KnownCrates;

const BEFORE_EVENT: &str = "{\"type\":\"track\",\"event\":";
const BEFORE_TIMESTAMP: &str = ",\"timestamp\":\"";
/// Where the timestamp goes, which is known only at the end.
const TIMESTAMP: [u8; TIMESTAMP_LENGTH] = [b' '; TIMESTAMP_LENGTH];
const BEFORE_PROPERTIES: &str = "\",\"properties\":{";

/// Enough for an event with a few properties, so that one allocation does.
const CAPACITY: usize = 512;

/// The line of an event.
#[derive(Debug)]
pub(crate) struct Line(Vec<u8>);

/// How a call ended.
#[derive(Debug)]
pub(crate) struct Ending {
    pub(crate) elapsed: Elapsed,
    pub(crate) outcome: Outcome,
    /// The recorded call around it, if that is the same product's.
    pub(crate) parent: Option<&'static CallSite>,
    /// Other calls that the event stands for.
    pub(crate) counted: Counts,
    pub(crate) moment: SystemTime,
}

impl Line {
    /// Of no event yet.
    pub(crate) fn new() -> Self {
        Self(Vec::with_capacity(CAPACITY))
    }

    /// The line of the event of `site`, without properties so far.
    pub(crate) fn begin(&mut self, site: &'static CallSite) {
        self.0.clear();
        for piece in [BEFORE_EVENT.as_bytes(), site.event(), BEFORE_TIMESTAMP.as_bytes()] {
            self.0.extend_from_slice(piece);
        }
        self.0.extend_from_slice(&TIMESTAMP);
        self.0.extend_from_slice(BEFORE_PROPERTIES.as_bytes());
    }

    /// Adds the property `name`, an identifier, if `write_value` appends one JSON value and says so.
    pub(crate) fn property(&mut self, name: &str, write_value: impl FnOnce(&mut Vec<u8>) -> bool) {
        let before = self.0.len();
        self.0.push(b'"');
        self.0.extend_from_slice(name.as_bytes());
        self.0.extend_from_slice(b"\":");
        if write_value(&mut self.0) {
            self.0.push(b',');
        } else {
            self.0.truncate(before);
        }
    }

    /// Completes the line of a call of `site`.
    pub(crate) fn end(&mut self, site: &'static CallSite, ending: &Ending) -> &[u8] {
        let Ending { elapsed, outcome, parent, counted, moment } = *ending;
        self.set_timestamp(site, moment);
        let Self(bytes) = self;
        let is_exception = outcome != Outcome::Returned;
        bytes.extend_from_slice(b"\"run_time\":");
        append_seconds(bytes, elapsed.run_time);
        bytes.extend_from_slice(b",\"process_run_time\":");
        append_seconds(bytes, elapsed.process_run_time);
        bytes.push(b',');
        append_exception_occurred(bytes, is_exception);
        append_exception_type(bytes, outcome, || site.known_crates());
        if let Some(parent) = parent {
            bytes.extend_from_slice(b",\"parent\":");
            bytes.extend_from_slice(parent.event());
        }
        if counted != Counts::default() {
            append_counts(bytes, counted.and_one(is_exception));
        }
        self.complete()
    }

    /// Completes the line of calls of `site` that were counted and that no event has carried: without
    /// times, for nobody took them.
    pub(crate) fn end_of_counted(
        &mut self,
        site: &'static CallSite,
        counted: Counts,
        moment: SystemTime,
    ) -> &[u8] {
        self.set_timestamp(site, moment);
        append_exception_occurred(&mut self.0, counted.exceptions > 0);
        append_counts(&mut self.0, counted);
        self.complete()
    }

    /// Bytes, and not a text: to look whether it is UTF-8, as all its pieces are, would take a fifth of
    /// the time. Who reads the spool looks anyway.
    fn complete(&mut self) -> &[u8] {
        self.0.extend_from_slice(b"}}");
        &self.0
    }

    fn set_timestamp(&mut self, site: &'static CallSite, moment: SystemTime) {
        let lengths = [BEFORE_EVENT.len(), site.event().len(), BEFORE_TIMESTAMP.len()];
        let place = self.0.get_mut(lengths.iter().sum()..).unwrap_or_default();
        let timestamp = Timestamp(moment).to_ascii();
        if let Some(place) = place.first_chunk_mut() {
            *place = timestamp;
        }
    }
}

fn append_exception_occurred(bytes: &mut Vec<u8>, is_exception: bool) {
    let text: &[u8] =
        if is_exception { b"\"exception_occurred\":true" } else { b"\"exception_occurred\":false" };
    bytes.extend_from_slice(text);
}

fn append_counts(bytes: &mut Vec<u8>, Counts { calls, exceptions }: Counts) {
    bytes.extend_from_slice(b",\"calls\":");
    append_number(bytes, calls);
    bytes.extend_from_slice(b",\"exceptions\":");
    append_number(bytes, exceptions);
}

fn append_exception_type(
    bytes: &mut Vec<u8>,
    outcome: Outcome,
    known: impl FnOnce() -> KnownCrates<'static>,
) {
    if outcome == Outcome::Returned {
        return;
    }
    bytes.extend_from_slice(b",\"exception_type\":\"");
    match outcome {
        Outcome::Returned => {}
        Outcome::Panicked => bytes.extend_from_slice(b"panic"),
        Outcome::Cancelled => bytes.extend_from_slice(b"cancelled"),
        Outcome::Failed(name) => name.append(bytes, known()),
    }
    bytes.push(b'"');
}
