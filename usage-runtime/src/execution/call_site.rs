//! A static for each annotated function: its descriptor, and the logger that its calls go to.

use std::panic::RefUnwindSafe;

use crate::logger::UsageLogger;

/// What a descriptor begins with, up to the event's name.
const BEFORE_EVENT: &str = "{\"event\":";

/// What stands between the event's name and the function's module.
const BEFORE_MODULE: &str = ",\"module\":\"";

/// One annotated function.
///
/// The descriptor is one line of JSON, made by the attribute: event, module, file, line and the
/// names of the properties. The event's name on the wire is a piece of that very text, so that the
/// text is in every binary that can send the event.
#[derive(Debug)]
pub struct CallSite {
    logger: &'static UsageLogger,
    /// The event's name as a JSON string, with its quotation marks.
    event: &'static str,
    /// The descriptor from the function's module on.
    module_onwards: &'static str,
}

/// Atomics and references to `'static` only: no broken invariant can be seen after a panic, so an
/// annotated `async fn` is as unwind-safe as the author wrote it.
impl RefUnwindSafe for CallSite {}

impl CallSite {
    /// The call site that `descriptor` describes; `event_length` is the length of the event's name
    /// in it, as a JSON string with its quotation marks.
    ///
    /// # Panics
    ///
    /// At compile time alone, if the attribute and this crate disagree about the descriptor.
    #[must_use]
    pub const fn new(logger: &'static UsageLogger, descriptor: &'static str, event_length: usize) -> Self {
        let (_, event_onwards) = descriptor.split_at(BEFORE_EVENT.len());
        let (event, rest) = event_onwards.split_at(event_length);
        let (_, module_onwards) = rest.split_at(BEFORE_MODULE.len());
        Self { logger, event, module_onwards }
    }

    /// Whether a call would be recorded now: one relaxed load and a branch.
    #[inline]
    pub(crate) fn is_on(&self) -> bool {
        self.logger.is_on()
    }

    pub(crate) fn logger(&self) -> &'static UsageLogger {
        self.logger
    }

    /// The event's name as a JSON string, with its quotation marks.
    pub(crate) fn event(&self) -> &'static str {
        self.event
    }

    /// The name of the crate that the annotated function is in.
    pub(crate) fn crate_name(&self) -> &'static str {
        self.module_onwards.split([':', '"']).next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static LOGGER: UsageLogger = UsageLogger::new("test", "0.0.0");

    #[test]
    fn a_call_site_knows_its_event_and_its_crate() {
        let descriptor =
            r#"{"event":"DLE \"fit\"","module":"watch::dle","file":"src/dle.rs","line":1,"properties":[]}"#;
        let site = CallSite::new(&LOGGER, descriptor, r#""DLE \"fit\"""#.len());
        assert_eq!(site.event(), r#""DLE \"fit\"""#);
        assert_eq!(site.crate_name(), "watch");
        let root = CallSite::new(&LOGGER, r#"{"event":"e","module":"watch","file":""}"#, 3);
        assert_eq!(root.crate_name(), "watch");
    }
}
