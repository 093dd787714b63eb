//! What the catalogue is read from: marked lines of JSON in the binary's data, put there by the
//! compiler. Four kinds: of a product, of an event, of the product that an event belongs to, and of
//! the values of one event's property.
//!
//! Each line begins behind a line break with [`MARK`] and ends with a line break, so it can be told
//! from what stands around it. A line is in the binary if, and only if, code is that could send
//! what it describes: that code takes its event's name from the line, or holds it.

use std::hint::black_box;
use std::marker::PhantomData;

use super::compiled::{Compiled, NO_TEXT, hash, hex};
use crate::execution::value::UsageValue;
use crate::product::Product;

/// What a line begins with; the number is that of the format. Kept apart from what follows it, so
/// that no constant of a program that reads catalogues is a line itself.
pub(super) const MARK: &str = "usage-runtime/catalog/1 ";

const BEFORE_PRODUCT: &[u8; 33] = b"\nusage-runtime/catalog/1 {\"key\":\"";
const BEFORE_PROPERTY: &[u8] = b"\nusage-runtime/catalog/1 {\"property\":\"";
const BEFORE_VALUES: &[u8] = b"\",\"values\":";
const END: &[u8] = b"}\n";

/// What an event's line begins with, up to the event's name: the mark, and the number of its site.
const BEFORE_EVENT: usize = 60;

/// What the line of its product begins with, up to the product's key.
pub(crate) type BeforeProduct = [u8; 63];

/// The two lines of a call site: the event's, which the attribute has written, and the one that says
/// which product it belongs to. That is known only where the logger is, so it is filled in by the
/// compiler; it is a line of its own, since so it has one length, and every call site one type.
#[derive(Debug)]
pub(crate) struct Descriptor {
    pub(crate) line: &'static str,
    /// Where the event's name ends in the line.
    pub(crate) event_end: usize,
    #[expect(dead_code, reason = "only ever read in the file")]
    pub(crate) product: ProductLine,
}

/// The line that says which product an event belongs to.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct ProductLine {
    pub(crate) before_product: BeforeProduct,
    pub(crate) product: [u8; 16],
    pub(crate) end: [u8; 3],
}

impl ProductLine {
    /// What it ends with.
    pub(crate) const END: [u8; 3] = *b"\"}\n";
}

impl Descriptor {
    /// The event's name as a JSON string, with its quotation marks.
    pub(crate) fn event(&'static self) -> &'static [u8] {
        let Self { line, event_end, .. } = self.whole();
        line.as_bytes().get(BEFORE_EVENT..*event_end).unwrap_or(b"\"\"")
    }

    /// The line behind the event's name.
    pub(crate) fn after_event(&'static self) -> &'static str {
        let Self { line, event_end, .. } = self.whole();
        line.get(*event_end..).unwrap_or_default()
    }

    /// The compiler cannot see through this, so it cannot do with pieces of the lines and leave the
    /// rest out.
    fn whole(&'static self) -> &'static Self {
        black_box(self)
    }
}

/// The line of one product, a piece of its logger.
pub(crate) struct ProductDescriptor {
    pub(crate) key: [u8; 16],
    /// Only ever read in the file.
    #[cfg_attr(not(test), expect(dead_code, reason = "only ever read in the file"))]
    line: Option<ProductFacts>,
}

/// What stands in that line, text behind text. In fields, for the compiler makes it for every program that is
/// built, and takes its time for each text that is put behind another.
#[repr(C)]
struct ProductFacts {
    before_key: [u8; 33],
    key: [u8; 16],
    before_name: [u8; 10],
    name: JsonText,
    before_version: [u8; 12],
    version: JsonText,
    before_endpoint: [u8; 13],
    endpoint: JsonText,
    before_variable: [u8; 21],
    variable: JsonText,
    identity: [u8; 18],
    end: [u8; 2],
}

/// What a JSON string has behind its first quotation mark, and blanks.
type JsonText = [u8; 232];

impl ProductDescriptor {
    pub(crate) const fn of(product: &Product) -> Self {
        if crate::IS_LEFT_OUT {
            return Self { key: [0; 16], line: None };
        }
        let key = hex(key(product));
        Self { key, line: Some(ProductFacts::of(product, key)) }
    }
}

impl ProductFacts {
    const fn of(product: &Product, key: [u8; 16]) -> Self {
        let variable = match product.env_prefix {
            Some(prefix) => Compiled::new().push_json(prefix),
            None => Compiled::new().push_upper_case(product.name),
        };
        Self {
            before_key: *BEFORE_PRODUCT,
            key,
            before_name: *b"\",\"name\":\"",
            name: json(product.name),
            before_version: *b",\"version\":\"",
            version: json(product.version),
            before_endpoint: *b",\"endpoint\":\"",
            endpoint: json(product.endpoint),
            before_variable: *b",\"opt_out_variable\":\"",
            variable: variable.push_json("_DISABLE_USAGE_LOGGING").closed(),
            identity: if product.has_identity { [b' '; 18] } else { *b",\"identity\":\"none\"" },
            end: *b"}\n",
        }
    }
}

const fn json(text: &str) -> JsonText {
    Compiled::new().push_json(text).closed()
}

/// A number that tells products apart.
const fn key(product: &Product) -> u64 {
    let mut key = hash(hash(NO_TEXT, product.name.as_bytes()), product.version.as_bytes());
    key = hash(key, product.endpoint.as_bytes());
    key = hash(key, &[product.has_identity as u8]);
    match product.env_prefix {
        Some(prefix) => hash(key, prefix.as_bytes()),
        None => key,
    }
}

/// Keeps the line in the binary that says which values of type `V` the property `KEY` can have.
pub(crate) fn keep_values<const KEY: u64, V: UsageValue + ?Sized>() {
    black_box(Values::<KEY, V>::LINE);
}

/// A property, named by the attribute with a number of its own, and the type of its values.
struct Values<const KEY: u64, V: ?Sized>(PhantomData<V>);

impl<const KEY: u64, V: UsageValue + ?Sized> Values<KEY, V> {
    const LENGTH: usize = V::__LOG_USAGE_NAMES.len().saturating_add(80);

    /// As long as it has to be, nearly: no array's length can follow from `V`.
    const LINE: &'static [u8] = match Self::LENGTH {
        0..=128 => &Self::line::<128>(),
        129..=256 => &Self::line::<256>(),
        257..=1024 => &Self::line::<1024>(),
        1025..=4096 => &Self::line::<4096>(),
        _ => &Self::line::<65_000>(),
    };

    const fn line<const N: usize>() -> [u8; N] {
        let line = Compiled::new().push(BEFORE_PROPERTY).push(&hex(KEY)).push(BEFORE_VALUES);
        line.push(V::__LOG_USAGE_NAMES.as_bytes()).push(END).bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::product::tests::PRODUCT;

    #[test]
    fn every_line_begins_with_the_mark() {
        let lines: [&[u8]; 2] = [BEFORE_PRODUCT, BEFORE_PROPERTY];
        assert!(lines.iter().all(|line| line.starts_with(format!("\n{MARK}{{").as_bytes())));
    }

    #[test]
    fn a_product_tells_its_variable_as_it_is_at_run_time() {
        let variable = |product: &Product| {
            let json = [b"\"", &ProductDescriptor::of(product).line.unwrap().variable[..]].concat();
            serde_json::from_slice::<String>(&json).unwrap()
        };
        let prefixed = Product { env_prefix: Some("NML"), ..PRODUCT };
        assert_eq!(variable(&PRODUCT), PRODUCT.opt_out_variable());
        assert_eq!(variable(&prefixed), prefixed.opt_out_variable());
    }

    #[test]
    fn products_that_differ_have_different_keys() {
        let key = |product: Product| ProductDescriptor::of(&product).key;
        assert_ne!(key(PRODUCT), key(Product { version: "2.0.0", ..PRODUCT }));
        assert_ne!(key(PRODUCT), key(Product { endpoint: "https://example.com", ..PRODUCT }));
        assert_ne!(key(PRODUCT), key(Product { env_prefix: Some("P"), ..PRODUCT }));
        assert_ne!(key(PRODUCT), key(Product { has_identity: false, ..PRODUCT }));
    }
}
