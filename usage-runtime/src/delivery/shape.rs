//! The shape of an event's line as we write it, looked for in one pass and without building anything:
//!
//! ```text
//! {"type":"track","event":"…","timestamp":"…","properties":{"name":value,…}}
//! ```
//!
//! Values are texts, numbers, `true`, `false`, and lists of these; texts are ASCII without escapes. So
//! nothing but a whole line has it: the quotation marks of another line's beginning would end the text
//! that it stands in. Lines that are whole in another way are for a slower look, see `line`.
//!
//! Most lines differ from an earlier one of the same event in digits alone; these are not even read.

use super::segment::{LINE_END, LINE_START};
use crate::json;

/// How many lines are remembered, by their event's name.
const REMEMBERED: usize = 16;

/// Looks for the shape, and remembers lines that have it.
#[derive(Default)]
pub(super) struct Shapes([Known; REMEMBERED]);

impl Shapes {
    /// How long the event's line is that `bytes` begin with; `None` if that is not of the shape. Whatever
    /// comes behind it is not looked at.
    pub(super) fn length_of_event(&mut self, bytes: &[u8]) -> Option<usize> {
        let known = self.0.get_mut(place_of(bytes)?)?;
        if let Some(length) = known.length_in(bytes) {
            return Some(length);
        }
        let length = length_of_event(bytes)?;
        known.learn(bytes.get(..length)?);
        Some(length)
    }
}

/// Where a line of this event is remembered; two events may share a place.
fn place_of(bytes: &[u8]) -> Option<usize> {
    let name = bytes.get(LINE_START.len()..)?.first_chunk()?;
    let mixed = u64::from_le_bytes(*name).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    // The uppermost bits are those that all others have a part in.
    usize::try_from(mixed >> 32).ok()?.checked_rem(REMEMBERED)
}

/// The lines that are as one of the shape but for digits in the place of digits; so they have the shape as
/// well, if no number comes to begin with a 0. Of each byte the lowest and the highest that it may be.
#[derive(Default)]
struct Known {
    lowest: Vec<u8>,
    highest: Vec<u8>,
}

impl Known {
    /// How long the line is, if `bytes` begin with one of these.
    fn length_in(&self, bytes: &[u8]) -> Option<usize> {
        let line = bytes.get(..self.lowest.len()).filter(|line| !line.is_empty())?;
        let bounds = self.lowest.iter().zip(&self.highest);
        // Without a branch, so that many bytes are looked at at once: what is within stays what it is.
        let beyond =
            |any, (byte, (lowest, highest)): (&u8, (&u8, &u8))| any | byte ^ byte.max(lowest).min(highest);
        (line.iter().zip(bounds).fold(0, beyond) == 0).then_some(line.len())
    }

    /// Those that are as this one from now on.
    fn learn(&mut self, line: &[u8]) {
        let before = b" ".iter().chain(line);
        (self.lowest, self.highest) =
            line.iter().zip(before).map(|(byte, before)| bounds(*byte, *before)).unzip();
    }
}

/// What may stand in the place of a byte of a line, and behind another.
fn bounds(byte: u8, before: u8) -> (u8, u8) {
    let may_be_zero = byte == b'0' || before.is_ascii_digit() || before == b'.';
    match byte {
        b'0'..=b'9' if may_be_zero => (b'0', b'9'),
        b'1'..=b'9' => (b'1', b'9'),
        _ => (byte, byte),
    }
}

/// How long the event's line is that `bytes` begin with; `None` if that is not of this shape. Whatever
/// comes behind it is not looked at.
fn length_of_event(bytes: &[u8]) -> Option<usize> {
    let mut rest = Rest(bytes.strip_prefix(LINE_START.as_bytes())?);
    // It ends within the event's name.
    rest.end_of_text()?;
    rest.skip(b",\"timestamp\":\"")?;
    rest.end_of_text()?;
    rest.skip(b",\"properties\":{\"")?;
    loop {
        rest.end_of_text()?;
        rest.skip(b":")?;
        rest.value()?;
        if rest.skip(b",\"").is_none() {
            break;
        }
    }
    rest.0 = rest.0.strip_prefix(LINE_END.as_bytes())?;
    bytes.len().checked_sub(rest.0.len())
}

/// What was not looked at yet.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn skip<const LENGTH: usize>(&mut self, token: &[u8; LENGTH]) -> Option<()> {
        let (first, rest) = self.0.split_first_chunk()?;
        if first != token {
            return None;
        }
        self.0 = rest;
        Some(())
    }

    /// Goes behind the end of the text that this is the inside of.
    fn end_of_text(&mut self) -> Option<()> {
        let mut length = 0_usize;
        let mut words = self.0.chunks_exact(8);
        for word in words.by_ref() {
            let special = special_bytes(word.first_chunk().copied().map_or(0, u64::from_le_bytes));
            if special != 0 {
                let plain = usize::try_from(special.trailing_zeros() / 8).ok()?;
                self.0 = self.0.get(length.checked_add(plain)?..)?;
                return self.skip(b"\"");
            }
            length = length.checked_add(8)?;
        }
        let plain = words.remainder().iter().position(|byte| !is_plain(*byte))?;
        self.0 = self.0.get(length.checked_add(plain)?..)?;
        self.skip(b"\"")
    }

    fn value(&mut self) -> Option<()> {
        if self.skip(b"[").is_none() {
            return self.single();
        }
        if self.skip(b"]").is_some() {
            return Some(());
        }
        loop {
            self.single()?;
            if self.skip(b",").is_none() {
                return self.skip(b"]");
            }
        }
    }

    fn single(&mut self) -> Option<()> {
        match self.0.first()? {
            b'"' => {
                self.skip(b"\"")?;
                self.end_of_text()
            }
            b't' => self.skip(b"true"),
            b'f' => self.skip(b"false"),
            _ => self.number(),
        }
    }

    /// Without a sign or an exponent, which we do not write.
    fn number(&mut self) -> Option<()> {
        if self.skip(b"0").is_none() {
            self.digits()?;
        }
        if self.skip(b".").is_some() { self.digits() } else { Some(()) }
    }

    /// One digit or more.
    fn digits(&mut self) -> Option<()> {
        let count = self.0.iter().position(|byte| !byte.is_ascii_digit())?;
        self.0 = self.0.get(count..)?;
        (count > 0).then_some(())
    }
}

/// Whether a byte stands for itself inside of a text, and is a letter by itself.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii() && byte >= b' ' && byte != b'"' && byte != b'\\'
}

/// The same for eight bytes at once: the lowest bit that is set is in the first byte that is not plain.
fn special_bytes(word: u64) -> u64 {
    const HIGHEST: u64 = u64::from_le_bytes([0x80; 8]);
    json::special_bytes(word) | word & HIGHEST
}

#[cfg(test)]
#[path = "shape_tests.rs"]
mod tests;
