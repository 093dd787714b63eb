//! One event as one line of JSON, in one allocation: begun when the call begins, since values are
//! taken then, and completed when it ends.

use std::io::Write as _;
use std::time::SystemTime;

use super::call_site::CallSite;
use super::clock::{Elapsed, Seconds, Timestamp};
use super::outcome::Outcome;
use super::overflow::Counts;
use super::type_path::KnownCrates;

const BEFORE_EVENT: &str = "{\"type\":\"track\",\"event\":";
const BEFORE_TIMESTAMP: &str = ",\"timestamp\":\"";
/// Where the timestamp goes, which is known only at the end; as long as each timestamp is.
const TIMESTAMP: &str = "0000-00-00T00:00:00.000Z";
const BEFORE_PROPERTIES: &str = "\",\"properties\":{";

/// Enough for an event with a few properties, so that one allocation does.
const CAPACITY: usize = 512;

/// The beginning of an event's line: everything but its times and its outcome.
#[derive(Debug)]
pub(crate) struct Line(Vec<u8>);

/// How a call ended.
#[derive(Debug)]
pub(crate) struct Ending<'a> {
    pub(crate) elapsed: Elapsed,
    pub(crate) outcome: Outcome,
    /// The recorded call around it, if that is the same product's.
    pub(crate) parent: Option<&'a CallSite>,
    /// Other calls that the event stands for.
    pub(crate) counted: Counts,
    pub(crate) moment: SystemTime,
}

impl Line {
    /// A line of the event of `site`, without properties so far.
    pub(crate) fn begin(site: &CallSite) -> Self {
        let mut bytes = Vec::with_capacity(CAPACITY);
        for piece in [BEFORE_EVENT, site.event(), BEFORE_TIMESTAMP, TIMESTAMP, BEFORE_PROPERTIES] {
            bytes.extend_from_slice(piece.as_bytes());
        }
        Self(bytes)
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
    pub(crate) fn end(mut self, site: &CallSite, ending: &Ending<'_>) -> Option<String> {
        let Ending { elapsed, outcome, parent, counted, moment } = *ending;
        self.set_timestamp(site, moment);
        let Self(mut bytes) = self;
        let exception = outcome != Outcome::Returned;
        let (run_time, process_run_time) = (Seconds(elapsed.run_time), Seconds(elapsed.process_run_time));
        write!(
            bytes,
            "\"run_time\":{run_time},\"process_run_time\":{process_run_time},\"exception_occurred\":{exception}"
        )
        .ok()?;
        append_exception_type(&mut bytes, outcome, site.known_crates());
        if let Some(parent) = parent {
            bytes.extend_from_slice(b",\"parent\":");
            bytes.extend_from_slice(parent.event().as_bytes());
        }
        if counted != Counts::default() {
            append_counts(&mut bytes, counted.and_one(exception));
        }
        bytes.extend_from_slice(b"}}");
        String::from_utf8(bytes).ok()
    }

    /// The line of calls of `site` that were counted and that no event has carried: without times,
    /// for nobody took them.
    pub(crate) fn of_counted(site: &CallSite, counted: Counts, moment: SystemTime) -> Option<String> {
        let mut line = Self::begin(site);
        line.set_timestamp(site, moment);
        let Self(mut bytes) = line;
        write!(bytes, "\"exception_occurred\":{}", counted.exceptions > 0).ok()?;
        append_counts(&mut bytes, counted);
        bytes.extend_from_slice(b"}}");
        String::from_utf8(bytes).ok()
    }

    fn set_timestamp(&mut self, site: &CallSite, moment: SystemTime) {
        let lengths = [BEFORE_EVENT.len(), site.event().len(), BEFORE_TIMESTAMP.len()];
        let place = self.0.get_mut(lengths.iter().sum()..).unwrap_or_default();
        let mut place = place.get_mut(..TIMESTAMP.len()).unwrap_or_default();
        // The place is as long as a timestamp, and a failure would leave zeros, which is no harm.
        let _ = write!(place, "{}", Timestamp(moment));
    }
}

fn append_counts(bytes: &mut Vec<u8>, Counts { calls, exceptions }: Counts) {
    // Writing to memory does not fail.
    let _ = write!(bytes, ",\"calls\":{calls},\"exceptions\":{exceptions}");
}

fn append_exception_type(bytes: &mut Vec<u8>, outcome: Outcome, known: KnownCrates<'_>) {
    if outcome == Outcome::Returned {
        return;
    }
    bytes.extend_from_slice(b",\"exception_type\":\"");
    match outcome {
        Outcome::Returned => {}
        Outcome::Panicked => bytes.extend_from_slice(b"panic"),
        Outcome::Cancelled => bytes.extend_from_slice(b"cancelled"),
        Outcome::Failed(name) => name.append(bytes, known),
    }
    bytes.push(b'"');
}
