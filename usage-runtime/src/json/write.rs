//! Texts as JSON.

/// `text` as a JSON string, with its quotation marks.
pub(crate) fn quoted(text: &str) -> String {
    let mut json = Vec::with_capacity(text.len().saturating_add(2));
    append_string(&mut json, text);
    // Only ASCII was put between the letters.
    String::from_utf8(json).unwrap_or_default()
}

/// Appends `text` as a JSON string, with its quotation marks.
pub(crate) fn append_string(json: &mut Vec<u8>, text: &str) {
    append(json, text, b"\"");
}

/// The same, and a comma.
pub(crate) fn append_string_and_comma(json: &mut Vec<u8>, text: &str) {
    append(json, text, b"\",");
}

/// The same for a text in which nothing has to be escaped.
#[inline]
pub(crate) fn append_plain_and_comma(json: &mut Vec<u8>, text: &str) {
    append_plain(json, text, b"\",");
}

#[inline]
fn append<const N: usize>(json: &mut Vec<u8>, text: &str, end: &[u8; N]) {
    if is_plain(text.as_bytes()) {
        append_plain(json, text, end);
    } else {
        append_special(json, text, end);
    }
}

#[inline]
fn append_plain<const N: usize>(json: &mut Vec<u8>, text: &str, end: &[u8; N]) {
    json.push(b'"');
    json.extend_from_slice(text.as_bytes());
    json.extend_from_slice(end);
}

/// A text in which something has to be escaped.
#[cold]
#[inline(never)]
fn append_special(json: &mut Vec<u8>, text: &str, end: &[u8]) {
    json.push(b'"');
    append_escaped(json, text);
    json.extend_from_slice(end);
}

/// Whether nothing in a text has to be escaped, as in most.
#[inline]
fn is_plain(text: &[u8]) -> bool {
    match text.last_chunk() {
        Some(last) => {
            let (words, _) = text.as_chunks();
            words.iter().chain([last]).all(|word| !has_special(u64::from_le_bytes(*word)))
        }
        None => !has_special(short(text)),
    }
}

/// The bytes of a text that has fewer than eight, some of them twice, or blanks beside them.
#[inline]
fn short(text: &[u8]) -> u64 {
    match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => {
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
        }
        _ => text.iter().fold(BLANKS, |word, byte| word << 8 | u64::from(*byte)),
    }
}

const BLANKS: u64 = u64::from_le_bytes([b' '; 8]);

#[inline]
fn has_special(word: u64) -> bool {
    special_bytes(word) != 0
}

/// Which of eight bytes is a quotation mark, a backslash or below the blank: the lowest bit that is set
/// is in the first one. What is set above it may mean nothing, for there a borrow may have come by.
///
/// With one bit changed in each byte, the first and the last are below 33 and no other is. And a byte
/// is below a limit where subtracting that borrows, and it is not above 127 itself.
#[inline]
pub(crate) fn special_bytes(word: u64) -> u64 {
    const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
    let is_below = |word: u64, limit: u8| word.wrapping_sub(u64::from_le_bytes([limit; 8])) & !word & HIGH;
    let in_each = |byte: u8| u64::from_le_bytes([byte; 8]);
    is_below(word ^ in_each(b'"' ^ b' '), 33) | is_below(word ^ in_each(b'\\'), 1)
}

/// Appends `text` as it stands inside of a JSON string.
pub(crate) fn append_escaped(json: &mut Vec<u8>, text: &str) {
    let mut rest = text.as_bytes();
    while let Some(plain) = rest.iter().position(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\')) {
        let (before, from) = rest.split_at(plain);
        json.extend_from_slice(before);
        let Some((special, after)) = from.split_first() else { return };
        match special {
            0..=0x1f => {
                json.extend_from_slice(b"\\u00");
                json.extend_from_slice(&[hex_digit(special >> 4), hex_digit(special & 0xf)]);
            }
            _ => json.extend_from_slice(&[b'\\', *special]),
        }
        rest = after;
    }
    json.extend_from_slice(rest);
}

fn hex_digit(value: u8) -> u8 {
    b"0123456789abcdef".get(usize::from(value)).copied().unwrap_or(b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_read_back_as_it_was() {
        let all: String = (0..=0x2_ffff).filter_map(char::from_u32).collect();
        assert_eq!(serde_json::from_str::<String>(&quoted(&all)).unwrap(), all);
    }

    #[test]
    fn each_character_is_escaped_wherever_it_stands_in_a_text_of_any_length() {
        let characters = (0..0x80).chain(['ä' as u32, 'ÿ' as u32]).filter_map(char::from_u32);
        for (character, length) in characters.flat_map(|character| (1..20).map(move |n| (character, n))) {
            for place in 0..length {
                let text: String = (0..length).map(|n| if n == place { character } else { 'a' }).collect();
                assert_eq!(serde_json::from_str::<String>(&quoted(&text)).unwrap(), text);
            }
        }
    }
}
