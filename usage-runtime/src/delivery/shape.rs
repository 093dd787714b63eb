//! The shape of an event's line as we write it, looked for in one pass and without building anything:
//!
//! ```text
//! {"type":"track","event":"…","timestamp":"…","properties":{"name":value,…}}
//! ```
//!
//! Values are texts, numbers, `true`, `false`, and lists of these; texts are ASCII without escapes. So
//! nothing but a whole line has it: the quotation marks of another line's beginning would end the text
//! that it stands in. Lines that are whole in another way are for a slower look, see `line`.

use super::segment::{LINE_END, LINE_START};

/// How long the event's line is that `bytes` begin with; `None` if that is not of this shape. Whatever
/// comes behind it is not looked at.
pub(super) fn length_of_event(bytes: &[u8]) -> Option<usize> {
    let mut rest = Rest(bytes);
    // It ends within the event's name.
    rest.skip(LINE_START.as_bytes())?;
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
    rest.skip(LINE_END.as_bytes())?;
    bytes.len().checked_sub(rest.0.len())
}

/// What was not looked at yet.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn skip(&mut self, token: &[u8]) -> Option<()> {
        self.0 = self.0.strip_prefix(token)?;
        Some(())
    }

    /// Goes behind the end of the text that this is the inside of.
    fn end_of_text(&mut self) -> Option<()> {
        let end = self.0.iter().position(|byte| !is_plain(*byte))?;
        self.0 = self.0.get(end..)?;
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
        let count = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.0 = self.0.get(count..)?;
        (count > 0).then_some(())
    }
}

/// Whether a byte stands for itself inside of a text, and is a letter by itself.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'!' | b'#'..=b'[' | b']'..=b'~')
}

#[cfg(test)]
#[path = "shape_tests.rs"]
mod tests;
