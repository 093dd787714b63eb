//! A static for each annotated function: its descriptor, and the logger that its calls go to.

use std::cell::UnsafeCell;
use std::panic::RefUnwindSafe;

use super::budget::Budget;
use super::type_path::KnownCrates;
use crate::catalog::descriptor::{BeforeProduct, Descriptor, ProductLine};
use crate::logger::UsageLogger;
use crate::sys::Shared;

/// What stands between the event's name and the name of the function's crate.
const BEFORE_CRATE: &str = ",\"crate\":\"";

/// One annotated function.
///
/// The descriptor is one line of JSON, made by the attribute: event, crate, file, line and the
/// names of the properties. The event's name on the wire is a piece of that very text, so that the
/// text is in every binary that can send the event, for the catalogue.
///
/// The compiler looks at this type for each annotated function, and at what is in it, so that is
/// behind a door.
#[derive(Debug)]
pub struct CallSite(Shared<Parts>);

#[derive(Debug)]
struct Parts {
    logger: &'static UsageLogger,
    budget: Budget,
    descriptor: Descriptor,
}

/// Atomics and references to `'static` only: no broken invariant can be seen after a panic, so an
/// annotated `async fn` is as unwind-safe as the author wrote it.
impl RefUnwindSafe for CallSite {}

/// The call site that `line` describes; the event's name ends at `event_end` in it.
///
/// The compiler runs this for each annotated function, and finds it by its path: so it looks at nothing,
/// calls next to nothing, and is no type's.
#[must_use]
pub const fn call_site(
    logger: &'static UsageLogger,
    line: &'static str,
    event_end: usize,
    before_product: &'static BeforeProduct,
) -> CallSite {
    CallSite(Shared(UnsafeCell::new(Parts {
        logger,
        budget: const { Budget::new() },
        descriptor: Descriptor {
            line,
            event_end,
            product: ProductLine {
                before_product: *before_product,
                product: logger.key,
                end: ProductLine::END,
            },
        },
    })))
}

impl CallSite {
    #[inline]
    pub(crate) fn budget(&self) -> &Budget {
        &self.0.get().budget
    }

    #[inline]
    pub(crate) fn logger(&self) -> &'static UsageLogger {
        self.0.get().logger
    }

    /// The event's name as a JSON string, with its quotation marks.
    pub(crate) fn event(&'static self) -> &'static [u8] {
        self.0.get().descriptor.event()
    }

    /// The crates whose types may be named.
    pub(crate) fn known_crates(&'static self) -> KnownCrates<'static> {
        KnownCrates { own: self.crate_name(), declared: self.logger().product().error_crates }
    }

    /// The name of the crate that the annotated function is in.
    fn crate_name(&'static self) -> &'static str {
        let after_event = self.0.get().descriptor.after_event();
        let crate_onwards = after_event.strip_prefix(BEFORE_CRATE).unwrap_or_default();
        crate_onwards.split('"').next().unwrap_or_default()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    static LOGGER: UsageLogger = UsageLogger::new("test", "0.0.0");

    /// A call site of `logger`, with the event that stands in JSON at the beginning of `rest`.
    pub(crate) fn site(logger: &'static UsageLogger, rest: &str) -> &'static CallSite {
        let line = format!("\nusage-runtime/catalog/1 {{\"site\":\"0123456789abcdef\",\"event\":{rest}}}\n");
        let event_end = line.find(BEFORE_CRATE).expect("a crate");
        Box::leak(Box::new(call_site(logger, String::leak(line), event_end, &[b' '; 63])))
    }

    #[test]
    fn a_call_site_knows_its_event_and_its_crate() {
        let named = site(&LOGGER, r#""DLE \"fit\"","crate":"watch","file":"src/dle.rs""#);
        assert_eq!(named.event(), br#""DLE \"fit\"""#);
        assert_eq!(named.crate_name(), "watch");
    }
}
