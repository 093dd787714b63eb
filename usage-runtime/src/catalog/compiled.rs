//! Text that is put together while a program is compiled, so that it stands in the binary and
//! costs nothing when the program runs.

/// How many bytes of one text an author's constant may fill; longer ones are cut.
const TEXT_LIMIT: usize = 100;

/// `N` bytes, written from their beginning; what does not fit is left out, the rest is blank.
pub(crate) struct Compiled<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Compiled<N> {
    pub(crate) const fn new() -> Self {
        Self { bytes: [b' '; N], length: 0 }
    }

    pub(crate) const fn bytes(self) -> [u8; N] {
        self.bytes
    }

    /// With the second quotation mark of a JSON string, in the place of its end if that does not fit.
    pub(crate) const fn closed(mut self) -> [u8; N] {
        if self.length >= N {
            self.length = N.saturating_sub(1);
        }
        self.put(b'"');
        self.bytes
    }

    pub(crate) const fn push(mut self, text: &[u8]) -> Self {
        if let Some((_, free)) = self.bytes.split_at_mut_checked(self.length)
            && let Some((place, _)) = free.split_at_mut_checked(text.len())
        {
            place.copy_from_slice(text);
            self.length = self.length.saturating_add(text.len());
        }
        self
    }

    /// One byte, without a call: the compiler takes its time for each.
    #[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "it is less than `N`")]
    const fn put(&mut self, byte: u8) {
        if self.length < N {
            self.bytes[self.length] = byte;
            self.length += 1;
        }
    }

    /// The inside of a JSON string.
    pub(crate) const fn push_json(mut self, text: &str) -> Self {
        let mut rest = text.as_bytes();
        let mut taken = 0_usize;
        while let [byte, after @ ..] = rest {
            if taken >= TEXT_LIMIT && !is_within_a_letter(*byte) {
                return self.push("…".as_bytes());
            }
            if matches!(*byte, b'"' | b'\\') {
                self.put(b'\\');
            }
            self.put(if *byte < b' ' { b'?' } else { *byte });
            taken = taken.saturating_add(1);
            rest = after;
        }
        self
    }

    /// A name as the beginning of a variable's: upper case, everything else an underscore.
    pub(crate) const fn push_upper_case(mut self, name: &str) -> Self {
        let mut rest = name.as_bytes();
        while let [byte, after @ ..] = rest {
            if byte.is_ascii_alphanumeric() {
                self.put(byte.to_ascii_uppercase());
            } else if !is_within_a_letter(*byte) {
                self.put(b'_');
            }
            rest = after;
        }
        self
    }
}

/// Whether a byte of UTF-8 goes on with a letter that began before it.
const fn is_within_a_letter(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

/// 64 bits that tell texts apart (FNV-1a), going on from those of the texts before.
pub(crate) const fn hash(mut hash: u64, text: &[u8]) -> u64 {
    let mut rest = text;
    while let [byte, after @ ..] = rest {
        hash = (hash ^ *byte as u64).wrapping_mul(0x0000_0100_0000_01b3);
        rest = after;
    }
    // So that "a" and "b" differ from "ab".
    (hash ^ 0xff).wrapping_mul(0x0000_0100_0000_01b3)
}

/// What a [`hash`] begins with.
pub(crate) const NO_TEXT: u64 = 0xcbf2_9ce4_8422_2325;

/// A number as 16 letters.
#[expect(clippy::indexing_slicing, reason = "a digit is less than 16")]
pub(crate) const fn hex(mut number: u64) -> [u8; 16] {
    let mut hex = [b'0'; 16];
    let mut free = hex.as_mut_slice();
    while let [before @ .., last] = free {
        *last = DIGITS[(number & 15) as usize];
        number >>= 4;
        free = before;
    }
    hex
}

const DIGITS: [u8; 16] = *b"0123456789abcdef";

#[cfg(test)]
mod tests {
    use super::*;

    fn text<const N: usize>(compiled: Compiled<N>) -> String {
        String::from_utf8(compiled.bytes().to_vec()).unwrap().trim_end().to_owned()
    }

    #[test]
    fn json_is_escaped_and_cut_between_letters() {
        assert_eq!(text(Compiled::<20>::new().push_json("a\"\\\nä")), "a\\\"\\\\?ä");
        let long = "ä".repeat(200);
        assert_eq!(text(Compiled::<500>::new().push_json(&long)), format!("{}…", "ä".repeat(50)));
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        assert_eq!(text(Compiled::<4>::new().push(b"ab").push(b"cde").push(b"f")), "abf");
        assert_eq!(&Compiled::<4>::new().push_upper_case("abcde").closed(), b"ABC\"");
        assert_eq!(&Compiled::<4>::new().push_json("ab").closed(), b"ab\" ");
    }

    #[test]
    fn a_variable_is_named_as_at_run_time() {
        assert_eq!(text(Compiled::<20>::new().push_upper_case("Model-Wätch 2")), "MODEL_W_TCH_2");
    }

    #[test]
    fn a_number_is_sixteen_letters() {
        assert_eq!(&hex(0x0123_4567_89ab_cdef), b"0123456789abcdef");
        assert_ne!(hash(hash(NO_TEXT, b"a"), b"b"), hash(NO_TEXT, b"ab"));
    }
}
