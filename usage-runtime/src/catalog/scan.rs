//! Finds the marked lines in a file of any format, in bounded memory. Understands nothing of them.

use std::io::{self, BufRead, BufReader, Read};

use super::descriptor::MARK;
use crate::json::Json;

/// How long a line may be; longer ones are none of ours.
const LINE_LIMIT: u64 = 64 * 1024;

/// How many lines are kept; a real program has some hundred at most.
const COUNT_LIMIT: usize = 20_000;

/// The JSON of each marked line in `file`, or `None` if it has so many that it cannot be real.
///
/// What only looks like a marked line (the mark itself in a program that reads catalogues, a line
/// that was cut) is passed over.
pub(super) fn lines(file: impl Read) -> io::Result<Option<Vec<Vec<u8>>>> {
    let mut file = BufReader::with_capacity(64 * 1024, file);
    let (mut lines, mut line) = (Vec::new(), Vec::new());
    loop {
        line.clear();
        if (&mut file).take(LINE_LIMIT).read_until(b'\n', &mut line)? == 0 {
            return Ok(Some(lines));
        }
        let json = line.strip_prefix(MARK.as_bytes()).and_then(|line| line.strip_suffix(b"\n"));
        let Some(json) = json.filter(|json| Json::parse(json).is_some()) else { continue };
        if lines.len() >= COUNT_LIMIT {
            return Ok(None);
        }
        lines.push(json.to_vec());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(bytes: &[u8]) -> Vec<String> {
        lines(bytes).unwrap().unwrap().into_iter().map(|line| String::from_utf8(line).unwrap()).collect()
    }

    #[test]
    fn a_line_is_found_in_the_midst_of_anything() {
        let mut bytes = vec![0_u8; 200_000];
        bytes.extend_from_slice(format!("\n{MARK}{{\"a\":1}}\n").as_bytes());
        bytes.extend(vec![0xff; 70_000]);
        bytes.extend_from_slice(format!("\n{MARK}{{\"b\":2}}\n\n{MARK}{{\"c\":3}}\n").as_bytes());
        assert_eq!(found(&bytes), [r#"{"a":1}"#, r#"{"b":2}"#, r#"{"c":3}"#]);
    }

    /// The reader knows of no format, so a line is found wherever a linker puts it.
    #[test]
    fn a_line_is_found_at_every_place_in_a_file() {
        let line = format!("\n{MARK}{{\"a\":1}}\n");
        let limit = usize::try_from(LINE_LIMIT).unwrap();
        let around = |place: usize| place.saturating_sub(line.len())..place + 2;
        for place in around(0).chain(around(limit)).chain(around(2 * limit)) {
            for filler in *b"\0x" {
                let mut bytes = vec![filler; place];
                bytes.extend_from_slice(line.as_bytes());
                bytes.extend([filler; 3]);
                assert_eq!(found(&bytes), [r#"{"a":1}"#], "behind {place} times {filler}");
            }
        }
    }

    /// The longest that the compiler writes, for a property with thousands of names.
    #[test]
    fn the_longest_line_is_found() {
        let json = format!("{{\"a\":\"{}\"}}", "x".repeat(65_000 - MARK.len() - 10));
        let line = format!("\n{MARK}{json}\n");
        assert_eq!(line.len(), 65_000);
        assert_eq!(found(&[&vec![b'x'; 1000][..], line.as_bytes()].concat()), [json]);
    }

    #[test]
    fn what_only_looks_like_a_line_is_passed_over() {
        for text in [
            format!("\n{MARK}"),
            format!("\n{MARK}\n"),
            format!("\n{MARK}{{\"a\":1}}"),
            format!("\n{MARK}{{\"a\":\n1}}\n"),
            format!("\n{MARK}{{\"product\":\"\0\0\0\"}}\n"),
            format!("{MARK} {{\"a\":\"{}\"}}\n", "x".repeat(100_000)),
            format!("x{MARK}{{\"a\":1}}\n"),
        ] {
            assert!(found(text.as_bytes()).is_empty(), "{text:.60}");
        }
        assert!(found(b"").is_empty());
    }

    #[test]
    fn a_file_full_of_lines_is_refused() {
        let text = format!("\n{MARK}{{}}\n").repeat(COUNT_LIMIT + 1);
        assert!(lines(text.as_bytes()).unwrap().is_none());
    }
}
