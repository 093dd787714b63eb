//! An error is said once, beside the author's item as it was: what uses the item goes on to
//! compile, and an editor goes on to complete.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::Error;

/// What `expand` makes of the item, or its error and the item.
pub(crate) fn with_item_kept(
    item: TokenStream,
    expand: impl FnOnce(TokenStream) -> syn::Result<TokenStream>,
) -> TokenStream {
    match expand(item.clone()) {
        Ok(expansion) => expansion,
        Err(error) => {
            let mut tokens = said(error);
            tokens.extend(item);
            tokens
        }
    }
}

/// The error as tokens. In the oldest edition `::core` is in the author's own crate, so the path is of
/// this crate's edition.
pub(crate) fn said(error: Error) -> TokenStream {
    let of_this_edition = |mut token: TokenTree| {
        if !matches!(token, TokenTree::Group(_)) {
            token.set_span(token.span().resolved_at(Span::mixed_site()));
        }
        token
    };
    error.into_compile_error().into_iter().map(of_this_edition).collect()
}
