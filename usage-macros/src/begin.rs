//! How a call begins: its call site, which is a static, and the values of its properties.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned;

use crate::args::Args;
use crate::descriptor::{self, Descriptor};
use crate::place::Place;
use crate::source::Source;
use crate::spans::{local, placed};

/// A reference to the call site, in text.
const SITE: &str = "&__LOG_USAGE_SITE";

/// How a call begins.
pub(crate) struct Begin<'a> {
    source: &'a Source,
    /// The call site as an item, in text.
    item: String,
    /// Statements that take the values of its properties, out of what `values` then is.
    pub(crate) values: TokenStream,
}

impl<'a> Begin<'a> {
    pub(crate) fn of(args: &'a Args, place: &Place) -> Self {
        let source = &args.source;
        Self { source, item: item(args, place), values: values(args, place) }
    }

    /// The call site as an item, with an `import` before it: one block with items in it costs less than two.
    pub(crate) fn items(&self, import: &str) -> TokenStream {
        self.source.tokens(&format!("{import} {}", self.item))
    }

    /// A reference to it.
    pub(crate) fn site(&self) -> TokenStream {
        self.source.tokens(SITE)
    }

    /// The statements that come before, and the call.
    pub(crate) fn call(&self) -> (TokenStream, TokenStream) {
        self.call_by(&self.enter())
    }

    /// The same behind its [`items`](Self::items).
    pub(crate) fn call_of_items(&self) -> (TokenStream, TokenStream) {
        self.call_by(&format!("{}::enter({SITE})", self.source.runtime))
    }

    fn call_by(&self, enter: &str) -> (TokenStream, TokenStream) {
        let Self { source, values: statements, .. } = self;
        let runtime = source.runtime;
        if statements.is_empty() {
            return (TokenStream::new(), source.tokens(enter));
        }
        let begin = source.tokens(&format!("let mut __log_usage_call = {enter};"));
        let values = source
            .tokens(&format!("let mut __log_usage_values = {runtime}::Call::values(&mut __log_usage_call);"));
        (quote!(#begin { #values #statements }), source.tokens("__log_usage_call"))
    }

    /// The call as a variable, which ends it wherever the function is left.
    pub(crate) fn guard(&self) -> TokenStream {
        if !self.values.is_empty() {
            return self.call().0;
        }
        self.source.tokens(&format!("let __log_usage_call = {};", self.enter()))
    }

    /// The call, in text. In a block: the attribute may be there twice, and one call site stand behind the other.
    fn enter(&self) -> String {
        format!("{{ {} {}::enter({SITE}) }}", self.item, self.source.runtime)
    }
}

/// The call site. One static, and a function that is no type's: items, and names that depend on a type,
/// are most of what the attribute costs to compile.
fn item(args: &Args, place: &Place) -> String {
    let Source { runtime, logger, .. } = &args.source;
    let Descriptor { event, event_end, before_product } = Descriptor::of(args, place);
    let site = args.source.where_logger_is(&format!(
        "{runtime}::call_site({logger}, {event:?}, {event_end}, b{before_product:?})"
    ));
    format!("static __LOG_USAGE_SITE: {runtime}::CallSite = {site};")
}

fn values(args: &Args, place: &Place) -> TokenStream {
    if args.properties.is_empty() {
        return TokenStream::new();
    }
    let properties = args.properties.iter().map(|(name, value)| property(args, name, value, place));
    let values = local("values");
    let runtime = args.source.tokens(args.source.runtime);
    quote!(if #runtime::Values::are_asked(&#values) { #(#properties)* })
}

fn property(args: &Args, name: &str, value: &Expr, place: &Place) -> TokenStream {
    let key = descriptor::property_key(args, name, place);
    let values = local("values");
    // With the place of the author's expression, for it is there that a wrong type is reported.
    let span = placed(value.span());
    let runtime = args.source.tokens_at(span, args.source.runtime);
    quote_spanned!(span=> #runtime::Values::add::<#key, _>(&mut #values, #name, &(#value));)
}
