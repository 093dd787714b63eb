//! The wall clock, the monotonic clock and the process's CPU clock: their only readers are here.

use std::cell::Cell;
use std::fmt;
use std::time::{Duration, SystemTime};

use crate::sys;

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
    // The second that this thread wrote last, and its text: most events share it with the one before.
    static LAST_SECOND: Cell<(u64, [u8; TIMESTAMP_LENGTH])> = const { Cell::new((0, *EPOCH)) };
}

/// A reading of the CPU clock, and when that was.
#[derive(Clone, Copy)]
struct Reading {
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
    pub(crate) fn now() -> Self {
        Self(nanoseconds(sys::monotonic_time()))
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
    pub(crate) fn at(now: Moment) -> Self {
        match inferred(now) {
            Some(cpu) => Self { wall: now, cpu },
            // Reading the CPU clock takes its time, which is not the call's.
            None => Self { cpu: read(now), wall: Moment::now() },
        }
    }

    /// The call ends now.
    pub(crate) fn elapsed(self) -> Elapsed {
        let now = Moment::now();
        let cpu = inferred(now).unwrap_or_else(|| read(now));
        Elapsed { run_time: now.since(self.wall), process_run_time: cpu.saturating_sub(self.cpu) }
    }
}

/// The CPU time at `now`, if it was read a moment ago.
fn inferred(now: Moment) -> Option<u64> {
    let last = LAST_READING.try_with(Cell::get).ok().flatten()?;
    let age = now.since(last.at);
    (age <= FRESH).then(|| last.cpu.saturating_add(age))
}

/// Reads the CPU clock, at about `now`.
fn read(now: Moment) -> u64 {
    let cpu = nanoseconds(sys::process_cpu_time());
    let _ = LAST_READING.try_with(|last| last.set(Some(Reading { cpu, at: now })));
    cpu
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

/// As long as each timestamp is.
pub(crate) const TIMESTAMP_LENGTH: usize = 24;
/// The moment from which seconds are counted.
const EPOCH: &[u8; TIMESTAMP_LENGTH] = b"1970-01-01T00:00:00.000Z";

impl Timestamp {
    /// The text. Not left to humantime, which takes longer than all the rest of an event's line.
    pub(crate) fn to_ascii(self) -> [u8; TIMESTAMP_LENGTH] {
        const LAST: u64 = 253_402_300_799_999;
        let since_1970 = self.0.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let milliseconds = since_1970.as_secs().saturating_mul(1000);
        let milliseconds = milliseconds.saturating_add(u64::from(since_1970.subsec_millis())).min(LAST);
        let second = milliseconds / 1000;
        let mut text = match LAST_SECOND.try_with(Cell::get) {
            Ok((last, text)) if last == second => text,
            _ => {
                let text = Self::second_to_ascii(second);
                let _ = LAST_SECOND.try_with(|last| last.set((second, text)));
                text
            }
        };
        let [.., f1, f2, f3, _] = &mut text;
        digits([f1, f2, f3], milliseconds % 1000);
        text
    }

    /// The text of the moment at which a second begins.
    fn second_to_ascii(second: u64) -> [u8; TIMESTAMP_LENGTH] {
        let (seconds, day) = (second % 86_400, second / 86_400);
        let (year, month, day) = date(day);
        let mut text = *EPOCH;
        let [y1, y2, y3, y4, _, m1, m2, _, d1, d2, _, h1, h2, _, n1, n2, _, s1, s2, ..] = &mut text;
        digits([y1, y2, y3, y4], year);
        digits([m1, m2], month);
        digits([d1, d2], day);
        digits([h1, h2], seconds / 3600);
        digits([n1, n2], seconds / 60 % 60);
        digits([s1, s2], seconds % 60);
        text
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.to_ascii()).unwrap_or_default())
    }
}

/// Year, month and day of the day that is so many days after 1970-01-01, in the calendar that begins
/// its years in March, where the leap day is the last one.
fn date(day: u64) -> (u64, u64, u64) {
    const DAYS_TO_1970: u64 = 719_468;
    const DAYS_OF_400_YEARS: u64 = 146_097;
    let day = day.saturating_add(DAYS_TO_1970);
    let (era, day) = (day / DAYS_OF_400_YEARS, day % DAYS_OF_400_YEARS);
    let leap_days = (day / 36_524).saturating_sub(day / 146_096);
    let year = day.saturating_sub(day / 1460).saturating_add(leap_days) / 365;
    let before = year.saturating_mul(365).saturating_add(year / 4).saturating_sub(year / 100);
    let day = day.saturating_sub(before);
    let march_month = day.saturating_mul(5).saturating_add(2) / 153;
    let day = day.saturating_sub(march_month.saturating_mul(153).saturating_add(2) / 5).saturating_add(1);
    let month = if march_month < 10 { march_month.saturating_add(3) } else { march_month.saturating_sub(9) };
    let year = era.saturating_mul(400).saturating_add(year).saturating_add(u64::from(month <= 2));
    (year, month, day)
}

/// Writes the last decimal digits of `number`, as many as there is place for.
fn digits<const N: usize>(places: [&mut u8; N], mut number: u64) {
    for place in places.into_iter().rev() {
        *place = b'0'.wrapping_add(u8::try_from(number % 10).unwrap_or_default());
        number /= 10;
    }
}

/// The two digits of each number below a hundred.
#[expect(clippy::indexing_slicing, reason = "the compiler does this, and would say so")]
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[b'0'; 2]; 100];
    let mut number = 0_u8;
    while number < 100 {
        pairs[number as usize] = [b'0' + number / 10, b'0' + number % 10];
        number += 1;
    }
    pairs
};

/// Appends nanoseconds as JSON seconds: `0.000012345`.
pub(crate) fn append_seconds(bytes: &mut Vec<u8>, nanoseconds: u64) {
    const A_SECOND: u64 = 1_000_000_000;
    let mut text = *b"0.000000000";
    let [_, _, places @ ..] = &mut text;
    let mut rest = u32::try_from(nanoseconds % A_SECOND).unwrap_or_default();
    // Two digits a division: these are a good part of all that an event's line costs.
    for pair in places.rchunks_mut(2) {
        let [tens, ones] = PAIRS.get((rest % 100) as usize).copied().unwrap_or_default();
        match pair {
            [first, second] => (*first, *second) = (tens, ones),
            [first] => *first = ones,
            _ => {}
        }
        rest /= 100;
    }
    if nanoseconds < A_SECOND {
        bytes.extend_from_slice(&text);
    } else {
        append_number(bytes, nanoseconds / A_SECOND);
        let [_, fraction @ ..] = &text;
        bytes.extend_from_slice(fraction);
    }
}

/// Appends a number as JSON.
pub(crate) fn append_number(bytes: &mut Vec<u8>, mut number: u64) {
    let mut text = [b'0'; 20];
    let mut begin = text.len();
    for place in text.iter_mut().rev() {
        digits([place], number);
        begin = begin.saturating_sub(1);
        number /= 10;
        if number == 0 {
            break;
        }
    }
    bytes.extend_from_slice(text.get(begin..).unwrap_or_default());
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
    fn a_thread_that_goes_from_second_to_second_and_back_writes_each_as_it_is() {
        let begin = 1_795_463_321_998;
        for after in [0, 1, 2, 3, 1, 86_400_002, 2, 2] {
            let moment = SystemTime::UNIX_EPOCH + Duration::from_millis(begin + after);
            assert_eq!(Timestamp(moment).to_string(), humantime::format_rfc3339_millis(moment).to_string());
        }
    }

    #[test]
    fn days_of_eight_thousand_years_have_the_dates_that_humantime_gives_them() {
        for day in (0..2_932_896).step_by(3) {
            let moment =
                SystemTime::UNIX_EPOCH + Duration::from_millis(day * 86_400_000 + day * 29 % 86_400_000);
            let theirs = humantime::format_rfc3339_millis(moment).to_string();
            assert_eq!(Timestamp(moment).to_ascii().as_slice(), theirs.as_bytes());
        }
    }

    #[test]
    fn a_clock_set_before_1970_or_far_ahead_still_gives_a_timestamp() {
        let before = SystemTime::UNIX_EPOCH - Duration::from_secs(1);
        assert_eq!(Timestamp(before).to_string(), "1970-01-01T00:00:00.000Z");
        let ahead = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::from(u32::MAX) * 1000);
        assert_eq!(Timestamp(ahead).to_string(), "9999-12-31T23:59:59.999Z");
    }

    #[test]
    fn seconds_are_a_json_number_to_the_nanosecond() {
        let json = |nanoseconds| {
            let mut bytes = Vec::new();
            append_seconds(&mut bytes, nanoseconds);
            String::from_utf8(bytes).unwrap()
        };
        assert_eq!(json(12_000_000_005), "12.000000005");
        assert_eq!(json(987_654_321), "0.987654321");
        assert_eq!(json(u64::MAX), "18446744073.709551615");
        assert_eq!(serde_json::from_str::<f64>(&json(0)).ok(), Some(0.0));
    }

    #[test]
    fn what_a_call_worked_and_what_it_waited_is_measured() {
        let work = Start::at(Moment::now());
        let begin = sys::process_cpu_time();
        while sys::process_cpu_time() < begin + Duration::from_millis(2) {}
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
}
