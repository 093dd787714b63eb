//! Which names a body or an expression mentions, as far as tokens tell.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::Pat;
use syn::ext::IdentExt;

use crate::patterns::bound;

/// All names in a body, those in format strings included.
pub(crate) struct Names {
    idents: BTreeSet<String>,
    literals: String,
}

impl Names {
    pub(crate) fn of(body: &TokenStream) -> Self {
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

    /// Whether a variable of a pattern is among them.
    pub(crate) fn contain_any(&self, pattern: &Pat) -> bool {
        !self.idents.is_empty() && bound(pattern).iter().any(|variable| self.contain(&variable.ident))
    }

    pub(crate) fn contain(&self, name: &Ident) -> bool {
        let name = name.unraw().to_string();
        self.literals.contains(&name) || self.idents.contains(&name)
    }
}
