//! Arguments as most functions have them, read without a parser: to parse one takes as long as all the
//! rest of a signature.

use proc_macro2::{Ident, Spacing, TokenTree};

use crate::tokens::at_commas;

/// Types that have nothing to drop.
pub(crate) const PRIMITIVE: [&str; 17] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64",
    "u128", "usize", "str",
];

/// The arguments of a function, if all of them are plain.
#[derive(Debug)]
pub(crate) struct PlainArguments<'a> {
    /// The receiver, if it is there by value.
    pub(crate) receiver: Option<&'a Ident>,
    /// All but the receiver.
    pub(crate) list: Vec<Plain<'a>>,
}

/// An argument that is a name and a type, which is no array.
#[derive(Debug)]
pub(crate) struct Plain<'a> {
    pub(crate) name: &'a Ident,
    ty: &'a [TokenTree],
}

impl<'a> PlainArguments<'a> {
    pub(crate) fn of(tokens: &'a [TokenTree]) -> Option<Self> {
        let mut parts = at_commas(tokens).peekable();
        let receiver = parts.peek().copied().and_then(receiver_by_value);
        let parts =
            parts.filter(|part| receiver_by_value(part).is_none() && borrowed_receiver(part).is_none());
        Some(Self { receiver, list: parts.map(Plain::of).collect::<Option<_>>()? })
    }

    /// Whether one of them, as its type is spelled, may have something to drop.
    pub(crate) fn may_drop(&self) -> bool {
        self.receiver.is_some() || self.list.iter().any(Plain::may_drop)
    }
}

impl<'a> Plain<'a> {
    fn of(tokens: &'a [TokenTree]) -> Option<Self> {
        let [TokenTree::Ident(name), TokenTree::Punct(colon), ty @ ..] = tokens else { return None };
        let is_plain = match ty.first()? {
            TokenTree::Punct(first) if first.as_char() == ':' => colon.spacing() == Spacing::Alone,
            TokenTree::Punct(_) | TokenTree::Ident(_) => true,
            TokenTree::Group(_) | TokenTree::Literal(_) => false,
        };
        (is_plain && colon.as_char() == ':' && name != "self" && name != "_").then_some(Self { name, ty })
    }

    /// Whether a type, as it is spelled, may have something to drop.
    pub(crate) fn may_drop(&self) -> bool {
        match self.ty {
            [TokenTree::Punct(punct), ..] => !matches!(punct.as_char(), '&' | '*'),
            [TokenTree::Ident(word)] => !PRIMITIVE.contains(&word.to_string().as_str()),
            _ => true,
        }
    }
}

fn receiver_by_value(tokens: &[TokenTree]) -> Option<&Ident> {
    match tokens {
        [TokenTree::Ident(word)] if word == "self" => Some(word),
        _ => None,
    }
}

pub(crate) fn borrowed_receiver(tokens: &[TokenTree]) -> Option<&Ident> {
    match tokens {
        [TokenTree::Punct(first), .., TokenTree::Ident(last)] if first.as_char() == '&' && last == "self" => {
            Some(last)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of the arguments, with a mark at those that may have something to drop.
    fn of(arguments: &str) -> Option<String> {
        let tokens: proc_macro2::TokenStream = arguments.parse().unwrap();
        let tokens: Vec<_> = tokens.into_iter().collect();
        let PlainArguments { receiver, list } = PlainArguments::of(&tokens)?;
        let receiver = receiver.map(|this| format!("{this}!"));
        let names = list.iter().map(|it| format!("{}{}", it.name, if it.may_drop() { "!" } else { "" }));
        Some(receiver.into_iter().chain(names).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn a_name_and_a_type_is_plain_and_so_is_a_receiver_without_one() {
        assert_eq!(of(""), Some(String::new()));
        assert_eq!(of("&self"), Some(String::new()));
        assert_eq!(of("&'a mut self, a: &mut A, b: u8,"), Some("a b".to_owned()));
        assert_eq!(of("self, a: u8"), Some("self! a".to_owned()));
        assert_eq!(of("a: HashMap<u8, B>, r#b: *const u8"), Some("a! r#b".to_owned()));
        assert_eq!(of("a: impl Fn(u8, u8) -> Vec<u8>, b: ::c::C"), Some("a! b!".to_owned()));
    }

    #[test]
    fn all_else_is_not_plain() {
        for arguments in ["mut self", "self: Box<Self>", "&a: &u8", "mut a: u8", "_: u8", "S(a): S"] {
            assert_eq!(of(arguments), None, "{arguments}");
        }
        for arguments in ["a: [u8; 9]", "a: (u8, B)", "#[cfg(x)] a: u8", "a:", "a: u8, b", "a::B"] {
            assert_eq!(of(arguments), None, "{arguments}");
        }
    }
}
