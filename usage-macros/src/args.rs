//! What an author says in an attribute, as it stands there and completed.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::{Error, Expr, LitStr, Path, Result};

use crate::grammar;
use crate::source::Source;

const EVENT_MISSING: &str =
    "`event` is missing: write `#[log_usage(event = \"…\")]`, with the name that events shall have";

/// The arguments of an attribute, as they stand there.
#[derive(Default)]
pub(crate) struct Given {
    pub(crate) event: Option<LitStr>,
    pub(crate) purpose: Option<LitStr>,
    pub(crate) metrics: Option<Expr>,
    pub(crate) properties: Vec<(Ident, Expr)>,
    pub(crate) failure: Option<Failure>,
    pub(crate) logger: Option<Path>,
    pub(crate) runtime: Option<Path>,
}

/// What is a failure beyond a `Result` that is an `Err`, and how an error is named.
#[derive(Clone)]
pub(crate) enum Failure {
    /// `None` is one.
    NoneIsError(Ident),
    /// `ControlFlow::Break` is one.
    BreakIsError(Ident),
    /// An error is named by what this makes of it.
    NamedBy(Ident, Expr),
}

/// All that has to be known of a function's calls.
pub(crate) struct Args {
    pub(crate) event: String,
    /// What the event is recorded for; for people alone.
    pub(crate) purpose: Option<String>,
    /// The further properties of the event, `metrics` included.
    pub(crate) properties: Vec<(String, Expr)>,
    pub(crate) failure: Option<Failure>,
    pub(crate) source: Source,
}

impl Given {
    pub(crate) fn parse(tokens: TokenStream) -> Result<Self> {
        grammar::arguments.parse2(tokens)
    }

    /// The arguments of a function without a block around it.
    pub(crate) fn complete(self) -> Result<Args> {
        let event = self.event.as_ref().ok_or_else(|| Error::new(Span::call_site(), EVENT_MISSING))?.value();
        let metrics = self.metrics.map(|value| ("metrics".to_owned(), value));
        let further = self.properties.into_iter().map(|(name, value)| (grammar::property_name(&name), value));
        Ok(Args {
            event,
            purpose: self.purpose.map(|purpose| purpose.value()),
            properties: metrics.into_iter().chain(further).collect(),
            failure: self.failure,
            source: Source::of(self.runtime.as_ref(), self.logger.as_ref()),
        })
    }
}

impl ToTokens for Given {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let event = self.event.iter().map(|event| quote!(event = #event,));
        let purpose = self.purpose.iter().map(|purpose| quote!(purpose = #purpose,));
        let metrics = self.metrics.iter().map(|value| quote!(metrics = #value,));
        let (names, values): (Vec<_>, Vec<_>) =
            self.properties.iter().map(|(name, value)| (name, value)).unzip();
        let logger = self.logger.iter().map(|path| quote!(logger = #path,));
        let runtime = self.runtime.iter().map(|path| quote!(crate = #path,));
        let failure = &self.failure;
        tokens.extend(quote! {
            #(#event)* #(#purpose)* #(#metrics)* properties(#(#names = #values),*), #failure #(#logger)* #(#runtime)*
        });
    }
}

impl Failure {
    /// The argument that says so.
    pub(crate) fn key(&self) -> &Ident {
        match self {
            Self::NoneIsError(key) | Self::BreakIsError(key) | Self::NamedBy(key, _) => key,
        }
    }
}

impl ToTokens for Failure {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(match self {
            Self::NoneIsError(key) | Self::BreakIsError(key) => quote!(#key,),
            Self::NamedBy(key, name) => quote!(#key = #name,),
        });
    }
}
