//! How a function's arguments get into the closure or the block that its body becomes, so that
//! they are dropped in the order in which the language drops them: after the body's variables and
//! whatever its last expression borrows from, the last argument first, each one's variables before
//! what is left of it.
//!
//! A block leaves arguments with nothing to drop alone: whatever the body mentions gets in by itself.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, Pat, PatIdent, PatType, Receiver, ReceiverKind, Token, Type};

use crate::body_names::Names;
use crate::patterns::{
    all_variables, bound, by_value, is_borrowed_to_change, never_changed, simple, variable_of,
};
use crate::plain_arguments::{PRIMITIVE, PlainArguments, borrowed_receiver};
use crate::signature::Argument;
use crate::tokens::{at_commas, borrows, is_written_like_a_type};

/// How arguments get into a closure or a block.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    /// What the closure is called with.
    pub(crate) values: TokenStream,
    /// The variables that it has for that.
    pub(crate) variables: TokenStream,
    /// The statements that it begins with.
    pub(crate) statements: TokenStream,
    /// Whether some of these make arguments variables anew.
    pub(crate) are_rebound: bool,
    /// Whether all that the closure mentions moves into it. Else it borrows what it can.
    pub(crate) all_move: bool,
}

impl Arguments {
    /// Makes arguments those of a closure, which drops them as a function does.
    ///
    /// It has one for all of them, so if a pattern takes an argument apart and leaves something of it
    /// behind, then this one and all behind it have to be variables; unless `properties` mentions the
    /// pattern's own, which are needed before the closure then.
    pub(crate) fn of_closure(arguments: &mut [Argument], properties: &TokenStream) -> Self {
        let all_move = !typed(arguments).any(|(_, argument)| is_array(&argument.ty));
        let mention = if all_move { mentioned } else { moved };
        let receiver = whole_receiver(arguments).map(mention);
        let properties = Names::of(properties);
        let (mut values, mut variables, mut rebound) = (Vec::new(), Vec::new(), Vec::new());
        for (place, argument) in typed(arguments).filter(|(_, argument)| is_handed_over(argument)) {
            let is_kept = rebound.is_empty() && argument.attrs.is_empty() || is_needed(argument, &properties);
            let handed = if is_kept { hand_over(place, argument, &properties) } else { None };
            if let Some(handed) = handed {
                for (value, variable) in handed {
                    values.push(value);
                    variables.push(variable);
                }
            } else if may_drop(&argument.ty) {
                rebound.push(rebind(place, argument));
            }
        }
        Self {
            values: together(&values),
            variables: together(&variables),
            statements: quote!(#receiver #(#rebound)*),
            are_rebound: !rebound.is_empty(),
            all_move,
        }
    }

    /// The same where all of them are plain; the function's own stay as they are.
    pub(crate) fn of_plain_closure(arguments: &PlainArguments<'_>) -> Self {
        let names: Vec<_> = arguments.list.iter().map(|argument| argument.name).collect();
        let names = together(&names);
        let statements = arguments.receiver.map(mentioned).unwrap_or_default();
        Self { values: names.clone(), variables: names, statements, all_move: true, ..Self::default() }
    }

    /// Makes arguments part of an `async move` block.
    ///
    /// To make them variables would take room for them twice in the future. What a block captures is
    /// dropped in the order of its mention, so they are mentioned, the last one first; with the same
    /// exception as above.
    pub(crate) fn of_block(arguments: &mut [Argument], body: &TokenStream, properties: &TokenStream) -> Self {
        let receiver = whole_receiver(arguments).map(mentioned);
        let (names, properties) = (Names::of(body), Names::of(properties));
        let (mut mentions, mut rebound, mut changing) = (Vec::new(), Vec::new(), Vec::new());
        for (place, argument) in typed(arguments) {
            let may_change = may_borrow_anew(argument);
            if !may_drop(&argument.ty) {
                changing.extend(may_change.then(|| rebind(place, argument)));
                continue;
            }
            let is_kept = !may_change && (rebound.is_empty() || is_needed(argument, &properties));
            match if is_kept { mention(place, argument, &names, &properties) } else { None } {
                Some(mentioned) => mentions.extend(mentioned),
                None => rebound.push(rebind(place, argument)),
            }
        }
        let captures = mentions.iter().rev().map(|(capture, _)| capture);
        let unused = mentions.iter().map(|(_, unused)| unused);
        let statements = quote!(#(#captures)* #receiver #(#unused)* #(#changing)* #(#rebound)*);
        let are_rebound = !(changing.is_empty() && rebound.is_empty());
        Self { statements, are_rebound, ..Self::default() }
    }

    /// Has a borrowed receiver among `arguments` come in at the beginning.
    pub(crate) fn mention_borrowed_receiver(&mut self, arguments: &TokenStream) {
        let arguments: Vec<_> = arguments.clone().into_iter().collect();
        let receiver = at_commas(&arguments).next().and_then(borrowed_receiver);
        self.statements.extend(receiver.map(mentioned));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty() && self.statements.is_empty()
    }
}

/// One value for all of a closure's arguments; one alone is not put into a tuple, which the compiler
/// would take its time for.
fn together(list: &[impl ToTokens]) -> TokenStream {
    match list {
        [] => TokenStream::new(),
        [one] => one.to_token_stream(),
        list => quote!((#(#list,)*)),
    }
}

/// Has a receiver come into a closure or a block as a whole, which moves whatever is mentioned in it.
fn mentioned(receiver: impl ToTokens) -> TokenStream {
    quote!(let _ = &#receiver;)
}

/// The same for a closure that borrows what it can. What the receiver borrows exclusively may be given back: so
/// it is moved on a way that is never gone.
fn moved(receiver: impl ToTokens) -> TokenStream {
    let moved = format_ident!("__log_usage_receiver", span = Span::mixed_site());
    quote!(if false { let #moved = #receiver; loop {} })
}

/// A receiver by value, of which the body could mention a field alone.
fn whole_receiver(arguments: &[Argument]) -> Option<Token![self]> {
    let Argument::Receiver(Receiver { kind, self_token, .. }) = arguments.first()? else { return None };
    let by_value = match kind {
        ReceiverKind::Value => true,
        ReceiverKind::Typed(_, ty) => may_drop(ty),
        _ => false,
    };
    by_value.then_some(*self_token)
}

/// The arguments with a pattern and a type, and their places.
fn typed(arguments: &mut [Argument]) -> impl Iterator<Item = (usize, &mut PatType)> {
    arguments.iter_mut().enumerate().filter_map(|(place, argument)| match argument {
        Argument::Typed(argument) => Some((place, argument)),
        Argument::Receiver(_) | Argument::Opaque(_) => None,
    })
}

/// Whether an argument becomes the closure's. Not if it may be large, for it would be copied; nor, if
/// there is nothing to drop, where it may be left out.
fn is_handed_over(argument: &PatType) -> bool {
    may_drop(&argument.ty) || (argument.attrs.is_empty() && !is_array(&argument.ty))
}

/// Whether a pattern has variables that properties mention. A variable that is all of an argument keeps
/// its name in any case.
fn is_needed(argument: &PatType, properties: &Names) -> bool {
    simple(&argument.pat).is_none() && properties.contain_any(&argument.pat)
}

fn is_array(ty: &Type) -> bool {
    matches!(ty, Type::Array(_))
}

/// Whether a type, as it is spelled, may have something to drop.
fn may_drop(ty: &Type) -> bool {
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

/// Whether an argument is a variable that may get another value that borrows, for less long than the argument
/// did: what a block captures has one type for ever.
fn may_borrow_anew(argument: &PatType) -> bool {
    simple(&argument.pat).is_some_and(|variable| variable.mutability.is_some())
        && borrows(argument.ty.to_token_stream())
}

/// The variables of a pattern that are to be kept: all, if there is no more of the argument, or if
/// `properties` mentions one.
fn kept_variables(pattern: &Pat, properties: &Names) -> Option<Vec<PatIdent>> {
    if properties.contain_any(pattern) {
        return Some(bound(pattern).into_iter().map(by_value).collect());
    }
    all_variables(pattern).map(|variables| variables.into_iter().cloned().collect())
}

/// What the closure is called with for the argument, and its variables for that.
fn hand_over(place: usize, argument: &mut PatType, properties: &Names) -> Option<Vec<(Ident, TokenStream)>> {
    if matches!(*argument.pat, Pat::Wild(_)) {
        let name = name_of(place);
        *argument.pat = variable_of(name.clone());
        return Some(vec![(name.clone(), name.into_token_stream())]);
    }
    let variables = kept_variables(&argument.pat, properties)?;
    *argument.pat = Pat::Verbatim(never_changed(argument.pat.to_token_stream()));
    Some(
        variables
            .into_iter()
            .map(|variable| (variable.ident.clone(), variable.into_token_stream()))
            .collect(),
    )
}

/// A new variable for the argument, which gets a plain name in the signature.
fn rebind(place: usize, argument: &mut PatType) -> TokenStream {
    let Attributes { conditions, lints } = Attributes::taken_from(argument);
    let pattern = argument.pat.clone();
    if let Some(variable) = simple(&pattern) {
        let name = &variable.ident;
        *argument.pat = variable_of(name.clone());
        return quote!(#(#conditions)* #(#lints)* let #pattern = #name;);
    }
    let name = name_of(place);
    *argument.pat = variable_of(name.clone());
    if matches!(*pattern, Pat::Wild(_)) {
        return quote!(#(#conditions)* let #name = #name;);
    }
    let mutability = is_borrowed_to_change(&pattern).then(|| quote!(mut));
    quote! {
        #(#conditions)* let #mutability #name = #name;
        #(#conditions)* #(#lints)* let #pattern = #name;
    }
}

/// What captures the argument's variables one by one, and what stands in for each in the eyes of the
/// compiler if the body never mentions it: to be captured is a use, and the author would not be told
/// of an unused argument. Nothing, if the variables are not all of it.
fn mention(
    place: usize,
    argument: &mut PatType,
    names: &Names,
    properties: &Names,
) -> Option<Vec<(TokenStream, TokenStream)>> {
    if matches!(*argument.pat, Pat::Wild(_)) {
        let Attributes { conditions, .. } = Attributes::taken_from(argument);
        let name = name_of(place);
        *argument.pat = variable_of(name.clone());
        return Some(vec![(quote!(#(#conditions)* let _ = &#name;), TokenStream::new())]);
    }
    let variables = kept_variables(&argument.pat, properties)?;
    if variables.iter().any(|variable| is_written_like_a_type(&variable.ident.to_string())) {
        // It may be a type of one value, and no variable at all.
        return None;
    }
    let Attributes { conditions, lints } = Attributes::taken_from(argument);
    let mentions = variables.iter().map(|variable| {
        let name = &variable.ident;
        let unused = quote!(#(#conditions)* #(#lints)* let #variable = false;);
        let is_used = names.contain(name);
        (quote!(#(#conditions)* let _ = &#name;), if is_used { TokenStream::new() } else { unused })
    });
    let mentions = mentions.collect();
    if variables.iter().all(|variable| names.contain(&variable.ident)) {
        argument.attrs.extend(lints);
    }
    Some(mentions)
}

/// The attributes of an argument.
struct Attributes {
    /// Whether it is there. These hold for all that is made of it.
    conditions: Vec<Attribute>,
    /// What the compiler is to say of it. That holds once, where it is judged.
    lints: Vec<Attribute>,
}

impl Attributes {
    /// Leaves the argument its conditions alone.
    fn taken_from(argument: &mut PatType) -> Self {
        let is_condition =
            |attribute: &Attribute| attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr");
        let (conditions, lints): (Vec<_>, _) = argument.attrs.drain(..).partition(is_condition);
        argument.attrs.clone_from(&conditions);
        Self { conditions, lints }
    }
}

fn name_of(place: usize) -> Ident {
    format_ident!("__log_usage_argument_{place}", span = Span::mixed_site())
}

#[cfg(test)]
#[path = "arguments_tests.rs"]
mod tests;
