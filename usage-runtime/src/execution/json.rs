//! Texts as JSON. Written here, since a JSON crate in the dependencies of a library makes types
//! comparable with its own, which changes what the compiler can infer in the author's code.

/// Appends `text` as a JSON string, with its quotation marks.
pub(crate) fn append_string(json: &mut Vec<u8>, text: &str) {
    json.push(b'"');
    append_escaped(json, text);
    json.push(b'"');
}

/// Appends `text` as it stands inside of a JSON string.
pub(crate) fn append_escaped(json: &mut Vec<u8>, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => json.extend_from_slice(&[b'\\', byte]),
            0..=0x1f => {
                json.extend_from_slice(b"\\u00");
                json.extend_from_slice(&[hex_digit(byte >> 4), hex_digit(byte & 0xf)]);
            }
            _ => json.push(byte),
        }
    }
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
        let mut json = Vec::new();
        append_string(&mut json, &all);
        assert_eq!(serde_json::from_slice::<String>(&json).unwrap(), all);
    }
}
