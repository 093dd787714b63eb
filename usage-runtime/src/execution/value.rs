//! The closed set of what may leave the machine: names that stand in the author's source code and
//! yes or no, never a text, a number or a path that a user could have put in.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

pub use super::value_writer::ValueWriter;

/// A value that may be logged as a property of an event.
///
/// There are few such types, on purpose: whatever implements this trait stands in the author's
/// source code, so an end user can read in the catalogue of events what a program could ever send.
///
/// | Rust | JSON |
/// |---|---|
/// | `bool` | `true`, `false` |
/// | `&'static str` | its text, 255 bytes at most |
/// | an enum with `#[derive(UsageValue)]` | the variant's name |
/// | `Option` of these | the value; for `None` the property is left out |
/// | slices, arrays, `Vec`, `VecDeque`, sets of these | a list, of the first 254 |
/// | references, `Box`, `Rc`, `Arc`, `Cow` of these | as what they hold |
///
/// Derive it. By hand it would be to no avail: the writer takes names of type `&'static str` and nothing
/// else, so that no crate on the way can let a text of a user pass by accident. On purpose an author can,
/// with a text that is made at run time and then leaked ([`String::leak`]), or with the name of a
/// caller's type ([`type_name`](std::any::type_name)): do not. The catalogue shows such a property as a
/// text and not as a list of names, so an end user can tell; where an enum will do, take an enum.
///
/// ```
/// use usage_runtime::UsageValue;
///
/// #[derive(Clone, Copy, UsageValue)]
/// enum Metric {
///     RocAuc, // roc_auc
///     F1,     // f1
///     #[usage_value(rename = "average_precision")]
///     Ap,
///     Custom(f64), // custom: a variant's fields are never read
/// }
/// ```
///
/// Two variants with the same name, a struct or a union are refused. So is a text that is not
/// known at compile time:
///
/// ```compile_fail,E0277
/// fn log(value: impl usage_runtime::UsageValue) {}
///
/// log(String::from("customer 42"));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be logged: it could hold what a user put in",
    label = "not a `UsageValue`",
    note = "loggable are `bool`, `&'static str`, enums with `#[derive(UsageValue)]`, and `Option`s and lists of these",
    note = "log the variant of an enum of yours that says as much as you need to know, such as a size class for a number"
)]
pub trait UsageValue {
    /// What the catalogue says of the values, as JSON: the list of all names, `"bool"` or `"text"`.
    #[doc(hidden)]
    const __LOG_USAGE_NAMES: &'static str;

    /// Writes the value; returns whether there was one. Implemented by the derive alone.
    #[doc(hidden)]
    fn __log_usage_write(&self, writer: &mut ValueWriter<'_>) -> bool;
}

/// A variant of an enum that derives [`trait@UsageValue`], or what points to one.
///
/// Not every `UsageValue`: a text is one only if it lives for ever, and where the compiler looks for
/// what an error is, it does not look at lifetimes.
pub trait VariantValue: UsageValue {}

/// Whether there was a value to write; the derive names it, where `bool` could be anything.
pub type Written = bool;

impl UsageValue for bool {
    const __LOG_USAGE_NAMES: &'static str = "\"bool\"";

    fn __log_usage_write(&self, writer: &mut ValueWriter<'_>) -> bool {
        writer.boolean(*self)
    }
}

impl UsageValue for &'static str {
    const __LOG_USAGE_NAMES: &'static str = "\"text\"";

    fn __log_usage_write(&self, writer: &mut ValueWriter<'_>) -> bool {
        writer.text(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: UsageValue> UsageValue for Option<T> {
    const __LOG_USAGE_NAMES: &'static str = T::__LOG_USAGE_NAMES;

    fn __log_usage_write(&self, writer: &mut ValueWriter<'_>) -> bool {
        self.as_ref().is_some_and(|value| value.__log_usage_write(writer))
    }
}

impl<T: VariantValue> VariantValue for Option<T> {}

#[diagnostic::do_not_recommend]
impl<T: UsageValue> UsageValue for [T] {
    const __LOG_USAGE_NAMES: &'static str = T::__LOG_USAGE_NAMES;

    fn __log_usage_write(&self, writer: &mut ValueWriter<'_>) -> bool {
        writer.list(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: UsageValue, const N: usize> UsageValue for [T; N] {
    const __LOG_USAGE_NAMES: &'static str = T::__LOG_USAGE_NAMES;

    fn __log_usage_write(&self, writer: &mut ValueWriter<'_>) -> bool {
        writer.list(self)
    }
}

/// Types that are written as the list of what they hold.
macro_rules! lists {
    ($($list:ty $(, $hasher:ident)?;)+) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: UsageValue $(, $hasher)?> UsageValue for $list {
            const __LOG_USAGE_NAMES: &'static str = T::__LOG_USAGE_NAMES;

            fn __log_usage_write(&self, writer: &mut ValueWriter<'_>) -> bool {
                writer.list(self)
            }
        }
    )+};
}

/// Types that point to one value and are written as that.
macro_rules! pointers {
    ($($pointer:ty),+) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: UsageValue + ?Sized> UsageValue for $pointer {
            const __LOG_USAGE_NAMES: &'static str = T::__LOG_USAGE_NAMES;

            fn __log_usage_write(&self, writer: &mut ValueWriter<'_>) -> bool {
                (**self).__log_usage_write(writer)
            }
        }

        impl<T: VariantValue + ?Sized> VariantValue for $pointer {}
    )+};
}

lists! { Vec<T>; VecDeque<T>; BTreeSet<T>; HashSet<T, S>, S; }
pointers! { &T, &mut T, Box<T>, Rc<T>, Arc<T> }

#[diagnostic::do_not_recommend]
impl<T: UsageValue + ToOwned + ?Sized> UsageValue for Cow<'_, T> {
    const __LOG_USAGE_NAMES: &'static str = T::__LOG_USAGE_NAMES;

    fn __log_usage_write(&self, writer: &mut ValueWriter<'_>) -> bool {
        (**self).__log_usage_write(writer)
    }
}

#[cfg(test)]
#[path = "value_tests.rs"]
mod property_tests;

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) enum Metric {
        RocAuc,
        Custom(#[expect(dead_code, reason = "a payload is never read")] &'static str),
    }

    impl UsageValue for Metric {
        const __LOG_USAGE_NAMES: &'static str = r#"["roc_auc","custom"]"#;

        fn __log_usage_write(&self, writer: &mut ValueWriter<'_>) -> bool {
            match self {
                Self::RocAuc => writer.variant("roc_auc", "RocAuc"),
                Self::Custom(..) => writer.variant("custom", "Custom"),
            }
        }
    }

    pub(in super::super) fn json<V: UsageValue + ?Sized>(value: &V) -> Option<String> {
        let mut json = Vec::new();
        let is_written = ValueWriter::write(&mut json, value);
        assert_eq!(is_written, json.pop() == Some(b','), "a value has a comma behind it");
        is_written.then(|| String::from_utf8(json).unwrap())
    }

    #[test]
    fn names_and_booleans_keep_their_json_type() {
        assert_eq!(json(&true).unwrap(), "true");
        assert_eq!(json(&false).unwrap(), "false");
        assert_eq!(json(&"a \"b\"").unwrap(), r#""a \"b\"""#);
        assert_eq!(json(&Metric::Custom("secret")).unwrap(), r#""custom""#);
    }

    #[test]
    fn collections_are_lists() {
        assert_eq!(json(&[Metric::RocAuc][..]).unwrap(), r#"["roc_auc"]"#);
        assert_eq!(json(&[true, false]).unwrap(), "[true,false]");
        assert_eq!(json(&Vec::<bool>::new()).unwrap(), "[]");
        assert_eq!(json(&VecDeque::from([Some(Metric::RocAuc), None])).unwrap(), r#"["roc_auc"]"#);
        assert_eq!(json(&BTreeSet::from(["b", "a"])).unwrap(), r#"["a","b"]"#);
        assert_eq!(json(&HashSet::from(["a"])).unwrap(), r#"["a"]"#);
        assert_eq!(json(&[[true], [false]]).unwrap(), "[[true],[false]]");
    }

    #[test]
    fn pointers_are_written_as_what_they_point_to() {
        assert_eq!(json(&&&true).unwrap(), "true");
        assert_eq!(json::<&mut bool>(&&mut true).unwrap(), "true");
        assert_eq!(json(&Box::new(Metric::RocAuc)).unwrap(), r#""roc_auc""#);
        assert_eq!(json(&(Rc::new("a"), Arc::new("b")).0).unwrap(), r#""a""#);
        assert_eq!(json(&Arc::new("b")).unwrap(), r#""b""#);
        assert_eq!(json(&Cow::Borrowed(&true)).unwrap(), "true");
        assert_eq!(json::<Box<[bool]>>(&Box::from([true])).unwrap(), "[true]");
    }

    #[test]
    fn nothing_is_left_out() {
        assert_eq!(json(&None::<bool>), None);
        assert_eq!(json(&Some(None::<bool>)), None);
        assert_eq!(json(&Some(true)).unwrap(), "true");
    }
}
