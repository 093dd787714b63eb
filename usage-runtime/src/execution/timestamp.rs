//! Moments on the wall clock as Segment wants them: ISO 8601, UTC, milliseconds
//! (`2026-11-23T19:48:41.285Z`). Reads no clock.

use std::cell::Cell;
use std::fmt;
use std::time::SystemTime;

use super::clock::WallTime;
use super::number::three_digits;

/// As long as each timestamp is.
type Text = [u8; 24];

/// The moment from which seconds are counted.
const EPOCH: &Text = b"1970-01-01T00:00:00.000Z";
/// The last moment that has a timestamp.
const LAST: WallTime = WallTime { second: 253_402_300_799, millisecond: 999 };

thread_local! {
    // The second that this thread wrote last, and its text: most events share it with the one before.
    // Made in const and without a destructor, so that it works in destructors of other
    // thread-locals, too.
    static LAST_SECOND: Cell<(u64, Text)> = const { Cell::new((0, *EPOCH)) };
}

/// Displays a moment.
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
        f.write_str(std::str::from_utf8(&timestamp(self.0.into())).unwrap_or_default())
    }
}

/// The text. Not left to humantime, which takes longer than all the rest of an event's line.
#[inline]
pub(super) fn timestamp(moment: WallTime) -> Text {
    match LAST_SECOND.try_with(Cell::get) {
        Ok((second, text)) if second == moment.second => with_millisecond(text, moment.millisecond),
        _ => anew(moment.min(LAST)),
    }
}

#[inline]
fn with_millisecond(mut text: Text, millisecond: u64) -> Text {
    let [.., f1, f2, f3, _] = &mut text;
    [*f1, *f2, *f3] = three_digits(millisecond);
    text
}

#[cold]
#[inline(never)]
fn anew(WallTime { second, millisecond }: WallTime) -> Text {
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
    let _ = LAST_SECOND.try_with(|last| last.set((second, text)));
    with_millisecond(text, millisecond)
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_timestamp_has_milliseconds_and_a_z() {
        let moment = SystemTime::UNIX_EPOCH + Duration::from_millis(1_795_463_321_085);
        assert_eq!(Timestamp(moment).to_string(), "2026-11-23T19:48:41.085Z");
    }

    #[test]
    fn every_millisecond_of_a_second_is_written_as_it_is() {
        for millisecond in 0..1000 {
            let moment = SystemTime::UNIX_EPOCH + Duration::from_millis(1_795_463_321_000 + millisecond);
            assert_eq!(Timestamp(moment).to_string(), humantime::format_rfc3339_millis(moment).to_string());
        }
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
            assert_eq!(timestamp(moment.into()).as_slice(), theirs.as_bytes());
        }
    }

    #[test]
    fn a_clock_set_before_1970_or_far_ahead_still_gives_a_timestamp() {
        let before = SystemTime::UNIX_EPOCH - Duration::from_secs(1);
        assert_eq!(Timestamp(before).to_string(), "1970-01-01T00:00:00.000Z");
        let ahead = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::from(u32::MAX) * 100);
        assert_eq!(Timestamp(ahead).to_string(), "9999-12-31T23:59:59.999Z");
    }
}
