//! Where generated tokens stand, in the eyes of the compiler: at the author's, so that errors are reported
//! there, or where no name of the author's can meet them.

use proc_macro2::{Ident, Span};

/// The place of the author's tokens for tokens of ours, so that errors are reported there.
pub(crate) fn placed(span: Span) -> Span {
    span.resolved_at(Span::call_site())
}

/// A local variable, by a name that no author has; the same that it has in text.
pub(crate) fn local(name: &str) -> Ident {
    Ident::new(&format!("__log_usage_{name}"), Span::call_site())
}
