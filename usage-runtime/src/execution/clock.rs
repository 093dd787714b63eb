//! The wall clock, the monotonic clock and the process's CPU clock: their only readers are here.

use std::fmt;
use std::time::{Duration, Instant, SystemTime};

use crate::sys;

/// When a call began, on the two clocks that measure it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    wall: Instant,
    cpu: Duration,
}

/// How long a call took. Never negative: both clocks only move on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elapsed {
    /// Monotonic wall time.
    pub(crate) run_time: Duration,
    /// CPU time that all threads of the process used meanwhile.
    pub(crate) process_run_time: Duration,
}

impl Start {
    pub(crate) fn now() -> Self {
        Self { wall: Instant::now(), cpu: sys::process_cpu_time() }
    }

    pub(crate) fn elapsed(self) -> Elapsed {
        Elapsed {
            process_run_time: sys::process_cpu_time().saturating_sub(self.cpu),
            run_time: self.wall.elapsed(),
        }
    }
}

/// The wall clock: when a call ended, when a request is sent, how old a file is.
pub(crate) fn wall_clock() -> SystemTime {
    SystemTime::now()
}

/// Displays a moment as Segment wants it: ISO 8601, UTC, milliseconds (`2026-11-23T19:48:41.285Z`).
///
/// A moment outside of the years 1970 to 9999 shows as the nearest end of that range.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timestamp(pub(crate) SystemTime);

impl Timestamp {
    /// The moment that a text such as `2026-11-23T19:48:41Z` names.
    pub(crate) fn parse(text: &str) -> Option<SystemTime> {
        humantime::parse_rfc3339(text).ok()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const YEAR_9999: Duration = Duration::from_secs(253_402_300_799);
        let since_1970 = self.0.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let moment = SystemTime::UNIX_EPOCH.checked_add(since_1970.min(YEAR_9999));
        humantime::format_rfc3339_millis(moment.unwrap_or(SystemTime::UNIX_EPOCH)).fmt(f)
    }
}

/// Displays a duration as JSON seconds, exact to the nanosecond: `0.000012345`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seconds(pub(crate) Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:09}", self.0.as_secs(), self.0.subsec_nanos())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_has_milliseconds_and_a_z() {
        let moment = SystemTime::UNIX_EPOCH + Duration::from_millis(1_795_463_321_085);
        assert_eq!(Timestamp(moment).to_string(), "2026-11-23T19:48:41.085Z");
    }

    #[test]
    fn a_clock_set_before_1970_or_far_ahead_still_gives_a_timestamp() {
        let before = SystemTime::UNIX_EPOCH - Duration::from_secs(1);
        assert_eq!(Timestamp(before).to_string(), "1970-01-01T00:00:00.000Z");
        let ahead = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::from(u32::MAX) * 1000);
        assert_eq!(Timestamp(ahead).to_string(), "9999-12-31T23:59:59.000Z");
    }

    #[test]
    fn seconds_are_a_json_number_to_the_nanosecond() {
        assert_eq!(Seconds(Duration::new(2, 5)).to_string(), "2.000000005");
        assert_eq!(serde_json::from_str::<f64>(&Seconds(Duration::ZERO).to_string()).ok(), Some(0.0));
    }

    #[test]
    fn a_call_never_takes_less_than_no_time() {
        let elapsed = Start::now().elapsed();
        assert!(elapsed.run_time >= Duration::ZERO && elapsed.process_run_time >= Duration::ZERO);
    }
}
