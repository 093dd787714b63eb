//! The logger that events go to, as expansions name it.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

/// Cargo sets this while it compiles integration tests and benchmarks, and for nothing else.
const SET_FOR_TESTS: &str = "CARGO_TARGET_TMPDIR";

/// The static that the events of a function go to.
pub(crate) struct Logger {
    static_: TokenStream,
    may_be_missing: bool,
}

impl Logger {
    /// The one at `path`, or else the one at the root of the crate.
    ///
    /// A test may be made of a file of the library, by `#[path = "…"]`. Its root has no logger then, and
    /// needs none, for in tests nothing is logged.
    pub(crate) fn at(path: Option<&Path>) -> Self {
        let may_be_missing = path.is_none() && std::env::var_os(SET_FOR_TESTS).is_some();
        let default = if may_be_missing { quote!(USAGE) } else { quote!(crate::USAGE) };
        Self { static_: path.map_or(default, ToTokens::to_token_stream), may_be_missing }
    }

    /// A reference to it, in its own place.
    pub(crate) fn reference(&self) -> TokenStream {
        let static_ = &self.static_;
        quote_spanned!(static_.span().resolved_at(Span::call_site())=> &#static_)
    }

    /// Tokens that mention it, where it is found.
    pub(crate) fn found_for(&self, runtime: &TokenStream, tokens: TokenStream) -> TokenStream {
        if !self.may_be_missing {
            return tokens;
        }
        // What is in the inner block goes before what is in the outer one.
        quote! {{
            #[allow(unused_imports)]
            use #runtime::no_product::*;
            {
                #[allow(unused_imports)]
                use crate::*;
                #tokens
            }
        }}
    }
}
