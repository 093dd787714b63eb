//! Our reader against another one, on documents of all kinds.

use serde_json::Value;

use super::*;

#[test]
fn a_list_is_walked_through() {
    let items = |text: &str| -> Vec<String> {
        let list = Json::parse(text.as_bytes()).unwrap();
        list.items().map(|item| item.0.to_owned()).collect()
    };
    assert_eq!(items(r#" [ 1 , "a,]" ,[2, 3],{"b":[]} ]"#), ["1", r#""a,]""#, "[2, 3]", r#"{"b":[]}"#]);
    assert!(items("[]").is_empty() && items("{}").is_empty() && items("1").is_empty());
}

/// A small generator, the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn pick(&mut self, pieces: &[&'static str]) -> &'static str {
        pieces[usize::try_from(self.below(pieces.len() as u64)).unwrap()]
    }
}

/// A document that is most often valid.
fn document(random: &mut Random, depth: u32) -> String {
    let blank = random.pick(&["", "", " ", "\n\t"]);
    let scalars = [
        "null",
        "true",
        "false",
        "0",
        "-0",
        "12.5e-3",
        "1E5",
        "01",
        "1.",
        "-",
        ".5",
        "+1",
        "tru",
        r#""""#,
        r#""text""#,
        r#""\n\"\\\/ä😀""#,
        r#""\ud83d\ude00""#,
        r#""\ud83d""#,
        r#""\u00"#,
        r#""\x""#,
        "\"\u{1}\"",
        "\"open",
        "18446744073709551615",
        "\u{a0}1",
        "'a'",
    ];
    let keys = [r#""a""#, r#""properties""#, r#""\u0061""#, r#""""#, "a"];
    let inside = match random.below(if depth > 3 { 1 } else { 3 }) {
        0 => random.pick(&scalars).to_owned(),
        1 => {
            let items: Vec<_> = (0..random.below(4)).map(|_| document(random, depth + 1)).collect();
            format!("[{}{}]", items.join(","), random.pick(&["", "", "", ","]))
        }
        _ => {
            let member = |random: &mut Random| {
                format!("{}{blank}:{}", random.pick(&keys), document(random, depth + 1))
            };
            let members: Vec<_> = (0..random.below(4)).map(|_| member(random)).collect();
            format!("{{{blank}{}{}}}", members.join(","), random.pick(&["", "", "", ","]))
        }
    };
    format!("{blank}{inside}{blank}")
}

/// Both readers must say the same of a document.
fn compare(text: &[u8]) -> bool {
    let ours = Json::parse(text);
    let theirs = serde_json::from_slice::<Value>(text).ok();
    let shown = String::from_utf8_lossy(text);
    assert_eq!(ours.is_some(), theirs.is_some(), "{shown}");
    let (Some(ours), Some(theirs)) = (ours, theirs) else { return false };
    for name in ["a", "properties", ""] {
        let (ours, theirs) = (ours.get(name), theirs.get(name));
        assert_eq!(ours.is_some(), theirs.is_some(), "{shown}");
        assert_eq!(ours.and_then(Json::as_str).as_deref(), theirs.and_then(Value::as_str), "{shown}");
        assert_eq!(ours.and_then(Json::as_u64), theirs.and_then(Value::as_u64), "{shown}");
        assert_eq!(ours.is_some_and(Json::is_true), theirs == Some(&Value::Bool(true)), "{shown}");
    }
    true
}

#[test]
fn it_agrees_with_another_reader_on_whatever_is_written() {
    let mut random = Random(1);
    let valid = (0..20_000).filter(|_| compare(document(&mut random, 0).as_bytes())).count();
    assert!((2_000..18_000).contains(&valid), "{valid}");
}

#[test]
fn no_beginning_of_a_document_is_one() {
    let whole = r#"{"a":[1,{"b":"\ud83d\ude00ä"}],"properties":{"c":null}}"#;
    for end in 0..=whole.len() {
        assert_eq!(compare(&whole.as_bytes()[..end]), end == whole.len());
    }
}

#[test]
fn bytes_that_are_no_text_are_no_document() {
    for byte in 0..=u8::MAX {
        compare(&[b'"', byte, b'"']);
        compare(&[byte]);
    }
}

#[test]
fn what_is_nested_too_deep_is_refused() {
    let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Json::parse(nested(100).as_bytes()).is_some());
    assert!(Json::parse(nested(101).as_bytes()).is_none());
    assert!(Json::parse("[".repeat(1_000_000).as_bytes()).is_none());
}
