//! How a function's arguments get into the closure or the block that its body becomes, so that
//! they are dropped in the order in which the language drops them: after the body's variables,
//! the last argument first, each one's variables before what is left of it.
//!
//! Arguments with nothing to drop are left alone: whatever the body mentions gets in by itself.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{FnArg, Pat, PatIdent, PatType, ReceiverKind, Signature, Token, Type};

/// Makes arguments variables of a closure, as the compiler does for an `async fn`; returns the
/// statements that the closure begins with.
pub(crate) fn into_closure(signature: &mut Signature) -> TokenStream {
    let receiver = receiver_by_value(signature);
    let rebound: TokenStream = owned(signature).map(|(place, argument)| rebind(place, argument)).collect();
    quote!(#receiver #rebound)
}

/// Makes arguments part of an `async move` block; returns the statements that the block begins
/// with.
///
/// To make them variables, as above, would take room for them twice in the future. What a block
/// captures is dropped in the order of its mention, so they are mentioned, the last one first. If
/// a pattern takes an argument apart, then this one and all behind it have to be variables.
pub(crate) fn into_block(signature: &mut Signature, body: &TokenStream) -> TokenStream {
    let receiver = receiver_mentioned(signature);
    let names = Names::of(body);
    let (mut mentions, mut rebound) = (Vec::new(), Vec::new());
    for (place, argument) in owned(signature) {
        let is_whole = simple(&argument.pat).is_some() || matches!(*argument.pat, Pat::Wild(_));
        if is_whole && rebound.is_empty() {
            mentions.push(mention(place, argument, &names));
        } else {
            rebound.push(rebind(place, argument));
        }
    }
    let captures = mentions.iter().rev().map(|(capture, _)| capture);
    let unused = mentions.iter().map(|(_, unused)| unused);
    quote!(#(#captures)* #receiver #(#unused)* #(#rebound)*)
}

/// Has a receiver by value come into a closure as a whole, even if the body mentions one of its
/// fields alone. By value, for what it borrows exclusively may be given back: so it is moved on a
/// way that is never gone.
fn receiver_by_value(signature: &Signature) -> TokenStream {
    let moved = format_ident!("__log_usage_receiver", span = Span::mixed_site());
    whole_receiver(signature).map(|this| quote!(if false { let #moved = #this; loop {} })).unwrap_or_default()
}

/// The same for a block that moves whatever is mentioned in it.
fn receiver_mentioned(signature: &Signature) -> TokenStream {
    whole_receiver(signature).map(|this| quote!(let _ = &#this;)).unwrap_or_default()
}

/// A receiver by value, of which a field alone could be used.
fn whole_receiver(signature: &Signature) -> Option<Token![self]> {
    let receiver = signature.receiver()?;
    let by_value = match &receiver.kind {
        ReceiverKind::Value => true,
        ReceiverKind::Typed(_, ty) => may_drop(ty),
        _ => false,
    };
    by_value.then_some(receiver.self_token)
}

/// The arguments that may have something to drop, and their places.
fn owned(signature: &mut Signature) -> impl Iterator<Item = (usize, &mut PatType)> {
    signature.inputs.iter_mut().enumerate().filter_map(|(place, input)| match input {
        FnArg::Typed(argument) if may_drop(&argument.ty) => Some((place, argument)),
        _ => None,
    })
}

/// Whether a type, as it is spelled, may have something to drop.
fn may_drop(ty: &Type) -> bool {
    const PRIMITIVE: [&str; 17] = [
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64",
        "u128", "usize", "str",
    ];
    match ty {
        Type::Reference(_) | Type::Ptr(_) | Type::Never(_) => false,
        Type::Array(array) => may_drop(&array.elem),
        Type::Group(group) => may_drop(&group.elem),
        Type::Paren(paren) => may_drop(&paren.elem),
        Type::Tuple(tuple) => tuple.elems.iter().any(may_drop),
        Type::Path(path) => !PRIMITIVE.iter().any(|primitive| path.path.is_ident(primitive)),
        _ => true,
    }
}

/// The variable that is the whole argument, if the pattern is one.
fn simple(pattern: &Pat) -> Option<&PatIdent> {
    match pattern {
        Pat::Ident(variable) if variable.by_ref.is_none() && variable.subpat.is_none() => Some(variable),
        _ => None,
    }
}

/// A new variable for the argument, which gets a plain name in the signature.
fn rebind(place: usize, argument: &mut PatType) -> TokenStream {
    let attributes = &argument.attrs;
    let pattern = argument.pat.clone();
    if let Some(variable) = simple(&pattern) {
        let name = &variable.ident;
        *argument.pat = variable_of(name.clone());
        return quote!(#(#attributes)* let #pattern = #name;);
    }
    let name = name_of(place);
    *argument.pat = variable_of(name.clone());
    if matches!(*pattern, Pat::Wild(_)) {
        return quote!(#(#attributes)* let #name = #name;);
    }
    quote! {
        #(#attributes)* let #name = #name;
        #(#attributes)* let #pattern = #name;
    }
}

/// What captures the argument, and what stands in for it in the eyes of the compiler if the body
/// never mentions it: to be captured is a use, and the author would not be told of an unused
/// argument.
fn mention(place: usize, argument: &mut PatType, names: &Names) -> (TokenStream, TokenStream) {
    let attributes = &argument.attrs;
    let Some(variable) = simple(&argument.pat) else {
        let name = name_of(place);
        *argument.pat = variable_of(name.clone());
        return (quote!(#(#attributes)* let _ = &#name;), TokenStream::new());
    };
    let name = &variable.ident;
    let capture = quote!(#(#attributes)* let _ = &#name;);
    let unused = if names.contain(name) {
        TokenStream::new()
    } else {
        let pattern = &argument.pat;
        quote!(#(#attributes)* let #pattern = false;)
    };
    (capture, unused)
}

fn name_of(place: usize) -> Ident {
    format_ident!("__log_usage_argument_{place}", span = Span::mixed_site())
}

fn variable_of(ident: Ident) -> Pat {
    Pat::Ident(PatIdent { attrs: Vec::new(), by_ref: None, mutability: None, ident, subpat: None })
}

/// All names in a body, those in format strings included.
struct Names {
    idents: BTreeSet<String>,
    literals: String,
}

impl Names {
    fn of(body: &TokenStream) -> Self {
        let mut names = Self { idents: BTreeSet::new(), literals: String::new() };
        names.add(body.clone());
        names
    }

    fn add(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => drop(self.idents.insert(ident.unraw().to_string())),
                TokenTree::Literal(literal) => self.literals.push_str(&literal.to_string()),
                TokenTree::Group(group) => self.add(group.stream()),
                TokenTree::Punct(_) => {}
            }
        }
    }

    fn contain(&self, name: &Ident) -> bool {
        let name = name.unraw().to_string();
        self.literals.contains(&name) || self.idents.contains(&name)
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;

    use super::*;

    fn signature(tokens: TokenStream) -> Signature {
        syn::parse2(tokens).unwrap()
    }

    fn text(tokens: impl ToTokens) -> String {
        tokens.to_token_stream().to_string()
    }

    #[test]
    fn a_closure_makes_owned_arguments_its_variables() {
        let mut function = signature(quote!(fn f(self, mut a: A, (b, _): (B, C), _: D, e: &E, g: u8)));
        let begin = into_closure(&mut function);
        let name = |place: usize| format!("__log_usage_argument_{place}");
        assert_eq!(
            text(begin),
            format!(
                "if false {{ let __log_usage_receiver = self ; loop {{ }} }} let mut a = a ; let {two} = {two} ; let (b , _) = {two} ; let {three} = {three} ;",
                two = name(2),
                three = name(3)
            )
        );
        let inputs = format!("self , a : A , {} : (B , C) , {} : D , e : & E , g : u8", name(2), name(3));
        assert_eq!(text(function.inputs), inputs);
    }

    #[test]
    fn a_block_mentions_owned_arguments_from_the_last_to_the_first() {
        let mut function = signature(quote!(fn f(self, mut a: A, b: B, c: C, d: [u8; 9])));
        let begin = into_block(&mut function, &quote!(use_it(a); format!("{b}")));
        assert_eq!(text(begin), "let _ = & c ; let _ = & b ; let _ = & a ; let _ = & self ; let c = false ;");
        assert_eq!(text(function.inputs), "self , mut a : A , b : B , c : C , d : [u8 ; 9]");
    }

    #[test]
    fn a_block_makes_variables_of_all_from_the_first_that_is_taken_apart() {
        let mut function = signature(quote!(fn f(a: A, (b, c): (B, C), #[cfg(x)] mut d: D)));
        let begin = into_block(&mut function, &quote!(a));
        let name = "__log_usage_argument_1";
        let expected =
            format!("let _ = & a ; let {name} = {name} ; let (b , c) = {name} ; # [cfg (x)] let mut d = d ;");
        assert_eq!(text(begin), expected);
        assert_eq!(text(function.inputs), format!("a : A , {name} : (B , C) , # [cfg (x)] d : D"));
    }
}
