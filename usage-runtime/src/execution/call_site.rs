//! A static for each annotated function: its descriptor, and the logger that its calls go to.

use std::panic::RefUnwindSafe;

use super::budget::Budget;
use super::type_path::KnownCrates;
use crate::catalog::descriptor::Descriptor;
use crate::logger::UsageLogger;

/// What a descriptor's text begins with, up to the event's name.
const BEFORE_EVENT: &str = "\",\"event\":";

/// What stands between the event's name and the function's module.
const BEFORE_MODULE: &[u8] = b",\"module\":\"";

/// One annotated function.
///
/// The descriptor is one line of JSON, made by the attribute: event, module, file, line and the
/// names of the properties. The event's name on the wire is a piece of that very text, so that the
/// text is in every binary that can send the event, for the catalogue.
#[derive(Debug)]
pub struct CallSite {
    logger: &'static UsageLogger,
    /// A static of its own, since it changes: of what does not, the compiler knows the values.
    budget: &'static Budget,
    descriptor: &'static Descriptor,
    /// Where the event's name ends in the descriptor.
    event_end: usize,
}

/// Atomics and references to `'static` only: no broken invariant can be seen after a panic, so an
/// annotated `async fn` is as unwind-safe as the author wrote it.
impl RefUnwindSafe for CallSite {}

impl CallSite {
    /// The call site that `descriptor` describes; the event's name ends at `event_end` in it.
    ///
    /// Nothing is looked at here: the compiler would have to do so for each annotated function,
    /// and takes its time.
    #[must_use]
    pub const fn new(
        logger: &'static UsageLogger,
        budget: &'static Budget,
        descriptor: &'static Descriptor,
        event_end: usize,
    ) -> Self {
        Self { logger, budget, descriptor, event_end }
    }

    #[inline]
    pub(crate) fn budget(&self) -> &'static Budget {
        self.budget
    }

    #[inline]
    pub(crate) fn logger(&self) -> &'static UsageLogger {
        self.logger
    }

    /// The event's name as a JSON string, with its quotation marks.
    pub(crate) fn event(&self) -> &'static [u8] {
        self.descriptor.text().get(BEFORE_EVENT.len()..self.event_end).unwrap_or(b"\"\"")
    }

    /// The crates whose types may be named.
    pub(crate) fn known_crates(&self) -> KnownCrates<'static> {
        KnownCrates { own: self.crate_name(), declared: self.logger.product.error_crates }
    }

    /// The name of the crate that the annotated function is in.
    fn crate_name(&self) -> &'static str {
        let after_event = self.descriptor.text().get(self.event_end..).unwrap_or_default();
        let module_onwards = after_event.strip_prefix(BEFORE_MODULE).unwrap_or_default();
        let name = module_onwards.split(|byte| matches!(byte, b':' | b'"')).next().unwrap_or_default();
        str::from_utf8(name).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::descriptor::DescriptorOf;

    static LOGGER: UsageLogger = UsageLogger::new("test", "0.0.0");
    static BUDGET: Budget = Budget::new();

    #[test]
    fn a_call_site_knows_its_event_and_its_crate() {
        const NAMED: &str = r#"","event":"DLE \"fit\"","module":"watch::dle","file":"src/dle.rs"}"#;
        const ROOT: &str = r#"","event":"e","module":"watch","file":""}"#;
        static NAMED_DESCRIPTOR: DescriptorOf<{ NAMED.len() }> = DescriptorOf::new(&LOGGER, NAMED);
        static ROOT_DESCRIPTOR: DescriptorOf<{ ROOT.len() }> = DescriptorOf::new(&LOGGER, ROOT);
        let site = CallSite::new(&LOGGER, &BUDGET, &NAMED_DESCRIPTOR, r#"","event":"DLE \"fit\"""#.len());
        assert_eq!(site.event(), br#""DLE \"fit\"""#);
        assert_eq!(site.crate_name(), "watch");
        let root = CallSite::new(&LOGGER, &BUDGET, &ROOT_DESCRIPTOR, r#"","event":"e""#.len());
        assert_eq!(root.crate_name(), "watch");
    }
}
