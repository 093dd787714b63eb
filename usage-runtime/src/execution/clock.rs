//! The wall clock, the monotonic clock and the process's CPU clock: their only readers are here.

use std::cell::Cell;
use std::time::{Duration, SystemTime};

use crate::sys;

pub(crate) use super::timestamp::Timestamp;

/// How old a reading of the CPU clock may be when a newer one is inferred from it; in
/// nanoseconds.
///
/// Reading it is a system call that costs more than the rest of a short call, while the kernel
/// itself brings other threads' time up to date only at its ticks, some milliseconds apart. So for
/// that long this thread is taken to have used the CPU all the time, as it has if it does not wait.
const FRESH: u64 = 10_000;

thread_local! {
    // Made in const and without a destructor, so that it works in destructors of other
    // thread-locals, too.
    static LAST_READING: Cell<Option<Reading>> = const { Cell::new(None) };
}

/// A reading of the CPU clock of some process, and when that was.
#[derive(Clone, Copy)]
struct Reading {
    /// A child that was forked inherits the reading, and has a clock of its own.
    process: u32,
    cpu: u64,
    at: Moment,
}

/// A moment on the monotonic clock: nanoseconds since one that stays the same for this process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment(u64);

/// When a call began, on the two clocks that measure it; in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    wall: Moment,
    cpu: u64,
}

/// How long a call took, in nanoseconds. Never negative: both clocks only move on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elapsed {
    /// Monotonic wall time.
    pub(crate) run_time: u64,
    /// CPU time that all threads of the process used meanwhile.
    pub(crate) process_run_time: u64,
}

impl Moment {
    #[inline]
    pub(crate) fn now() -> Self {
        Self(sys::monotonic_time())
    }

    pub(crate) fn nanoseconds(self) -> u64 {
        self.0
    }

    fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// In nanoseconds; what is longer than five centuries is as long as these.
pub(crate) fn nanoseconds(time: Duration) -> u64 {
    time.as_secs().saturating_mul(1_000_000_000).saturating_add(u64::from(time.subsec_nanos()))
}

impl Start {
    /// A call begins now; `now` is not long ago.
    #[inline]
    pub(crate) fn at(now: Moment) -> Self {
        match inferred(now) {
            Some(cpu) => Self { wall: now, cpu },
            None => Self::read(),
        }
    }

    #[cold]
    #[inline(never)]
    fn read() -> Self {
        let cpu = sys::process_cpu_time();
        // Reading the CPU clock takes its time, which is not the call's.
        let wall = Moment::now();
        remember(cpu, wall);
        Self { wall, cpu }
    }

    /// The call ends now.
    #[inline]
    pub(crate) fn elapsed(self) -> Elapsed {
        let now = Moment::now();
        let cpu = inferred(now).unwrap_or_else(|| read(now));
        Elapsed { run_time: now.since(self.wall), process_run_time: cpu.saturating_sub(self.cpu) }
    }
}

/// The CPU time at `now`, if it was read a moment ago.
#[inline]
fn inferred(now: Moment) -> Option<u64> {
    let last = LAST_READING.try_with(Cell::get).ok().flatten()?;
    let age = now.since(last.at);
    (age <= FRESH && Some(last.process) == sys::known_process_number()).then(|| last.cpu.wrapping_add(age))
}

/// Reads the CPU clock, at about `now`.
#[cold]
#[inline(never)]
fn read(now: Moment) -> u64 {
    let cpu = sys::process_cpu_time();
    remember(cpu, now);
    cpu
}

fn remember(cpu: u64, at: Moment) {
    let reading = Reading { process: sys::process_number(), cpu, at };
    let _ = LAST_READING.try_with(|last| last.set(Some(reading)));
}

/// The wall clock: when a request is sent, how old a file is.
pub(crate) fn wall_clock() -> SystemTime {
    SystemTime::now()
}

/// A moment on the wall clock, counted from the beginning of 1970. What was before is that beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct WallTime {
    pub(super) second: u64,
    pub(super) millisecond: u64,
}

impl WallTime {
    /// When a call ends. The same clock as [`wall_clock`], on a way that takes a third of the time.
    #[inline]
    pub(crate) fn now() -> Self {
        let (second, millisecond) = sys::wall_time();
        Self { second, millisecond }
    }
}

impl From<SystemTime> for WallTime {
    fn from(moment: SystemTime) -> Self {
        let since_1970 = moment.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self { second: since_1970.as_secs(), millisecond: since_1970.subsec_millis().into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_call_worked_and_what_it_waited_is_measured() {
        let work = Start::at(Moment::now());
        let begin = sys::process_cpu_time();
        while sys::process_cpu_time() < begin + 2_000_000 {}
        let worked = work.elapsed();
        assert!(worked.process_run_time >= 2_000_000, "{worked:?}");
        let wait = Start::at(Moment::now());
        std::thread::sleep(Duration::from_millis(2));
        assert!(wait.elapsed().run_time >= 2_000_000);
    }

    #[test]
    fn of_two_readings_at_most_ten_microseconds_apart_the_second_is_inferred() {
        let now = Moment::now();
        let cpu = read(now);
        assert_eq!(inferred(Moment(now.0 + 9_000)), Some(cpu + 9_000));
        assert_eq!(inferred(Moment(now.0 + 10_001)), None);
    }

    #[test]
    fn a_call_that_is_over_in_a_moment_has_used_the_cpu_all_the_time() {
        // Now and then somebody else has this CPU meanwhile.
        let is_same = |_| {
            let Elapsed { run_time, process_run_time } = Start::read().elapsed();
            run_time == process_run_time
        };
        assert!((0..100).filter(|n| is_same(*n)).count() > 50);
    }

    #[test]
    fn nothing_is_inferred_from_what_a_parent_has_read() {
        let now = Moment::now();
        read(now);
        let parents = LAST_READING.get().map(|last| Reading { process: last.process + 1, ..last });
        LAST_READING.set(parents);
        assert_eq!(inferred(now), None);
    }

    #[test]
    fn both_ways_to_the_wall_clock_end_at_the_same_moment() {
        let before = WallTime::from(wall_clock());
        let between = WallTime::now();
        let after = WallTime::from(wall_clock());
        assert!(before <= between && between <= after, "{before:?} {between:?} {after:?}");
    }

    #[test]
    fn a_moment_before_1970_is_its_beginning() {
        let before = SystemTime::UNIX_EPOCH - Duration::from_nanos(1);
        assert_eq!(WallTime::from(before), WallTime { second: 0, millisecond: 0 });
    }
}
