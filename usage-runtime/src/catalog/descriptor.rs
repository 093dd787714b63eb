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
use crate::logger::UsageLogger;
use crate::product::Product;

/// What a line begins with; the number is that of the format. Kept apart from what follows it, so
/// that no constant of a program that reads catalogues is a line itself.
pub(super) const MARK: &str = "usage-runtime/catalog/1 ";

const BEFORE_PRODUCT: &[u8] = b"\nusage-runtime/catalog/1 {\"key\":\"";
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
    line: &'static str,
    /// Where the event's name ends in the line.
    event_end: usize,
    #[expect(dead_code, reason = "only ever read in the file")]
    product: ProductLine,
}

#[derive(Debug)]
#[repr(C)]
struct ProductLine {
    before_product: BeforeProduct,
    product: [u8; 16],
    end: [u8; 3],
}

impl Descriptor {
    pub(crate) const fn new(
        logger: &UsageLogger,
        line: &'static str,
        event_end: usize,
        before_product: BeforeProduct,
    ) -> Self {
        let product = ProductLine { before_product, product: logger.descriptor.key, end: *b"\"}\n" };
        Self { line, event_end, product }
    }

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
    key: [u8; 16],
    /// Only ever read in the file.
    #[cfg_attr(not(test), expect(dead_code, reason = "only ever read in the file"))]
    line: [u8; 1024],
}

impl ProductDescriptor {
    pub(crate) const fn of(product: &Product) -> Self {
        if crate::IS_LEFT_OUT {
            return Self { key: [0; 16], line: [0; 1024] };
        }
        let mut key = hash(hash(NO_TEXT, product.name.as_bytes()), product.version.as_bytes());
        key = hash(key, product.endpoint.as_bytes());
        key = hash(key, &[product.has_identity as u8]);
        let mut variable = Compiled::<128>::new();
        variable = match product.env_prefix {
            Some(prefix) => {
                key = hash(key, prefix.as_bytes());
                variable.push_json(prefix)
            }
            None => variable.push_upper_case(product.name),
        };
        let variable = variable.push(b"_DISABLE_USAGE_LOGGING").bytes();
        let key = hex(key);
        let line = Compiled::new()
            .push(BEFORE_PRODUCT)
            .push(&key)
            .push(b"\",\"name\":\"")
            .push_json(product.name)
            .push(b"\",\"version\":\"")
            .push_json(product.version)
            .push(b"\",\"endpoint\":\"")
            .push_json(product.endpoint)
            .push(b"\",\"opt_out_variable\":\"")
            .push(variable.trim_ascii_end())
            .push(if product.has_identity { b"\"" } else { b"\",\"identity\":\"none\"" })
            .push(END);
        Self { key, line: line.bytes() }
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
        let lines = [BEFORE_PRODUCT, BEFORE_PROPERTY];
        assert!(lines.iter().all(|line| line.starts_with(format!("\n{MARK}{{").as_bytes())));
    }

    #[test]
    fn a_product_tells_its_variable_as_it_is_at_run_time() {
        let variable = |product: &Product| {
            let line = ProductDescriptor::of(product).line;
            let json = String::from_utf8_lossy(&line).trim().replace(MARK, "");
            let line: serde_json::Value = serde_json::from_str(&json).unwrap();
            line["opt_out_variable"].as_str().unwrap().to_owned()
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
