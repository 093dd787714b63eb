//! Values of random shape, held against the same values said in another way.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::Value;

use super::{UsageValue, ValueWriter};

/// What an author could write, wherever it hurts.
const TEXTS: [&str; 12] = [
    "",
    "roc_auc",
    "\"}],\"userId\":\"me\",\"x\":[{\"",
    "\\",
    "\\u0000\\",
    "\0\u{1}\u{1f}\u{7f}\u{80}",
    "line\r\n\tbreak",
    "\u{2028}\u{2029}\u{feff}\u{202e}",
    "äöü 漢字 🦀\u{10ffff}",
    "</script><!--",
    LONG,
    LONG_AND_WIDE,
];

const LONG: &str = match str::from_utf8(&[b'x'; 300]) {
    Ok(text) => text,
    Err(_) => "",
};

/// 85 letters of three bytes fill 255, and one `é` less than that does not end at a letter's end.
const LONG_AND_WIDE: &str = "é漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢";

/// Numbers without rhyme or reason, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }

    fn text(&mut self) -> &'static str {
        TEXTS[self.below(TEXTS.len())]
    }

    fn perhaps<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(4) > 0).then(|| value(self))
    }

    fn several<T>(&mut self, value: impl Fn(&mut Self) -> T) -> Vec<T> {
        let count = if self.below(50) == 0 { 300 } else { self.below(5) };
        (0..count).map(|_| value(self)).collect()
    }
}

/// A value as it has to be written; `None` is left out.
trait Expected {
    fn expected(&self) -> Option<Value>;
}

impl Expected for bool {
    fn expected(&self) -> Option<Value> {
        Some(Value::Bool(*self))
    }
}

impl Expected for &'static str {
    fn expected(&self) -> Option<Value> {
        let mut text = (*self).to_owned();
        while text.len() > 255 {
            text.pop();
        }
        Some(Value::String(text))
    }
}

impl<T: Expected> Expected for Option<T> {
    fn expected(&self) -> Option<Value> {
        self.as_ref().and_then(T::expected)
    }
}

impl<T: Expected> Expected for Vec<T> {
    fn expected(&self) -> Option<Value> {
        Some(Value::Array(self.iter().take(254).filter_map(T::expected).collect()))
    }
}

fn written(value: &(impl UsageValue + ?Sized)) -> Option<Value> {
    let mut json = b"before".to_vec();
    let is_written = ValueWriter::write(&mut json, value);
    let json = json.strip_prefix(b"before").unwrap();
    assert_eq!(is_written, !json.is_empty());
    is_written.then(|| serde_json::from_slice(json).unwrap())
}

#[test]
fn every_value_is_written_as_what_it_is_whatever_stands_in_it() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for _ in 0..3000 {
        let text = dice.text();
        assert_eq!(written(&text), text.expected());
        let deep = dice.several(|dice| {
            dice.perhaps(|dice| dice.several(|dice| dice.perhaps(|dice| dice.perhaps(Dice::text))))
        });
        assert_eq!(written(&deep), deep.expected());
        let flags = dice.perhaps(|dice| dice.several(|dice| dice.below(2) == 0));
        assert_eq!(written(&flags), flags.expected());
        // What only holds a value changes nothing in it.
        assert_eq!(written(&Box::new(&deep)), deep.expected());
        assert_eq!(written(&Arc::new(deep.as_slice())), deep.expected());
        assert_eq!(written(&Cow::Borrowed(deep.as_slice())), deep.expected());
        assert_eq!(written(&deep.iter().collect::<VecDeque<_>>()), deep.expected());
    }
}
