//! How a value is written: as JSON, bounded, with a comma behind it, or as the name of an error.

use super::error_name::ErrorName;
use super::value::UsageValue;
use crate::json;

/// How many values of a list are sent at most: Mixpanel takes fewer than 255.
const LIST_LIMIT: usize = 254;

/// How many bytes of one text are sent at most: Mixpanel cuts at 255.
const TEXT_LIMIT: usize = 255;

/// Where a value goes.
#[derive(Debug)]
pub struct ValueWriter<'a>(Target<'a>);

#[derive(Debug)]
enum Target<'a> {
    /// One JSON value, with a comma behind it.
    Json(&'a mut Vec<u8>),
    /// The same, of variants whose names are known to be plain.
    PlainJson(&'a mut Vec<u8>),
    /// The Rust name of the variant, if the value is one.
    Variant(&'a mut Option<&'static str>),
    /// The text, if the value is one.
    Text(&'a mut Option<&'static str>),
}

impl ValueWriter<'_> {
    /// Writes a variant: the name that is logged, and its name in Rust.
    pub fn variant(&mut self, name: &'static str, identifier: &'static str) -> bool {
        match &mut self.0 {
            Target::PlainJson(json) => json::append_plain_and_comma(json, bounded(name)),
            Target::Json(json) => json::append_string_and_comma(json, bounded(name)),
            Target::Variant(variant) => **variant = Some(identifier),
            Target::Text(_) => return false,
        }
        true
    }

    /// Appends the value as JSON, and a comma; appends nothing if there is none.
    #[inline]
    pub(crate) fn write<V: UsageValue + ?Sized>(json: &mut Vec<u8>, value: &V) -> bool {
        let is_plain = const { are_plain_names(V::__LOG_USAGE_NAMES) };
        let target = if is_plain { Target::PlainJson(json) } else { Target::Json(json) };
        value.__log_usage_write(&mut ValueWriter(target))
    }

    /// The Rust name of the variant that `value` is, if it is one.
    pub(crate) fn variant_of<V: UsageValue + ?Sized>(value: &V) -> Option<&'static str> {
        let mut variant = None;
        value.__log_usage_write(&mut ValueWriter(Target::Variant(&mut variant)));
        variant
    }

    /// What is said of an error that the author's function turned into `value`: its text, or else
    /// its type and variant.
    pub(crate) fn name_of<V: UsageValue>(value: &V) -> ErrorName {
        let mut text = None;
        value.__log_usage_write(&mut ValueWriter(Target::Text(&mut text)));
        text.map_or_else(|| ErrorName::of_variant::<V>(Self::variant_of(value)), ErrorName::Text)
    }

    pub(super) fn text(&mut self, text: &'static str) -> bool {
        match &mut self.0 {
            Target::Json(json) | Target::PlainJson(json) => {
                json::append_string_and_comma(json, bounded(text));
            }
            Target::Text(target) => **target = Some(text),
            Target::Variant(_) => return false,
        }
        true
    }

    pub(super) fn boolean(&mut self, value: bool) -> bool {
        let Some(json) = self.json() else { return false };
        json.extend_from_slice(if value { b"true,".as_slice() } else { b"false," });
        true
    }

    #[inline]
    pub(super) fn list<V: UsageValue>(&mut self, values: impl IntoIterator<Item = V>) -> bool {
        let Some(json) = self.json() else { return false };
        json.push(b'[');
        for value in values.into_iter().take(LIST_LIMIT) {
            ValueWriter::write(json, &value);
        }
        match json.last_mut() {
            Some(comma) if *comma == b',' => *comma = b']',
            _ => json.push(b']'),
        }
        json.push(b',');
        true
    }

    #[inline]
    fn json(&mut self) -> Option<&mut Vec<u8>> {
        match &mut self.0 {
            Target::Json(json) | Target::PlainJson(json) => Some(json),
            Target::Variant(_) | Target::Text(_) => None,
        }
    }
}

/// Whether a type's values are variants with names that stand in JSON as they are: so they do in the list
/// of all of them.
const fn are_plain_names(names: &str) -> bool {
    let [b'[', rest @ ..] = names.as_bytes() else { return false };
    let mut rest = rest;
    while let [byte, after @ ..] = rest {
        if *byte == b'\\' {
            return false;
        }
        rest = after;
    }
    true
}

/// As much of a text as may be sent.
#[inline]
fn bounded(text: &'static str) -> &'static str {
    if text.len() > TEXT_LIMIT { beginning(text) } else { text }
}

#[cold]
fn beginning(text: &'static str) -> &'static str {
    (0..=TEXT_LIMIT).rev().find_map(|end| text.get(..end)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::value::tests::{Metric, json};
    use super::*;

    /// A variant whose name is not plain.
    struct Quoted;

    impl UsageValue for Quoted {
        const __LOG_USAGE_NAMES: &'static str = r#"["a \"b\""]"#;

        fn __log_usage_write(&self, writer: &mut ValueWriter<'_>) -> bool {
            writer.variant("a \"b\"", "Quoted")
        }
    }

    #[test]
    fn only_names_without_anything_to_escape_are_plain() {
        assert!(are_plain_names(Metric::__LOG_USAGE_NAMES) && are_plain_names("[]"));
        assert!(!are_plain_names(<&str>::__LOG_USAGE_NAMES) && !are_plain_names(bool::__LOG_USAGE_NAMES));
        assert!(!are_plain_names(r#"["a","\"b\""]"#) && !are_plain_names(""));
    }

    #[test]
    fn a_variant_is_escaped_where_its_name_needs_it() {
        assert_eq!(json(&Quoted).unwrap(), r#""a \"b\"""#);
        assert_eq!(json(&[Some(&Quoted)]).unwrap(), r#"["a \"b\""]"#);
    }

    #[test]
    fn lists_and_texts_are_bounded() {
        let list: Vec<bool> = serde_json::from_str(&json(&[true; 1000]).unwrap()).unwrap();
        assert_eq!(list.len(), 254);
        let text: &'static str = "ä".repeat(1000).leak();
        assert_eq!(json(&text).unwrap(), format!("\"{}\"", "ä".repeat(127)));
    }

    #[test]
    fn only_a_variant_has_a_name_in_rust() {
        assert_eq!(ValueWriter::variant_of(&Metric::RocAuc), Some("RocAuc"));
        assert_eq!(ValueWriter::variant_of(&Some(Metric::Custom("secret"))), Some("Custom"));
        assert_eq!(ValueWriter::variant_of(&"text"), None);
        assert_eq!(ValueWriter::variant_of(&true), None);
        assert_eq!(ValueWriter::variant_of(&[Metric::RocAuc]), None);
    }
}
