//! A whole `impl` or `trait` block: what its attribute says is the default for the functions in it
//! that carry one of their own. Nothing else in the block is looked at or changed.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::{Error, Expr, ItemImpl, ItemTrait, LitStr, Result, Type};

use crate::args::Given;
use crate::function::{Head, mentions};

/// A block of functions.
pub(crate) struct Block {
    head: TokenStream,
    body: Group,
    /// What begins the name of an event that is not given: the name of the type, or of the trait.
    name: String,
}

impl Block {
    /// The block that `item` is, if it is one.
    pub(crate) fn parse(item: &TokenStream) -> Option<Self> {
        if !is_block(item.clone()) {
            return None;
        }
        let mut tokens: Vec<TokenTree> = item.clone().into_iter().collect();
        let Some(TokenTree::Group(body)) = tokens.pop() else { return None };
        let head = TokenStream::from_iter(tokens);
        let name = name(&head)?;
        Some(Self { head, body, name })
    }

    /// The block, with the defaults in the attributes of its functions.
    pub(crate) fn with_defaults(&self, defaults: &Given) -> TokenStream {
        let tokens: Vec<TokenTree> = self.body.stream().into_iter().collect();
        let mut place = 0;
        let mut inside = TokenStream::new();
        while let Some(token) = tokens.get(place) {
            let ours = tokens.get(place + 1).filter(|_| is_hash(token)).and_then(arguments_of_ours);
            if let Some((path, arguments)) = ours {
                let function = function_at(&tokens[place..]);
                let arguments = self.completed(arguments, function.as_ref(), defaults);
                inside.extend(quote!(#[#path(#arguments)]));
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
        let fits = |value: &Expr| {
            function.signature.receiver().is_some() || !mentions(value.to_token_stream(), "self")
        };
        given.event = given.event.or_else(|| {
            let name = defaults.event.as_ref().map_or_else(|| self.name.clone(), LitStr::value);
            let ident = &function.signature.ident;
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
fn is_block(item: TokenStream) -> bool {
    let keyword = item.into_iter().find_map(|token| match token {
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

/// The path and the arguments of our attribute, if that is what stands in these brackets.
fn arguments_of_ours(brackets: &TokenTree) -> Option<(TokenStream, TokenStream)> {
    let TokenTree::Group(group) = brackets else { return None };
    let mut path: Vec<TokenTree> = group.stream().into_iter().collect();
    let arguments = match path.pop()? {
        TokenTree::Group(arguments) if arguments.delimiter() == Delimiter::Parenthesis => arguments.stream(),
        last => {
            path.push(last);
            TokenStream::new()
        }
    };
    let is_path = path.iter().all(|token| matches!(token, TokenTree::Ident(_) | TokenTree::Punct(_)));
    let is_ours = matches!(path.last(), Some(TokenTree::Ident(last)) if last == "log_usage");
    (is_path && is_ours).then(|| (path.into_iter().collect(), arguments))
}

/// The function that the attribute at the beginning of `tokens` is for.
fn function_at(tokens: &[TokenTree]) -> Option<Head> {
    let is_end = |token: &&TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() != Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() != ';',
        _ => true,
    };
    Head::parse.parse2(tokens.iter().take_while(is_end).cloned().collect()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(arguments: TokenStream, item: &TokenStream) -> String {
        let defaults = Given::parse(arguments).unwrap();
        Block::parse(item).unwrap().with_defaults(&defaults).to_string()
    }

    #[test]
    fn defaults_go_to_the_functions_with_an_attribute_alone() {
        let block = expanded(
            quote!(logger = LOGS, metrics = self.metrics, properties(kind = "x", fast = true)),
            &quote! {
                impl<T> Fit for Estimator<T> {
                    const K: u8 = 1;
                    #[doc = "d"] #[usage_runtime::log_usage(event = "fit", properties(kind))] pub fn fit(&self) {}
                    #[log_usage] fn new() -> Self {}
                    fn other(&self) {}
                }
            },
        );
        let expected = quote! {
            impl<T> Fit for Estimator<T> {
                const K: u8 = 1;
                #[doc = "d"]
                #[usage_runtime::log_usage(
                    event = "fit", metrics = self.metrics, properties(kind = kind, fast = true), logger = LOGS,
                )]
                pub fn fit(&self) {}
                #[log_usage(event = "Estimator new", properties(kind = "x", fast = true), logger = LOGS,)]
                fn new() -> Self {}
                fn other(&self) {}
            }
        };
        assert_eq!(block, expected.to_string());
    }

    #[test]
    fn the_event_of_a_block_begins_the_names_of_events() {
        let item = quote!(
            trait Fit {
                #[log_usage]
                fn r#fit() {}
            }
        );
        let block = expanded(quote!(event = "DLE estimator"), &item);
        assert!(block.contains("event = \"DLE estimator fit\""), "{block}");
    }

    #[test]
    fn arguments_that_are_not_understood_are_left_as_they_are() {
        let item = quote!(impl S { #[log_usage(evnt = "e")] fn f() {} });
        assert_eq!(expanded(quote!(logger = L), &item), item.to_string());
    }

    #[test]
    fn what_makes_no_sense_for_a_block_is_refused() {
        let refusal = |arguments| {
            let defaults = Given::parse(arguments).unwrap();
            Block::check(&defaults).unwrap_err().to_string()
        };
        assert!(refusal(quote!(none_is_error)).contains("what one function returns"));
        assert!(refusal(quote!(error = Error::kind)).contains("what one function returns"));
    }

    #[test]
    fn only_impl_and_trait_are_blocks() {
        assert!(
            Block::parse(&quote!(
                unsafe impl<'a> Send for &'a S {}
            ))
            .is_some()
        );
        assert!(
            Block::parse(&quote!(
                #[async_trait]
                pub(crate) trait T: U {}
            ))
            .is_some()
        );
        assert!(
            Block::parse(&quote!(
                fn f() -> impl T {}
            ))
            .is_none()
        );
        assert!(
            Block::parse(&quote!(
                mod m {}
            ))
            .is_none()
        );
    }
}
