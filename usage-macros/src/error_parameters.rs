//! Whether an error in a return type has type parameters, or what is borrowed in their place. Then it may be an
//! error for some lifetimes alone, `impl<T: 'static> Error for SendError<T>`, and must not be asked whether it is
//! one: the compiler would say yes, and refuse the function for it.

use proc_macro2::{Ident, TokenStream, TokenTree};

use crate::tokens::{Brackets, at_commas, borrows, is_written_like_a_type, mentions};

/// Pointers that are an error if what they point to is one.
const POINTERS: [&str; 3] = ["Arc", "Box", "Rc"];

/// Where a function's type parameters are named.
pub(crate) struct Scope<'a> {
    pub(crate) generics: &'a [TokenTree],
    pub(crate) arguments: &'a TokenStream,
    pub(crate) output: &'a [TokenTree],
}

impl Scope<'_> {
    /// Whether a `Result` or a `ControlFlow`, at any depth of the return type, has such an error.
    pub(crate) fn has_error_with_parameters(&self) -> bool {
        any_error(self.output, &|error| self.are_in(error))
    }

    fn are_in(&self, error: &[TokenTree]) -> bool {
        if is_associated(error) {
            return self.names_parameters_of_the_impl();
        }
        let Some(begin) = error.iter().position(|token| is_mark(token, '<')) else { return false };
        let (path, behind) = error.split_at(begin);
        match path.last() {
            Some(TokenTree::Ident(name)) if is_one_of(name, &POINTERS) => self.are_in(bracketed(behind)),
            Some(TokenTree::Ident(_)) => {
                at_commas(bracketed(behind)).filter(|argument| !is_lifetime(argument)).any(|argument| {
                    borrows(argument.iter().cloned())
                        || any_name(argument, &|name| self.may_be_parameter(name))
                })
            }
            // `<S as Service>::Error`
            _ => false,
        }
    }

    /// What the parameters of a method are, the `impl` around it says, too, which the attribute cannot see: so
    /// there it may be any name that is written like a type. One in capitals may be a parameter anywhere.
    fn may_be_parameter(&self, name: &Ident) -> bool {
        let text = name.to_string();
        is_in_capitals(&text)
            || is_written_like_a_type(&text) && (self.is_in_an_impl() || self.has_generic(&text))
    }

    /// An error that the `impl` alone says depends on its parameters only if it has some; most often an argument
    /// has one, too.
    fn names_parameters_of_the_impl(&self) -> bool {
        let arguments = trees(self.arguments.clone());
        let is_lifetime = |name: &str| !self.has_generic(name) && !matches!(name, "static" | "_");
        let is_type = |name: &Ident| {
            let name = name.to_string();
            is_in_capitals(&name) && !self.has_generic(&name)
        };
        any_lifetime(&arguments, &is_lifetime) || any_name(&arguments, &is_type)
    }

    fn is_in_an_impl(&self) -> bool {
        let says = |tokens: &TokenStream| ["self", "Self"].iter().any(|word| mentions(tokens.clone(), word));
        says(self.arguments) || says(&self.output.iter().cloned().collect())
    }

    fn has_generic(&self, name: &str) -> bool {
        mentions(self.generics.iter().cloned(), name)
    }
}

fn is_in_capitals(name: &str) -> bool {
    is_written_like_a_type(name) && !name.contains(char::is_lowercase)
}

/// Whether one of the errors in a type is wanted.
fn any_error(ty: &[TokenTree], is_wanted: &dyn Fn(&[TokenTree]) -> bool) -> bool {
    ty.iter().enumerate().any(|(place, token)| match token {
        TokenTree::Ident(name) => {
            let arguments: Vec<_> = at_commas(bracketed(&ty[place + 1..])).collect();
            match &arguments[..] {
                [] => false,
                [_, errors @ ..] if name == "Result" => errors.iter().any(|error| is_wanted(error)),
                [error, ..] => name == "ControlFlow" && is_wanted(error),
            }
        }
        TokenTree::Group(group) => any_error(&trees(group.stream()), is_wanted),
        _ => false,
    })
}

/// Whether one of the names that paths in the tokens begin with is wanted.
fn any_name(tokens: &[TokenTree], is_wanted: &dyn Fn(&Ident) -> bool) -> bool {
    tokens.iter().enumerate().any(|(place, token)| match token {
        TokenTree::Ident(name) => {
            let begins = match &tokens[..place] {
                [.., first, second] if is_mark(first, ':') => !is_mark(second, ':'),
                [.., before] => !is_mark(before, '\''),
                [] => true,
            };
            begins && is_wanted(name)
        }
        TokenTree::Group(group) => any_name(&trees(group.stream()), is_wanted),
        _ => false,
    })
}

/// Whether one of the lifetimes in the tokens is wanted.
fn any_lifetime(tokens: &[TokenTree], is_wanted: &dyn Fn(&str) -> bool) -> bool {
    tokens.iter().enumerate().any(|(place, token)| match token {
        TokenTree::Ident(name) => {
            tokens[..place].last().is_some_and(|before| is_mark(before, '\'')) && is_wanted(&name.to_string())
        }
        TokenTree::Group(group) => any_lifetime(&trees(group.stream()), is_wanted),
        _ => false,
    })
}

/// `Self::Error`, or `<Self as Service>::Error`.
fn is_associated(error: &[TokenTree]) -> bool {
    let path = if error.first().is_some_and(|first| is_mark(first, '<')) { &error[1..] } else { error };
    matches!(path, [TokenTree::Ident(name), TokenTree::Punct(_) | TokenTree::Ident(_), ..] if name == "Self")
}

fn is_lifetime(argument: &[TokenTree]) -> bool {
    matches!(argument, [quote, _] if is_mark(quote, '\''))
}

/// What is in the angle brackets that the tokens begin with, if they do.
fn bracketed(tokens: &[TokenTree]) -> &[TokenTree] {
    let mut brackets = Brackets::default();
    let is_closed_by = |token: &TokenTree| {
        brackets.see(token);
        !brackets.are_open()
    };
    let end = tokens.iter().position(is_closed_by).unwrap_or(0);
    tokens.get(1..end).unwrap_or_default()
}

fn trees(tokens: TokenStream) -> Vec<TokenTree> {
    tokens.into_iter().collect()
}

fn is_one_of(name: &Ident, names: &[&str]) -> bool {
    names.iter().any(|one| name == one)
}

fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a function by its generics, arguments and return type.
    fn of(signature: &str) -> bool {
        let (generics, behind) = signature.split_once('(').unwrap();
        let (arguments, output) = behind.split_once(") -> ").unwrap();
        let [generics, arguments, output]: [TokenStream; 3] =
            [generics, arguments, output].map(|tokens| tokens.parse().unwrap());
        Scope { generics: &trees(generics), arguments: &arguments, output: &trees(output) }
            .has_error_with_parameters()
    }

    #[test]
    fn an_error_with_a_type_for_argument_may_have_a_parameter() {
        for signature in [
            "() -> Result<T, SendError<T>>",
            "(&self) -> std::result::Result<Vec<u8>, error::Send<Option<Stream::Item>>>",
            "(&self) -> Poll<Option<Result<u8, Reunite<'a, Item>>>>",
            "() -> Pin<Box<dyn Future<Output = Result<u8, Box<Reunite<(u8, Self)>>>> + 'a>>",
            "<Item: Send>() -> (Result<u8, Reunite<Item>>)",
            "() -> ControlFlow<Reunite<T>, u8>",
            "(text: &str) -> Result<u8, CapacityError<&str>>",
            "() -> Result<u8, CapacityError<(Bytes<'a>, u8)>>",
            "(text: &'a str) -> Result<Self, Self::Error>",
            "(self: Pin<&mut Self>, item: T) -> Result<(), <Self as Sink>::Error>",
        ] {
            assert!(of(signature), "{signature}");
        }
    }

    #[test]
    fn all_other_errors_are_asked() {
        for signature in [
            "(&self) -> Result<SendError<T>, E>",
            "(&self) -> Result<Vec<T>, Box<dyn Error + Send + 'static>>",
            "(&self) -> Result<Vec<T>, <S as Service>::Error>",
            "(&self) -> Result<Vec<T>, Borrowed<'a>>",
            "(&self) -> Result<Vec<T>, Caused<io::Error>>",
            "(text: &str) -> Result<Vec<T>, Caused<ParseIntError>>",
            "(&self) -> io::Result<Vec<Option<T>>>",
            "(&self) -> ControlFlow<E, Vec<T>>",
            "(&self) -> Later<Vec<T>, Reunite<T>>",
            "(&self) -> fn(u8) -> Option<T>",
            "(text: &str, item: String, _: u8) -> Result<Self, Self::Err>",
            "<'a, T>(text: &'a str, item: T, it: &'static str) -> Result<Self, Self::Error>",
        ] {
            assert!(!of(signature), "{signature}");
        }
    }
}
