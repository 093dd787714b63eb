//! Generated code that is written as text: the compiler makes all of its tokens at once then. To make them
//! one by one is most of what an expansion would cost.

use std::env;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use crate::spans::placed;
use crate::tokens::refilled;

/// Cargo sets this while it compiles integration tests and benchmarks, and for nothing else.
const SET_FOR_TESTS: &str = "CARGO_TARGET_TMPDIR";

/// The paths that generated code begins at.
pub(crate) struct Source {
    /// The runtime's hidden module for expansions, in text.
    pub(crate) runtime: &'static str,
    /// A reference to the static that the events of a function go to, in text.
    pub(crate) logger: &'static str,
    logger_may_be_missing: bool,
    /// Words of the text that stand for what the author has written.
    authors: Vec<(&'static str, TokenStream)>,
}

impl Source {
    /// With the runtime and the logger at these paths, or else where they are for most.
    ///
    /// A test may be made of a file of the library, by `#[path = "…"]`. Its root has no logger then, and
    /// needs none, for in tests nothing is logged.
    pub(crate) fn of(runtime: Option<&Path>, logger: Option<&Path>) -> Self {
        let logger_may_be_missing = logger.is_none() && env::var_os(SET_FOR_TESTS).is_some();
        let mut source = Self {
            runtime: "::usage_runtime::__private_0_1_0",
            logger: if logger_may_be_missing { "&USAGE" } else { "&crate::USAGE" },
            logger_may_be_missing,
            authors: Vec::new(),
        };
        if let Some(path) = runtime {
            source.runtime = "__log_usage_runtime";
            source.authors.push((source.runtime, quote!(#path::__private_0_1_0)));
        }
        if let Some(path) = logger {
            source.logger = "__log_usage_logger";
            let reference = quote_spanned!(path.span().resolved_at(Span::call_site())=> &#path);
            source.authors.push((source.logger, reference));
        }
        source
    }

    /// The tokens of generated code.
    pub(crate) fn tokens(&self, text: &str) -> TokenStream {
        let tokens = tokens(text).expect("generated code has balanced brackets");
        if self.authors.is_empty() { tokens } else { self.completed(tokens) }
    }

    /// The same at another place.
    pub(crate) fn tokens_at(&self, place: Span, text: &str) -> TokenStream {
        let ours = placed(place);
        let at_place = |mut token: TokenTree| {
            // To ask every token for its span would take longer than all else here.
            token.set_span(if self.authors.is_empty() { ours } else { place.resolved_at(token.span()) });
            token
        };
        self.tokens(text).into_iter().map(at_place).collect()
    }

    /// Text that mentions the logger, where it is found.
    pub(crate) fn where_logger_is(&self, text: &str) -> String {
        if !self.logger_may_be_missing {
            return text.to_owned();
        }
        let runtime = self.runtime;
        // What is in the inner block goes before what is in the outer one.
        format!(
            "{{ #[allow(unused_imports)] use {runtime}::no_product::*;
                {{ #[allow(unused_imports)] use crate::*; {text} }} }}"
        )
    }

    /// Code that does nothing with the logger.
    pub(crate) fn mention_of_logger(&self) -> TokenStream {
        self.tokens(&self.where_logger_is(&format!("let _ = {};", self.logger)))
    }

    /// With what the author has written.
    fn completed(&self, tokens: TokenStream) -> TokenStream {
        let complete = |token: TokenTree| match &token {
            TokenTree::Ident(ident) => {
                let authors = self.authors.iter().find(|(word, _)| ident == word);
                authors.map_or_else(|| token.to_token_stream(), |(_, tokens)| tokens.clone())
            }
            TokenTree::Group(group) => refilled(group, self.completed(group.stream())).into_token_stream(),
            _ => token.to_token_stream(),
        };
        tokens.into_iter().flat_map(complete).collect()
    }
}

/// By the compiler itself, where there is one: `proc_macro2` would read all of it before.
fn tokens(text: &str) -> Option<TokenStream> {
    if proc_macro::is_available() {
        return text.parse::<proc_macro::TokenStream>().map(TokenStream::from).ok();
    }
    text.parse().ok()
}
