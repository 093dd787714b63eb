//! Tests of the quick look at a line: what it lets through has to be what a slow one lets through.

use super::super::segment::is_event;
use super::super::testing::event;
use super::*;

const LINE: &str = r#"{"type":"track","event":"DLE fit","timestamp":"2026-11-23T19:48:41.285Z","properties":{"metrics":["roc_auc","f1"],"none":[],"flags":[true,false],"run_time":0.000012345,"process_run_time":12.5,"exception_occurred":true,"exception_type":"a::B<c>","calls":70}}"#;

#[test]
fn a_line_of_ours_is_whole_whatever_follows() {
    for line in [LINE, &event("a{b}"), &event("")] {
        for behind in ["", "\n", "\n{\"type\"", "}"] {
            let bytes = format!("{line}{behind}");
            assert_eq!(length_of_event(bytes.as_bytes()), Some(line.len()), "{bytes}");
        }
    }
}

#[test]
fn a_line_that_is_torn_anywhere_is_not() {
    for length in 0..LINE.len() {
        assert_eq!(length_of_event(&LINE.as_bytes()[..length]), None, "{length}");
        let joined = format!("{}{LINE}", &LINE[..length]);
        let found = length_of_event(joined.as_bytes());
        assert!(length == 0 || found.is_none(), "{length}");
    }
}

/// Whatever byte of a line is changed, lost or doubled: it is never taken for whole where it is not.
#[test]
fn what_the_quick_look_takes_for_whole_serde_json_and_the_slow_look_take_for_whole() {
    let judge = |bytes: &[u8]| {
        let mut shapes = Shapes::default();
        assert_eq!(shapes.length_of_event(LINE.as_bytes()), Some(LINE.len()));
        // By itself, and where a line of the same event is remembered.
        let found = [length_of_event(bytes), shapes.length_of_event(bytes)];
        assert_eq!(found[0], found[1], "{:?}", String::from_utf8_lossy(bytes));
        if let Some(length) = found[0] {
            let line = std::str::from_utf8(&bytes[..length]).expect("text");
            assert!(is_event(line) && serde_json::from_str::<serde_json::Value>(line).is_ok(), "{line}");
        }
    };
    for position in 0..LINE.len() {
        let (before, after) = LINE.as_bytes().split_at(position);
        judge(&[before, &after[1..]].concat());
        for byte in 0..=255_u8 {
            judge(&[before, &[byte], &after[1..]].concat());
            judge(&[before, &[byte], after].concat());
        }
    }
}

#[test]
fn what_is_whole_in_another_way_is_for_the_slow_look() {
    for other in [
        event("a\\\"b"),
        event("é"),
        event("a").replace("0.1", "-1"),
        event("a").replace("0.1", "1e9"),
        event("a").replace("0.1", "null"),
        event("a").replace(",\"timestamp\":\"t\"", ""),
        event("a").replace("0.1", "[[1]]"),
    ] {
        assert_eq!((length_of_event(other.as_bytes()), is_event(&other)), (None, true), "{other}");
    }
}

#[test]
fn what_is_no_json_is_not_whole() {
    for value in
        ["01", "1.", ".1", "00", "", "[", "[1,]", "[,]", "]", "tru", "falsee", "1,", "\"a", "\"\u{1}\""]
    {
        let line = event("a").replace("0.1", value);
        assert_eq!((length_of_event(line.as_bytes()), is_event(&line)), (None, false), "{line}");
    }
    for byte in 0..0x20 {
        let line = event("a~b").replace('~', &char::from(byte).to_string());
        assert_eq!(length_of_event(line.as_bytes()), None, "{line:?}");
    }
}

#[test]
fn eight_bytes_at_once_are_judged_like_each_alone() {
    let mut bytes = *b"abcdefgh";
    for first in 0..=255_u8 {
        for (place, second) in (0..8).flat_map(|place| (0..=255_u8).map(move |second| (place, second))) {
            (bytes[place], bytes[(place + 3) % 8]) = (first, second);
            let expected = bytes.iter().position(|byte| !is_plain(*byte));
            let special = special_bytes(u64::from_le_bytes(bytes));
            let found = (special != 0).then(|| special.trailing_zeros() as usize / 8);
            assert_eq!(found, expected, "{bytes:?}");
            bytes = *b"abcdefgh";
        }
    }
}

fn has_only_other_digits(line: &[u8], known: &[u8]) -> bool {
    let mut lines = Known::default();
    lines.learn(known);
    lines.length_in(line) == Some(known.len())
}

#[test]
fn a_line_with_other_digits_is_known_without_being_read() {
    let known = LINE.as_bytes();
    for (old, new) in [
        ("0.000012345", "0.987654321"),
        ("0.000012345", "0.000000000"),
        ("2026-11-23T19:48:41.285Z", "2027-12-31T11:17:56.999Z"),
        (":70}", ":98}"),
        (":70}", ":80}"),
        ("12.5", "99.0"),
    ] {
        assert!(has_only_other_digits(LINE.replacen(old, new, 1).as_bytes(), known), "{new}");
    }
}

#[test]
fn a_line_that_differs_in_anything_else_has_to_be_read() {
    let known = LINE.as_bytes();
    for (old, new) in [
        ("12.5", "02.5"),
        ("12.5", "1.25"),
        ("12.5", "1225"),
        ("12.5", "12.50"),
        ("12.5", "-2.5"),
        (":70}", ":07}"),
        ("true", "fals"),
        ("fit", "fi1"),
        ("f1", "fi"),
        ("2026", "202\""),
    ] {
        assert!(!has_only_other_digits(LINE.replacen(old, new, 1).as_bytes(), known), "{new}");
    }
    assert!(!has_only_other_digits(&known[..known.len() - 1], known) && !has_only_other_digits(b"", known));
    assert!(!has_only_other_digits(&[b"[", &known[1..]].concat(), known));
}

#[test]
fn lines_of_many_events_in_turn_are_each_found_whole() {
    let mut shapes = Shapes::default();
    for turn in 0..1000 {
        let line = event(&format!("event {} of many", turn % 37)).replace("0.1", &format!("0.{turn:04}"));
        let torn = &line.as_bytes()[..turn % line.len()];
        assert_eq!(shapes.length_of_event(torn), None);
        assert_eq!(shapes.length_of_event(format!("{line}\nx").as_bytes()), Some(line.len()));
    }
}
