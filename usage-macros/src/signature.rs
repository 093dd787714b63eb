//! What stands before a function's body, read piece by piece: a type or a name that syn does not
//! know, for it is of an older edition, of a newer compiler or half typed, is kept as it is.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{
    Abi, Attribute, FnArg, Generics, Pat, PatType, PatWild, Receiver, Result, Token, Type, Visibility, token,
};

use crate::return_type::{self, Returns};
use crate::tokens::{Brackets, mentions, refilled};

/// What stands before a function's body.
pub(crate) struct Head {
    pub(crate) tracks_caller: bool,
    pub(crate) constness: Option<Span>,
    pub(crate) is_async: bool,
    pub(crate) name: Ident,
    /// The type parameters.
    pub(crate) types: Vec<Ident>,
    /// As they stand there: where nothing is done with them, they are not read.
    pub(crate) arguments: TokenStream,
    pub(crate) returns: Returns,
    /// The return type, if it is the same where it is written again.
    pub(crate) spelled: Option<TokenStream>,
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
    /// What the tokens before a body say. Attributes are not read, for most are lines of documentation, and
    /// many.
    pub(crate) fn of(tokens: &[TokenTree]) -> Result<Self> {
        let mut tokens = tokens;
        let mut tracks_caller = false;
        while let [TokenTree::Punct(hash), TokenTree::Group(attribute), behind @ ..] = tokens
            && hash.as_char() == '#'
        {
            tracks_caller |= says_track_caller(attribute);
            tokens = behind;
        }
        let head = Self::parse.parse2(tokens.iter().cloned().collect())?;
        Ok(Self { tracks_caller, ..head })
    }

    fn parse(input: ParseStream<'_>) -> Result<Self> {
        input.parse::<Visibility>()?;
        skip(input, "default")?;
        let constness = input.parse::<Option<Token![const]>>()?;
        let asyncness = input.parse::<Option<Token![async]>>()?;
        input.parse::<Option<Token![unsafe]>>()?;
        skip(input, "safe")?;
        input.parse::<Option<Abi>>()?;
        input.parse::<Token![fn]>()?;
        let name = input.call(Ident::parse_any)?;
        let types = types(generics(input)?);
        let arguments;
        syn::parenthesized!(arguments in input);
        let arguments = arguments.parse()?;
        let mut output: Vec<TokenTree> = input.parse::<TokenStream>()?.into_iter().collect();
        let length_behind_arguments = output.len();
        output.truncate(output.iter().position(is_where).unwrap_or(output.len()));
        Ok(Self {
            tracks_caller: false,
            constness: constness.map(|token| token.span),
            is_async: asyncness.is_some(),
            name,
            types,
            arguments,
            length_behind_arguments,
            output: output.last().map(TokenTree::span),
            spelled: return_type::spelled(&output),
            returns: Returns::of(output),
        })
    }

    pub(crate) fn has_receiver(&self) -> bool {
        matches!(Argument::all(self.arguments.clone()).first(), Some(Argument::Receiver(_)))
    }
}

impl Argument {
    pub(crate) fn all(tokens: TokenStream) -> Vec<Self> {
        match Punctuated::<FnArg, Token![,]>::parse_terminated.parse2(tokens.clone()) {
            Ok(arguments) => arguments.into_iter().map(Self::from).collect(),
            Err(_) => at_commas(tokens).into_iter().map(Self::one).collect(),
        }
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
    let is_documentation = |first| matches!(first, TokenTree::Ident(word) if word == "doc");
    let tokens = attribute.stream();
    !tokens.clone().into_iter().next().is_some_and(is_documentation) && mentions(tokens, "track_caller")
}

/// Reads a word that is a keyword here alone.
fn skip(input: ParseStream<'_>, word: &str) -> Result<()> {
    if input.fork().parse::<Ident>().is_ok_and(|ident| ident == word) {
        input.parse::<Ident>()?;
    }
    Ok(())
}

fn generics(input: ParseStream<'_>) -> Result<TokenStream> {
    let (mut brackets, mut tokens) = (Brackets::default(), TokenStream::new());
    while brackets.are_open() || !input.peek(token::Paren) {
        let token = input.parse()?;
        brackets.see(&token);
        tokens.extend([token]);
    }
    Ok(tokens)
}

fn types(generics: TokenStream) -> Vec<Ident> {
    let generics = syn::parse2::<Generics>(generics).unwrap_or_default();
    generics.type_params().map(|parameter| parameter.ident.clone()).collect()
}

fn is_where(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == "where")
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

/// What stands between commas, but for those in brackets.
fn at_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let mut brackets = Brackets::default();
    let mut parts = vec![TokenStream::new()];
    for token in tokens {
        brackets.see(&token);
        match (&token, parts.last_mut()) {
            (TokenTree::Punct(comma), _) if comma.as_char() == ',' && !brackets.are_open() => {
                parts.push(TokenStream::new());
            }
            (_, Some(part)) => part.extend([token]),
            (_, None) => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}
