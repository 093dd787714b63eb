//! What a body says by its shape, without being parsed.

use proc_macro2::{Delimiter, TokenTree};

use crate::tokens::is_written_like_a_type;

/// Whether a body ends with a struct that is made there, `Name { … }` or `Self(…)`: so what it returns is no
/// `Result`, nor anything else that may tell of a failure.
pub(crate) fn ends_with_struct(body: &[TokenTree]) -> bool {
    let Some((TokenTree::Group(fields), before)) = body.split_last() else { return false };
    let is_in_path = |token: &&TokenTree| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => punct.as_char() == ':',
        _ => false,
    };
    let length = before.iter().rev().take_while(is_in_path).count();
    let (before, path) = before.split_at(before.len() - length);
    let is_statement = match before.last() {
        None => true,
        Some(TokenTree::Punct(end)) => end.as_char() == ';',
        Some(TokenTree::Group(block)) => block.delimiter() == Delimiter::Brace,
        Some(_) => false,
    };
    match (path, path.last()) {
        _ if !is_statement => false,
        // As in `struct Name { … }`.
        ([TokenTree::Ident(_), TokenTree::Ident(_), ..], _) => false,
        (_, Some(TokenTree::Ident(name))) => match fields.delimiter() {
            // `Ok { 0: … }` can be written, too.
            Delimiter::Brace => is_written_like_a_type(&name.to_string()) && name != "Ok" && name != "Err",
            Delimiter::Parenthesis => name == "Self",
            _ => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proc_macro2::TokenStream;

    fn trees(body: &str) -> Vec<TokenTree> {
        body.parse::<TokenStream>().unwrap().into_iter().collect()
    }

    #[test]
    fn a_struct_that_is_made_at_the_end_is_no_failure() {
        for body in [
            "Self { a: b? }",
            "let a = b; Self(a)",
            "if a { return b } crate::Kind::Known { a }",
            "self::Name::Other { a }",
        ] {
            assert!(ends_with_struct(&trees(body)), "{body}");
        }
        for body in [
            "",
            "Ok(Self { a })",
            "Err { 0: a }",
            "Aliased(a)",
            "Self { a }.into()",
            "Self::new(a)",
            "Self { a };",
            "a == Name { }",
            "match Name { }",
            "struct Name { a: u8 }",
            "Some(a)?",
            "Name[a]",
            "|| Name(a)",
        ] {
            assert!(!ends_with_struct(&trees(body)), "{body}");
        }
    }
}
