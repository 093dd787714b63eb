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
    json.push(b'"');
    append_escaped(json, text);
    json.push(b'"');
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
}
