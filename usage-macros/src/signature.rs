//! What stands before a function's body, read piece by piece: a type or a name that syn does not
//! know, for it is of an older edition, of a newer compiler or half typed, is kept as it is.

use std::iter;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, FnArg, Generics, Pat, PatType, PatWild, Receiver, Result, Token, Type};

use crate::error_parameters::Scope;
use crate::return_type::{self, Returns};
use crate::tokens::{Brackets, at_commas, mentions, refilled};

/// What stands before a function's body. Generics and arguments as they stand there: they are read where they
/// are needed.
pub(crate) struct Head {
    pub(crate) tracks_caller: bool,
    pub(crate) constness: Option<Span>,
    pub(crate) is_async: bool,
    pub(crate) name: Ident,
    pub(crate) generics: TokenStream,
    pub(crate) arguments: TokenStream,
    pub(crate) returns: Returns,
    /// The return type, if it is the same where it is written again.
    pub(crate) spelled: Option<TokenStream>,
    /// The last name in that, if it is a path.
    pub(crate) returned: Option<Ident>,
    /// Whether it has an error with type parameters.
    pub(crate) error_has_parameters: bool,
    /// Where the return type ends.
    pub(crate) output: Option<Span>,
    /// How many tokens stand behind the arguments.
    pub(crate) length_behind_arguments: usize,
}

/// One argument of a function.
pub(crate) enum Argument {
    Receiver(Receiver),
    Typed(PatType),
    /// One of which nothing is known.
    Opaque(TokenStream),
}

impl Head {
    /// What the tokens before a body say, if they are those of a function. Attributes are not read, for most
    /// are lines of documentation, and many.
    pub(crate) fn of(tokens: &[TokenTree]) -> Option<Self> {
        let mut tokens = tokens;
        let mut tracks_caller = false;
        while let [TokenTree::Punct(hash), TokenTree::Group(attribute), behind @ ..] = tokens
            && hash.as_char() == '#'
        {
            tracks_caller |= says_track_caller(attribute);
            tokens = behind;
        }
        let (before, named) = tokens.split_at(tokens.iter().position(|token| is_word(token, "fn"))?);
        let [_, TokenTree::Ident(name), behind @ ..] = named else { return None };
        let mut brackets = Brackets::default();
        let is_list = |token: &TokenTree| {
            let is_closed = !brackets.are_open();
            brackets.see(token);
            is_closed
                && matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis)
        };
        let (generics, listed) = behind.split_at(behind.iter().position(is_list)?);
        let [TokenTree::Group(arguments), output @ ..] = listed else { return None };
        let end = output.iter().position(|token| is_word(token, "where")).unwrap_or(output.len());
        let (length_behind_arguments, output) = (output.len(), &output[..end]);
        let spelled = return_type::spelled(output);
        let returned = spelled.as_ref().and_then(|_| return_type::last_name(output));
        let listed = arguments.stream();
        let scope = Scope { generics, arguments: &listed, output };
        let qualifier = |word| before.iter().find(|token| is_word(token, word));
        before.iter().all(is_qualifier).then(|| Self {
            tracks_caller,
            constness: qualifier("const").map(TokenTree::span),
            is_async: qualifier("async").is_some(),
            name: name.clone(),
            generics: generics.iter().cloned().collect(),
            arguments: arguments.stream(),
            length_behind_arguments,
            output: output.last().map(TokenTree::span),
            returns: match Returns::of(output, returned) {
                Returns::Unknown if is_nominal(before, generics, output) => Returns::Plain,
                returns => returns,
            },
            returned: returned.cloned(),
            spelled,
            error_has_parameters: scope.has_error_with_parameters(),
        })
    }

    pub(crate) fn has_receiver(&self) -> bool {
        matches!(Argument::all(self.arguments.clone()).first(), Some(Argument::Receiver(_)))
    }
}

impl Argument {
    pub(crate) fn all(tokens: TokenStream) -> Vec<Self> {
        let all = Punctuated::<FnArg, Token![,]>::parse_terminated;
        if let Ok(arguments) = all.parse2(tokens.clone()) {
            return arguments.into_iter().map(Self::from).collect();
        }
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        at_commas(&tokens).map(|part| Self::one(part.iter().cloned().collect())).collect()
    }

    fn one(tokens: TokenStream) -> Self {
        syn::parse2::<FnArg>(tokens.clone())
            .map(Self::from)
            .or_else(|_| partly_understood.parse2(tokens.clone()).map(Self::Typed))
            .unwrap_or(Self::Opaque(tokens))
    }
}

impl From<FnArg> for Argument {
    fn from(argument: FnArg) -> Self {
        match argument {
            FnArg::Receiver(receiver) => Self::Receiver(receiver),
            FnArg::Typed(argument) => Self::Typed(argument),
        }
    }
}

impl ToTokens for Argument {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Receiver(receiver) => receiver.to_tokens(tokens),
            Self::Typed(argument) => argument.to_tokens(tokens),
            Self::Opaque(argument) => argument.to_tokens(tokens),
        }
    }
}

/// Whether an attribute is `#[track_caller]`, perhaps inside of `cfg_attr`.
fn says_track_caller(attribute: &Group) -> bool {
    let mut tokens = attribute.stream().into_iter();
    let is_documentation = |first: &TokenTree| matches!(first, TokenTree::Ident(word) if word == "doc");
    let first = tokens.next().filter(|first| !is_documentation(first));
    first.is_some_and(|first| mentions(iter::once(first).chain(tokens), "track_caller"))
}

/// Whether a return type is no alias of anything: a parameter of the function's own, or `Self` where there is
/// a visibility, for then it is a type of the author's and not one that a trait is implemented for.
fn is_nominal(before: &[TokenTree], generics: &[TokenTree], output: &[TokenTree]) -> bool {
    let [_, _, name @ TokenTree::Ident(ident)] = output else { return false };
    if is_word(name, "Self") {
        return before.first().is_some_and(|token| is_word(token, "pub"));
    }
    !generics.is_empty() && types(generics.iter().cloned().collect()).contains(ident)
}

/// The type parameters of generics.
pub(crate) fn types(generics: TokenStream) -> Vec<Ident> {
    let generics = syn::parse2::<Generics>(generics).unwrap_or_default();
    generics.type_params().map(|parameter| parameter.ident.clone()).collect()
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

/// Whether a token may stand before `fn`: a word, an ABI, or what a visibility or a macro has in brackets.
fn is_qualifier(token: &TokenTree) -> bool {
    const WORDS: [&str; 7] = ["pub", "default", "const", "async", "unsafe", "safe", "extern"];
    match token {
        TokenTree::Ident(word) => WORDS.contains(&word.to_string().as_str()),
        TokenTree::Group(group) => matches!(group.delimiter(), Delimiter::Parenthesis | Delimiter::None),
        TokenTree::Literal(_) => true,
        TokenTree::Punct(_) => false,
    }
}

/// An argument whose type is unknown, or whose name is a keyword since; in the oldest edition that
/// of a trait's method may have no name at all.
fn partly_understood(input: ParseStream<'_>) -> Result<PatType> {
    let attrs = input.call(Attribute::parse_outer)?;
    let tokens: TokenStream = input.parse()?;
    if mentions(tokens.clone(), "self") {
        return Err(input.error("a receiver of an unknown kind"));
    }
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let colon = (0..tokens.len()).find(|&place| is_colon(&tokens, place));
    let Some(colon) = colon else {
        return Ok(unnamed(attrs, syn::parse2(tokens.into_iter().collect())?));
    };
    let pattern = tokens[..colon].iter().cloned().map(raw).collect();
    let ty: TokenStream = tokens[colon + 1..].iter().cloned().collect();
    if ty.is_empty() {
        return Err(input.error("a type that is not there yet"));
    }
    Ok(PatType {
        attrs,
        pat: Box::new(Pat::parse_multi_with_leading_vert.parse2(pattern)?),
        colon_token: Token![:](Span::call_site()),
        ty: Box::new(syn::parse2(ty.clone()).unwrap_or(Type::Verbatim(ty))),
    })
}

fn unnamed(attrs: Vec<Attribute>, ty: Type) -> PatType {
    let underscore_token = Token![_](Span::mixed_site());
    let pattern = Pat::Wild(PatWild { attrs: Vec::new(), underscore_token });
    PatType { attrs, pat: Box::new(pattern), colon_token: Token![:](Span::call_site()), ty: Box::new(ty) }
}

fn is_colon(tokens: &[TokenTree], place: usize) -> bool {
    let is_colon =
        |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    is_colon(tokens.get(place))
        && !is_colon(tokens.get(place + 1))
        && !is_colon(place.checked_sub(1).and_then(|before| tokens.get(before)))
}

/// A name that only later editions have as a keyword, so that it is one of none.
fn raw(token: TokenTree) -> TokenTree {
    match token {
        TokenTree::Ident(ident) if ["async", "await", "dyn", "try"].iter().any(|word| ident == word) => {
            Ident::new_raw(&ident.to_string(), ident.span()).into()
        }
        TokenTree::Group(group) => refilled(&group, group.stream().into_iter().map(raw).collect()).into(),
        other => other,
    }
}
