//! A whole `impl` or `trait` block: what its attribute says is the default for the functions in it
//! that carry one of their own. Nothing else in the block is looked at or changed.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Error, Expr, ItemImpl, ItemTrait, LitStr, Result, Type};

use crate::args::Given;
use crate::signature::Head;
use crate::tokens::mentions;

/// A block of functions.
pub(crate) struct Block {
    head: TokenStream,
    body: Group,
    /// What begins the name of an event that is not given: the name of the type, or of the trait.
    name: String,
}

impl Block {
    /// The block that `item` is, if it is one.
    pub(crate) fn parse(item: &[TokenTree]) -> Option<Self> {
        let (TokenTree::Group(body), head) = item.split_last().filter(|_| is_block(item))? else {
            return None;
        };
        let head = head.iter().cloned().collect();
        let name = name(&head)?;
        Some(Self { head, body: body.clone(), name })
    }

    /// The block, with the defaults in the attributes of its functions.
    pub(crate) fn with_defaults(&self, defaults: &Given) -> TokenStream {
        let tokens: Vec<TokenTree> = self.body.stream().into_iter().collect();
        let mut place = 0;
        let mut inside = TokenStream::new();
        while let Some(token) = tokens.get(place) {
            let complete = |attribute: &Group| {
                let function = function_at(&tokens[place..]);
                self.attribute(attribute.stream(), function.as_ref(), defaults)
            };
            let attribute = tokens.get(place + 1).filter(|_| is_hash(token)).and_then(brackets);
            if let Some(attribute) = attribute.and_then(complete) {
                inside.extend(quote!(#[#attribute]));
                place += 2;
            } else {
                token.to_tokens(&mut inside);
                place += 1;
            }
        }
        let mut body = Group::new(Delimiter::Brace, inside);
        body.set_span(self.body.span());
        let head = &self.head;
        let problem = Self::check(defaults).err().map(Error::into_compile_error);
        quote!(#problem #head #body)
    }

    /// An attribute with the defaults, if it is ours; perhaps inside of `cfg_attr`.
    fn attribute(
        &self,
        attribute: TokenStream,
        function: Option<&Head>,
        defaults: &Given,
    ) -> Option<TokenStream> {
        let (path, arguments) = path_and_arguments(attribute)?;
        let last = path.last().map(ToString::to_string).unwrap_or_default();
        if last == "log_usage" {
            let arguments = self.completed(arguments, function, defaults);
            return Some(quote!(#(#path)*(#arguments)));
        }
        if last != "cfg_attr" {
            return None;
        }
        let mut is_ours = false;
        let arguments = parts(arguments).into_iter().map(|part| {
            let ours = self.attribute(part.clone(), function, defaults);
            is_ours |= ours.is_some();
            ours.unwrap_or(part)
        });
        let arguments: Vec<_> = arguments.collect();
        is_ours.then(|| quote!(#(#path)*(#(#arguments),*)))
    }

    /// Whether what is said makes sense for a whole block.
    fn check(defaults: &Given) -> Result<()> {
        if let Some(failure) = &defaults.failure {
            let key = failure.key();
            let message = format!("`{key}` is about what one function returns: put it on the function");
            return Err(Error::new(key.span(), message));
        }
        Ok(())
    }

    /// A function's arguments, and the defaults for those that it does not give. If they cannot be
    /// understood, the function's own attribute will say so.
    fn completed(&self, arguments: TokenStream, function: Option<&Head>, defaults: &Given) -> TokenStream {
        let (Ok(mut given), Some(function)) = (Given::parse(arguments.clone()), function) else {
            return arguments;
        };
        let fits = |value: &Expr| function.has_receiver() || !mentions(value.to_token_stream(), "self");
        given.event = given.event.or_else(|| {
            let name = defaults.event.as_ref().map_or_else(|| self.name.clone(), LitStr::value);
            let ident = &function.name;
            Some(LitStr::new(&format!("{name} {}", crate::grammar::property_name(ident)), ident.span()))
        });
        given.purpose = given.purpose.or_else(|| defaults.purpose.clone());
        given.metrics = given.metrics.or_else(|| defaults.metrics.clone().filter(fits));
        for (name, value) in defaults.properties.iter().filter(|(_, value)| fits(value)) {
            if !given.properties.iter().any(|(given, _)| given == name) {
                given.properties.push((name.clone(), value.clone()));
            }
        }
        given.logger = given.logger.or_else(|| defaults.logger.clone());
        given.runtime = given.runtime.or_else(|| defaults.runtime.clone());
        given.into_token_stream()
    }
}

/// Whether the first keyword behind attributes and visibility is that of a block.
fn is_block(item: &[TokenTree]) -> bool {
    let keyword = item.iter().find_map(|token| match token {
        TokenTree::Ident(ident) if ident != "pub" && ident != "unsafe" => Some(ident),
        _ => None,
    });
    keyword.is_some_and(|keyword| keyword == "impl" || keyword == "trait")
}

/// The name of the type that is implemented, or of the trait.
fn name(head: &TokenStream) -> Option<String> {
    let empty = quote!(#head {});
    if let Ok(item) = syn::parse2::<ItemTrait>(empty.clone()) {
        return Some(item.ident.to_string());
    }
    let mut ty = syn::parse2::<ItemImpl>(empty).ok()?.self_ty;
    loop {
        ty = match *ty {
            Type::Path(path) => return path.path.segments.last().map(|last| last.ident.to_string()),
            Type::Reference(reference) => reference.elem,
            Type::Group(group) => group.elem,
            Type::Paren(paren) => paren.elem,
            other => return Some(other.to_token_stream().to_string()),
        };
    }
}

fn is_hash(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == '#')
}

fn brackets(token: &TokenTree) -> Option<&Group> {
    if let TokenTree::Group(group) = token { Some(group) } else { None }
}

/// The path and the arguments of an attribute.
fn path_and_arguments(attribute: TokenStream) -> Option<(Vec<TokenTree>, TokenStream)> {
    let mut path: Vec<TokenTree> = attribute.into_iter().collect();
    let arguments = match path.pop()? {
        TokenTree::Group(arguments) if arguments.delimiter() == Delimiter::Parenthesis => arguments.stream(),
        last => {
            path.push(last);
            TokenStream::new()
        }
    };
    let is_path = path.iter().all(|token| matches!(token, TokenTree::Ident(_) | TokenTree::Punct(_)));
    is_path.then_some((path, arguments))
}

/// What stands between commas.
fn parts(tokens: TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
    tokens
        .split(is_comma)
        .filter(|part| !part.is_empty())
        .map(|part| part.iter().cloned().collect())
        .collect()
}

/// The function that the attribute at the beginning of `tokens` is for.
fn function_at(tokens: &[TokenTree]) -> Option<Head> {
    let is_end = |token: &&TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() != Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() != ';',
        _ => true,
    };
    Head::of(&tokens.iter().take_while(is_end).cloned().collect::<Vec<_>>())
}

#[cfg(test)]
#[path = "block_tests.rs"]
mod tests;
