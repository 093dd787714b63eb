//! Small questions about tokens that nobody has parsed, and a small change to them.

use proc_macro2::{Delimiter, Group, Punct, Spacing, TokenStream, TokenTree};

/// The same group with other tokens in it.
pub(crate) fn refilled(group: &Group, tokens: TokenStream) -> Group {
    let mut refilled = Group::new(group.delimiter(), tokens);
    refilled.set_span(group.span());
    refilled
}

/// All of the tokens.
pub(crate) fn joined<const N: usize>(tokens: [TokenStream; N]) -> TokenStream {
    tokens.into_iter().collect()
}

/// Whether a word stands in the tokens, at any depth.
pub(crate) fn mentions(tokens: impl IntoIterator<Item = TokenTree>, word: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => mentions(group.stream(), word),
        _ => false,
    })
}

/// Whether a name is written as those of types, their parameters and their only values are.
pub(crate) fn is_written_like_a_type(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
}

/// Whether a reference or a lifetime stands in the tokens of a type, at any depth.
pub(crate) fn borrows(ty: impl IntoIterator<Item = TokenTree>) -> bool {
    ty.into_iter().any(|token| match token {
        TokenTree::Punct(punct) => matches!(punct.as_char(), '&' | '\''),
        TokenTree::Group(group) => borrows(group.stream()),
        _ => false,
    })
}

/// The tokens that the last statement of a body begins and ends with; most often it is the value.
pub(crate) fn last_statement(body: &[TokenTree]) -> Option<(&TokenTree, &TokenTree)> {
    let is_end = |at: usize| body.get(at..at + 2).is_some_and(|pair| is_end(&pair[0], &pair[1]));
    let before = (0..body.len()).rev().find(|&at| is_end(at));
    body.get(before.map_or(0, |at| at + 1)).zip(body.last())
}

/// The first statement of a body that has more of them.
pub(crate) fn first_of_several_statements(body: &[TokenTree]) -> Option<&[TokenTree]> {
    let end = body.windows(2).position(|pair| is_end(&pair[0], &pair[1]))?;
    body.get(..=end)
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

/// Whether there may be items among the statements of a body, or a macro that makes some.
pub(crate) fn may_hold_items(body: &TokenStream) -> bool {
    const BEGINNINGS: [&str; 13] = [
        "const", "enum", "extern", "fn", "impl", "macro", "mod", "static", "struct", "trait", "type",
        "union", "use",
    ];
    // Whether a statement has begun with nothing but names so far, and whether the last one is `pub`.
    let (mut is_named, mut is_visibility) = (true, false);
    body.clone().into_iter().any(|token| {
        let may_be_item = match &token {
            TokenTree::Ident(word) => is_named && BEGINNINGS.contains(&word.to_string().as_str()),
            TokenTree::Punct(punct) => punct.as_char() == '#' || is_named && is_behind_macro(punct),
            TokenTree::Group(group) => group.delimiter() == Delimiter::None,
            TokenTree::Literal(_) => false,
        };
        is_named = match &token {
            TokenTree::Ident(_) => is_named,
            TokenTree::Punct(punct) => punct.as_char() == ';' || is_named && punct.as_char() == ':',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace || is_named && is_visibility,
            TokenTree::Literal(_) => false,
        };
        is_visibility = matches!(&token, TokenTree::Ident(word) if word == "pub");
        may_be_item
    })
}

/// Whether it is the mark behind the name of a macro, not that of `!=`.
fn is_behind_macro(punct: &Punct) -> bool {
    punct.as_char() == '!' && punct.spacing() == Spacing::Alone
}

/// Whether something is missing behind the last token of a body, as while it is typed.
pub(crate) fn is_unfinished(body: &[TokenTree]) -> bool {
    let is_mark = |token: &TokenTree, marks: &str| matches!(token, TokenTree::Punct(punct) if marks.contains(punct.as_char()));
    match body {
        // A range without an end.
        [.., before, last] if is_mark(before, ".") && is_mark(last, ".") => false,
        [.., last] => is_mark(last, ".+-*/%&|^=<:,!@#$~'"),
        [] => false,
    }
}

/// What stands between commas, but for those in brackets.
pub(crate) fn at_commas(tokens: &[TokenTree]) -> impl Iterator<Item = &[TokenTree]> {
    let mut brackets = Brackets::default();
    let is_between = move |token: &TokenTree| {
        brackets.see(token);
        matches!(token, TokenTree::Punct(comma) if comma.as_char() == ',') && !brackets.are_open()
    };
    tokens.split(is_between).filter(|part| !part.is_empty())
}

/// Counts angle brackets, which are no groups of tokens.
#[derive(Default)]
pub(crate) struct Brackets {
    open: usize,
    before: Option<Punct>,
}

impl Brackets {
    pub(crate) fn see(&mut self, token: &TokenTree) {
        let is_arrow = self.before.take().is_some_and(|before| before.as_char() == '-');
        let TokenTree::Punct(punct) = token else { return };
        match punct.as_char() {
            '<' => self.open += 1,
            '>' if !is_arrow => self.open = self.open.saturating_sub(1),
            _ => {}
        }
        self.before = Some(punct.clone());
    }

    pub(crate) fn are_open(&self) -> bool {
        self.open > 0
    }

    pub(crate) fn open(&self) -> usize {
        self.open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trees(code: &str) -> Vec<TokenTree> {
        code.parse::<TokenStream>().unwrap().into_iter().collect()
    }

    fn ends_of_last_statement(body: &str) -> String {
        let body = trees(body);
        let (begin, end) = last_statement(&body).unwrap();
        format!("{begin} {end}")
    }

    #[test]
    fn the_last_statement_begins_behind_the_one_before() {
        assert_eq!(ends_of_last_statement("let x = 1; f(x)"), "f (x)");
        assert_eq!(ends_of_last_statement("if a { b } else { c } Ok(d)"), "Ok (d)");
        assert_eq!(ends_of_last_statement("match a { b => c }.f()?"), "match ?");
        assert_eq!(ends_of_last_statement("a; f(x);"), "f ;");
        assert!(last_statement(&[]).is_none());
    }

    #[test]
    fn the_first_statement_ends_before_the_second() {
        let first = |body| {
            let first: TokenStream = first_of_several_statements(&trees(body))?.iter().cloned().collect();
            Some(first.to_string())
        };
        assert_eq!(first("a(b); c; d").unwrap(), "a (b) ;");
        assert_eq!(first("match a {} b").unwrap(), "match a { }");
        assert_eq!(first("if a { b } else { c }"), None);
        assert_eq!(first("a(b);"), None);
    }

    #[test]
    fn items_may_be_in_a_body_or_come_of_a_macro_in_it() {
        for body in [
            "use a::B; f()",
            "if a { b } pub struct C; c()",
            "pub(crate) struct A; a()",
            "m! { a }",
            "let a = 1; m::n!(a)",
        ] {
            assert!(may_hold_items(&body.parse().unwrap()), "{body}");
        }
        for body in ["", "f(a)?.b", "let a = { struct B; 1 }; a", "let a = vec![1]; a != b"] {
            assert!(!may_hold_items(&body.parse().unwrap()), "{body}");
        }
    }

    #[test]
    fn a_body_is_unfinished_while_something_is_missing_behind_it() {
        for body in ["s.", "let x = s. ", "x +", "f(x) &&"] {
            assert!(is_unfinished(&trees(body)), "{body}");
        }
        for body in ["", "s", "f()?", "x;", "1..", "{ s. }", "m!{}"] {
            assert!(!is_unfinished(&trees(body)), "{body}");
        }
    }
}
