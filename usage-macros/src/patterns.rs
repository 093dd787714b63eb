//! The variables of patterns.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::{Pat, PatIdent};

use crate::tokens::refilled;

/// The variable that is the whole argument, if the pattern is one.
pub(crate) fn simple(pattern: &Pat) -> Option<&PatIdent> {
    match pattern {
        Pat::Ident(variable) if variable.by_ref.is_none() && variable.subpat.is_none() => Some(variable),
        _ => None,
    }
}

/// The variables of a pattern, if they are all that there is of the argument.
pub(crate) fn all_variables(pattern: &Pat) -> Option<Vec<&PatIdent>> {
    let inner: Vec<&Pat> = match pattern {
        Pat::Ident(_) => return simple(pattern).map(|variable| vec![variable]),
        // What stands behind it is borrowed.
        Pat::Reference(_) => Vec::new(),
        Pat::Paren(pattern) => vec![&pattern.pat],
        Pat::Tuple(pattern) => pattern.elems.iter().collect(),
        Pat::TupleStruct(pattern) => pattern.elems.iter().collect(),
        Pat::Slice(pattern) => pattern.elems.iter().collect(),
        // A field with an attribute may not be there.
        Pat::Struct(pattern)
            if pattern.rest.is_none() && pattern.fields.iter().all(|field| field.attrs.is_empty()) =>
        {
            pattern.fields.iter().map(|field| &*field.pat).collect()
        }
        _ => return None,
    };
    let variables: Option<Vec<_>> = inner.into_iter().map(all_variables).collect();
    variables.map(|variables| variables.concat())
}

/// Every variable of a pattern.
pub(crate) fn bound(pattern: &Pat) -> Vec<&PatIdent> {
    let inner: Vec<&Pat> = match pattern {
        Pat::Ident(variable) => {
            let inside = variable.subpat.iter().flat_map(|(_, inside)| bound(inside));
            return std::iter::once(variable).chain(inside).collect();
        }
        Pat::Or(pattern) => pattern.cases.iter().take(1).collect(),
        Pat::Paren(pattern) => vec![&pattern.pat],
        Pat::Reference(pattern) => vec![&pattern.pat],
        Pat::Tuple(pattern) => pattern.elems.iter().collect(),
        Pat::TupleStruct(pattern) => pattern.elems.iter().collect(),
        Pat::Slice(pattern) => pattern.elems.iter().collect(),
        Pat::Struct(pattern) => pattern.fields.iter().map(|field| &*field.pat).collect(),
        _ => Vec::new(),
    };
    inner.into_iter().flat_map(bound).collect()
}

/// Whether a pattern borrows something that may be changed by that, `ref mut`.
pub(crate) fn is_borrowed_to_change(pattern: &Pat) -> bool {
    bound(pattern).iter().any(|variable| variable.by_ref.is_some() && variable.mutability.is_some())
}

/// A variable for the value of another; what a `ref` one refers to stays where it is.
pub(crate) fn by_value(variable: &PatIdent) -> PatIdent {
    let mutability = if variable.by_ref.is_some() { None } else { variable.mutability };
    PatIdent { by_ref: None, subpat: None, mutability, ..variable.clone() }
}

/// A pattern whose variables do not change, for it is others that do.
pub(crate) fn never_changed(pattern: TokenStream) -> TokenStream {
    let mut refers = false;
    let keep = |token: TokenTree| {
        let is_mut = matches!(&token, TokenTree::Ident(word) if word == "mut");
        let is_kept = !is_mut || refers;
        refers = match &token {
            TokenTree::Ident(word) => word == "ref",
            TokenTree::Punct(punct) => punct.as_char() == '&',
            _ => false,
        };
        match token {
            TokenTree::Group(group) => Some(refilled(&group, never_changed(group.stream())).into()),
            other => is_kept.then_some(other),
        }
    };
    pattern.into_iter().filter_map(keep).collect()
}

/// The pattern that is a variable and no more.
pub(crate) fn variable_of(ident: Ident) -> Pat {
    Pat::Ident(PatIdent { attrs: Vec::new(), by_ref: None, mutability: None, ident, subpat: None })
}
