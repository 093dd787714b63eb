//! The wall clock, the monotonic clock and the process's CPU clock: their only readers are here.

use std::cell::Cell;
use std::fmt;
use std::time::{Duration, Instant, SystemTime};

use crate::sys::{self, SetOnce};

/// How old a reading of the CPU clock may be when a newer one is inferred from it.
///
/// Reading it is a system call that costs more than the rest of a short call, while the kernel
/// itself brings other threads' time up to date only at its ticks, some milliseconds apart. So for
/// that long this thread is taken to have used the CPU all the time, as it has if it does not wait.
const FRESH: Duration = Duration::from_micros(10);

thread_local! {
    // Made in const and without a destructor, so that it works in destructors of other
    // thread-locals, too.
    static LAST_READING: Cell<Option<Reading>> = const { Cell::new(None) };
}

/// A reading of the CPU clock, and when that was.
#[derive(Clone, Copy)]
struct Reading {
    cpu: Duration,
    at: Instant,
}

/// A moment on the monotonic clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment(Instant);

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

impl Moment {
    pub(crate) fn now() -> Self {
        Self(Instant::now())
    }

    /// Since the first time that a moment was asked for this.
    pub(crate) fn monotonic(self) -> Duration {
        static FIRST: SetOnce<Instant> = SetOnce::new();
        let first = FIRST.get().unwrap_or_else(|| FIRST.set(self.0).unwrap_or_else(|(first, _)| first));
        self.0.saturating_duration_since(*first)
    }
}

impl Start {
    /// A call begins now; `now` is not long ago.
    pub(crate) fn at(now: Moment) -> Self {
        match inferred(now.0) {
            Some(cpu) => Self { wall: now.0, cpu },
            // Reading the CPU clock takes its time, which is not the call's.
            None => Self { cpu: read(now.0), wall: Instant::now() },
        }
    }

    /// The call ends now.
    pub(crate) fn elapsed(self) -> Elapsed {
        let now = Instant::now();
        let cpu = inferred(now).unwrap_or_else(|| read(now));
        Elapsed {
            run_time: now.saturating_duration_since(self.wall),
            process_run_time: cpu.saturating_sub(self.cpu),
        }
    }
}

/// The CPU time at `now`, if it was read a moment ago.
fn inferred(now: Instant) -> Option<Duration> {
    let last = LAST_READING.try_with(Cell::get).ok().flatten()?;
    let age = now.saturating_duration_since(last.at);
    (age <= FRESH).then(|| last.cpu.saturating_add(age))
}

/// Reads the CPU clock, at about `now`.
fn read(now: Instant) -> Duration {
    let cpu = sys::process_cpu_time();
    let _ = LAST_READING.try_with(|last| last.set(Some(Reading { cpu, at: now })));
    cpu
}

/// The monotonic clock, since its first use for a budget.
pub(crate) fn monotonic() -> Duration {
    Moment::now().monotonic()
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
        let elapsed = Start::at(Moment::now()).elapsed();
        assert!(elapsed.run_time >= Duration::ZERO && elapsed.process_run_time >= Duration::ZERO);
    }
}
