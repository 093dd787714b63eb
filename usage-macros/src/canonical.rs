//! Bodies that Clippy knows by their shape and judges by it alone: there a guard before the author's
//! code would have it say more than of the function as written, or less.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;

use crate::args::Args;
use crate::function::Function;
use crate::tokens::refilled;

/// The body that Clippy is shown in place of one with a guard, if its shape matters.
///
/// Not if the attribute mentions arguments: they are used by it.
pub(crate) fn body(args: &Args, function: &Function) -> Option<TokenStream> {
    if !args.properties.is_empty() || args.failure.is_some() {
        return None;
    }
    let tokens: Vec<TokenTree> = function.body.clone().into_iter().collect();
    let is_canonical = is_stub(&tokens)
        || (function.name == "clone" && is_self_dereferenced(&tokens))
        || (function.name == "partial_cmp" && is_some_ordering(&tokens));
    if is_canonical { Some(function.body.clone()) } else { within_async_block(args, tokens) }
}

/// `*self`
fn is_self_dereferenced(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [TokenTree::Punct(star), TokenTree::Ident(this)] if star.as_char() == '*' && this == "self")
}

/// `Some(…)`, by any path.
fn is_some_ordering(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [.., TokenTree::Ident(some), TokenTree::Group(_)] if some == "Some")
}

/// `todo!()` or `unimplemented!()`, for a body that is still to be written.
fn is_stub(tokens: &[TokenTree]) -> bool {
    let tokens = match tokens {
        [tokens @ .., TokenTree::Punct(end)] if end.as_char() == ';' => tokens,
        tokens => tokens,
    };
    matches!(tokens, [.., TokenTree::Ident(name), TokenTree::Punct(_), TokenTree::Group(_)]
        if tokens.len() == 3 && (name == "todo" || name == "unimplemented"))
}

/// `async { … }` or `async move { … }`, which could be an `async fn`: the logger is used inside.
fn within_async_block(args: &Args, mut tokens: Vec<TokenTree>) -> Option<TokenStream> {
    let (last, before) = tokens.split_last_mut()?;
    let is_async = match &*before {
        [TokenTree::Ident(first)] => first == "async",
        [TokenTree::Ident(first), TokenTree::Ident(second)] => first == "async" && second == "move",
        _ => false,
    };
    let TokenTree::Group(block) = last else { return None };
    if !is_async || block.delimiter() != Delimiter::Brace {
        return None;
    }
    let (used, inside) = (args.source.mention_of_logger(), block.stream());
    *block = refilled(block, quote!(const _: () = { #used }; #inside));
    Some(tokens.into_iter().collect())
}
