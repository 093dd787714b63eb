//! Small questions about tokens that nobody has parsed.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};

/// Whether a word stands in the tokens, at any depth.
pub(crate) fn mentions(tokens: TokenStream, word: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => mentions(group.stream(), word),
        _ => false,
    })
}

/// Where the last statement of a body begins and ends, which most often is the value.
pub(crate) fn last_statement(body: &TokenStream) -> Option<(Span, Span)> {
    let mut tokens = body.clone().into_iter().peekable();
    let (mut begin, mut end) = (None, None);
    while let Some(token) = tokens.next() {
        begin = begin.or(Some(token.span()));
        end = Some(token.span());
        if tokens.peek().is_some_and(|next| is_end(&token, next)) {
            begin = None;
        }
    }
    begin.zip(end)
}

/// Whether a statement ends with `token`, if `next` comes then.
fn is_end(token: &TokenTree, next: &TokenTree) -> bool {
    match (token, next) {
        (TokenTree::Punct(punct), _) => punct.as_char() == ';',
        (TokenTree::Group(group), TokenTree::Ident(next)) => {
            group.delimiter() == Delimiter::Brace && next != "else" && next != "as"
        }
        _ => false,
    }
}
