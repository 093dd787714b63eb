//! Where in the source an attribute stands; for the descriptor of its call site.

/// File and line of an attribute.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: usize,
}

impl Place {
    /// The place of the attribute that is expanded now.
    pub(crate) fn of_attribute() -> Self {
        let span = proc_macro::Span::call_site();
        Self { file: span.file(), line: span.line() }
    }
}
