//! How a call begins: its call site, which is a static, and the values of its properties.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned;

use crate::args::Args;
use crate::descriptor::{self, Descriptor};
use crate::place::Place;
use crate::spans::{local, placed, placed_at};

/// How a call begins.
pub(crate) struct Begin {
    pub(crate) site: TokenStream,
    /// Statements that take the values of its properties, out of what `values` then is.
    pub(crate) values: TokenStream,
}

impl Begin {
    pub(crate) fn of(args: &Args, place: &Place) -> Self {
        let (runtime, values) = (&args.runtime, local("values"));
        let properties = args.properties.iter().map(|(name, value)| property(args, name, value, place));
        let values = if args.properties.is_empty() {
            TokenStream::new()
        } else {
            quote!(if #runtime::Values::are_asked(&#values) { #(#properties)* })
        };
        Self { site: site(args, place), values }
    }

    /// The statements that come before, and the call.
    pub(crate) fn call(&self, args: &Args) -> (TokenStream, TokenStream) {
        let runtime = &args.runtime;
        let Self { site, values: statements } = self;
        if statements.is_empty() {
            return (TokenStream::new(), quote!(#runtime::enter(#site)));
        }
        let [call, values] = [local("call"), local("values")];
        let statements = quote! {
            let mut #call = #runtime::enter(#site);
            { let mut #values = #runtime::Call::values(&mut #call); #statements }
        };
        (statements, call.into_token_stream())
    }

    /// The call as a variable, which ends it wherever the function is left.
    pub(crate) fn guard(&self, args: &Args) -> TokenStream {
        let guard = local("call");
        let (statements, call) = self.call(args);
        if statements.is_empty() { quote!(let #guard = #call;) } else { statements }
    }
}

/// The call site. One static, and a function that is no type's: items, and names that depend on a type,
/// are most of what the attribute costs to compile.
fn site(args: &Args, place: &Place) -> TokenStream {
    let Args { runtime, logger, .. } = args;
    let reference = logger.reference();
    let Descriptor { before_module, after_module, event_end, before_product } = Descriptor::of(args, place);
    let before_product = Literal::byte_string(before_product.as_bytes());
    let site = quote! {{
        static __LOG_USAGE_SITE: #runtime::CallSite = #runtime::call_site(
            #reference,
            #runtime::concat!(#before_module, #runtime::module_path!(), #after_module),
            #event_end,
            *#before_product,
        );
        &__LOG_USAGE_SITE
    }};
    logger.found_for(runtime, site)
}

fn property(args: &Args, name: &str, value: &Expr, place: &Place) -> TokenStream {
    let runtime = &args.runtime;
    let key = descriptor::property_key(args, name, place);
    let values = local("values");
    // With the place of the author's expression, for it is there that a wrong type is reported.
    let span = placed(value.span());
    let runtime = placed_at(span, runtime);
    quote_spanned!(span=> #runtime::Values::add::<#key, _>(&mut #values, #name, &(#value));)
}
