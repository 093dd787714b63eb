//! What a body says by its shape, without being parsed.

use proc_macro2::{Delimiter, Group, Ident, TokenTree};

use crate::tokens::{first_of_several_statements, is_written_like_a_type, mentions};

/// Whether a body ends with a value, as far as its last token says.
pub(crate) fn has_value(body: &[TokenTree]) -> bool {
    body.last().is_some_and(|last| !matches!(last, TokenTree::Punct(mark) if mark.as_char() == ';'))
}

/// Whether a body has several statements, and the first of them does not mention `word`.
pub(crate) fn is_left_to_later_statements(body: &[TokenTree], word: &str) -> bool {
    first_of_several_statements(body).is_some_and(|first| !mentions(first.iter().cloned(), word))
}

/// The value that a body ends with, if that is written `path { … }` or `path(…)`.
pub(crate) struct LastValue<'a> {
    path: &'a [TokenTree],
    name: String,
    group: &'a Group,
}

impl<'a> LastValue<'a> {
    pub(crate) fn of(body: &'a [TokenTree]) -> Option<Self> {
        let (TokenTree::Group(group), before) = body.split_last()? else { return None };
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
        match path {
            _ if !is_statement => None,
            // As in `struct Name { … }`.
            [TokenTree::Ident(_), TokenTree::Ident(_), ..] => None,
            [.., TokenTree::Ident(name)] => Some(Self { path, name: name.to_string(), group }),
            _ => None,
        }
    }

    /// Whether it says that what is returned is no failure, however the body is left, for a function whose return
    /// type ends with the name `returned`.
    pub(crate) fn is_no_failure_anywhere(&self, returned: Option<&Ident>) -> bool {
        self.is_struct() || self.is_constructed(returned)
    }

    /// Whether it is a struct that is made there, `Name { … }` or `Self(…)`: no `Result`, nor anything else that
    /// may tell of a failure.
    fn is_struct(&self) -> bool {
        match self.group.delimiter() {
            // `Ok { 0: … }` can be written, too.
            Delimiter::Brace => is_written_like_a_type(&self.name) && self.name != "Ok" && self.name != "Err",
            Delimiter::Parenthesis => self.name == "Self",
            _ => false,
        }
    }

    /// Whether it is `Name::new(…)` or the like, and `Name` is what is returned: what may tell of a failure has
    /// no such function, but for `Pin`.
    fn is_constructed(&self, returned: Option<&Ident>) -> bool {
        let [.., TokenTree::Ident(ty), TokenTree::Punct(_), TokenTree::Punct(_), _] = self.path else {
            return false;
        };
        let is_constructor = matches!(&*self.name, "new" | "default") || self.name.starts_with("with_");
        is_constructor && returned.is_some_and(|name| name == ty && name != "Pin")
    }

    /// Whether it is `Ok(…)`, perhaps in what a poll returns.
    pub(crate) fn is_success(&self) -> bool {
        match self.name.as_str() {
            _ if self.group.delimiter() != Delimiter::Parenthesis => false,
            "Ok" => true,
            "Ready" | "Some" => {
                let inside: Vec<_> = self.group.stream().into_iter().collect();
                LastValue::of(&inside).is_some_and(|value| value.is_success())
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proc_macro2::{Span, TokenStream};

    fn last_value(body: &str, is: impl Fn(LastValue<'_>) -> bool) -> bool {
        let body: Vec<_> = body.parse::<TokenStream>().unwrap().into_iter().collect();
        LastValue::of(&body).is_some_and(is)
    }

    fn is_no_failure_anywhere(body: &str, returned: &str) -> bool {
        let returned = Ident::new(returned, Span::call_site());
        last_value(body, |value| value.is_no_failure_anywhere(Some(&returned)))
    }

    #[test]
    fn a_struct_that_is_made_at_the_end_is_no_failure() {
        for body in [
            "Self { a: b? }",
            "let a = b; Self(a)",
            "if a { return b } crate::Kind::Known { a }",
            "self::Name::Other { a }",
        ] {
            assert!(is_no_failure_anywhere(body, "Returned"), "{body}");
        }
        for body in [
            "",
            "Err { 0: a }",
            "Aliased(a)",
            "Self { a }.into()",
            "Self { a };",
            "a == Name { }",
            "match Name { }",
            "struct Name { a: u8 }",
            "Some(a)?",
            "Name[a]",
            "|| Name(a)",
        ] {
            assert!(!is_no_failure_anywhere(body, "Returned"), "{body}");
        }
    }

    #[test]
    fn what_is_returned_is_no_failure_if_its_own_constructor_makes_it() {
        for body in ["Returned::new(a)", "let a = b?; super::Returned::with_room(a)", "Returned::default()"] {
            assert!(is_no_failure_anywhere(body, "Returned"), "{body}");
        }
        for body in ["Other::new(a)", "new(a)", "returned::new(a)", "Returned::open(a)", "Returned::new(a)?"]
        {
            assert!(!is_no_failure_anywhere(body, "Returned"), "{body}");
        }
        assert!(!is_no_failure_anywhere("Pin::new(a)", "Pin"));
        assert!(!last_value("Pin::new(a)", |value| value.is_no_failure_anywhere(None)));
    }

    #[test]
    fn a_success_may_be_in_what_a_poll_returns() {
        for body in [
            "Ok(())",
            "if !a && b != (c) { d() } Ok(e)",
            "a(); Result::Ok(b)",
            "Poll::Ready(Ok(a))",
            "Poll::Ready(Some(Ok(a)))",
        ] {
            assert!(last_value(body, |value| value.is_success()), "{body}");
        }
        for body in [
            "Poll::Ready(Err(a))",
            "Poll::Ready(a)",
            "Ok::<_, E>(a)",
            "Ok(a).and_then(b)",
            "let a = Ok(b);",
            "Ok[a]",
            "a || Ok(b)",
        ] {
            assert!(!last_value(body, |value| value.is_success()), "{body}");
        }
    }
}
