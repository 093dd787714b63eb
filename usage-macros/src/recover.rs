//! An error is said once, beside the author's item as it was: what uses the item goes on to
//! compile, and an editor goes on to complete.

use proc_macro2::{TokenStream, TokenTree};

/// What `expand` makes of the item, or its error and the item.
pub(crate) fn with_item_kept(
    item: TokenStream,
    expand: impl FnOnce(&[TokenTree]) -> syn::Result<TokenStream>,
) -> TokenStream {
    let tokens: Vec<TokenTree> = item.clone().into_iter().collect();
    match expand(&tokens) {
        Ok(expansion) => expansion,
        Err(error) => {
            let mut tokens = error.into_compile_error();
            tokens.extend(item);
            tokens
        }
    }
}
