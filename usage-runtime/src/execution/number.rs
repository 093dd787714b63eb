//! Numbers as decimal digits of JSON, many digits at once: one by one they were a fifth of all that
//! an event's line costs.

/// In nanoseconds.
pub(super) const A_SECOND: u64 = 1_000_000_000;

/// Appends a number as JSON.
pub(super) fn append_number(bytes: &mut Vec<u8>, number: u64) {
    const EIGHT: u64 = 100_000_000;
    let mut text = [b'0'; 24];
    let mut rest = number;
    for place in text.rchunks_exact_mut(8) {
        place.copy_from_slice(&eight_digits(rest % EIGHT));
        rest /= EIGHT;
    }
    let begin = text.iter().position(|digit| *digit != b'0').unwrap_or(text.len().saturating_sub(1));
    bytes.extend_from_slice(text.get(begin..).unwrap_or_default());
}

/// Appends nanoseconds as JSON seconds: `0.000012345`.
pub(super) fn append_seconds(bytes: &mut Vec<u8>, nanoseconds: u64) {
    append_number(bytes, nanoseconds / A_SECOND);
    let [_, fraction @ ..] = below_a_second(nanoseconds % A_SECOND);
    bytes.extend_from_slice(&fraction);
}

/// Nanoseconds that are less than a second, as JSON seconds: `0.000012345`.
#[inline]
pub(super) fn below_a_second(nanoseconds: u64) -> [u8; 11] {
    const A_TENTH: u64 = 100_000_000;
    let mut text = *b"0.000000000";
    let [_, _, first, others @ ..] = &mut text;
    let [.., digit] = (nanoseconds / A_TENTH).to_be_bytes();
    *first |= digit;
    *others = eight_digits(nanoseconds % A_TENTH);
    text
}

/// The digits of a number below a thousand.
#[inline]
pub(super) fn three_digits(number: u64) -> [u8; 3] {
    let hundreds = number.wrapping_mul(41) >> 12;
    let rest = number.wrapping_sub(hundreds.wrapping_mul(100));
    let tens = rest.wrapping_mul(103) >> 10;
    let ones = rest.wrapping_sub(tens.wrapping_mul(10));
    [hundreds, tens, ones].map(|digit| digit.to_le_bytes()[0] | b'0')
}

/// The digits of a number below a hundred million.
///
/// Halves it, the halves and the quarters, all in one word: each lane is divided by a multiplication
/// that is exact for numbers of its size.
#[inline]
fn eight_digits(number: u64) -> [u8; 8] {
    let fours = (number / 10_000) | (number % 10_000) << 32;
    let hundreds = fours.wrapping_mul(10_486) >> 20 & 0x0000_007f_0000_007f;
    let twos = hundreds | fours.wrapping_sub(hundreds.wrapping_mul(100)) << 16;
    let tens = twos.wrapping_mul(103) >> 10 & 0x000f_000f_000f_000f;
    let ones = tens | twos.wrapping_sub(tens.wrapping_mul(10)) << 8;
    (ones | 0x3030_3030_3030_3030).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of all sizes, by a generator that anyone can repeat.
    fn numbers() -> impl Iterator<Item = u64> {
        let step =
            |last: &u64| Some(last.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f));
        std::iter::successors(Some(1), step).take(300_000).map(|random| random >> (random & 63))
    }

    fn text(append: fn(&mut Vec<u8>, u64), number: u64) -> String {
        let mut bytes = Vec::new();
        append(&mut bytes, number);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_number_is_written_as_std_writes_it() {
        let borders = (0..20).flat_map(|power| {
            let border = 10_u64.pow(power);
            [border - 1, border, border + 1]
        });
        for number in numbers().chain(borders).chain([0, u64::MAX]) {
            assert_eq!(text(append_number, number), number.to_string());
        }
    }

    #[test]
    fn seconds_are_a_json_number_to_the_nanosecond() {
        for nanoseconds in numbers().chain([0, 999_999_999, 1_000_000_000, u64::MAX]) {
            let theirs = format!("{}.{:09}", nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
            assert_eq!(text(append_seconds, nanoseconds), theirs);
            let fraction = below_a_second(nanoseconds % A_SECOND);
            assert_eq!(fraction.as_slice(), format!("0.{:09}", nanoseconds % A_SECOND).as_bytes());
        }
        assert_eq!(serde_json::from_str::<f64>(&text(append_seconds, 0)).ok(), Some(0.0));
    }

    #[test]
    fn all_numbers_below_a_thousand_have_the_right_digits() {
        for number in 0..1000 {
            assert_eq!(three_digits(number).as_slice(), format!("{number:03}").as_bytes());
        }
    }

    #[test]
    fn all_numbers_of_four_digits_have_the_right_ones_in_both_halves() {
        for number in 0..10_000 {
            assert_eq!(eight_digits(number), format!("{number:08}").as_bytes());
            assert_eq!(eight_digits(number * 10_000 + 9_999), format!("{number:04}9999").as_bytes());
        }
    }
}
