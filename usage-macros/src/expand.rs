//! Arguments and function become tokens: one small `quote!` for each kind of function.
//!
//! What is generated stands inside of the author's own braces and before the author's own
//! statements, names nothing but the runtime's hidden module, and calls every function by its path.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned;

use crate::args::{Args, Failure};
use crate::descriptor::{self, Descriptor};
use crate::function::{Function, Kind};
use crate::place::Place;

/// The function with its calls logged.
pub(crate) fn function(args: &Args, function: &Function, place: &Place) -> TokenStream {
    let Function { head, inner_attributes, kind, .. } = function;
    let begin = begin(args, place);
    let rest = match kind {
        Kind::Guarded => function.body.clone(),
        Kind::Observed { is_result } => observed(args, function, *is_result),
        Kind::ReturnsFuture => returns_future(args, function),
        Kind::Async { may_fail } => asynchronous(args, function, *may_fail),
        Kind::AsyncNever => asynchronous_never(args, function),
        Kind::Linted { names_errors } => linted(args, function, *names_errors),
    };
    let body = in_braces_of(function, quote!(#inner_attributes #begin #rest));
    quote!(#head #body)
}

/// The function as it was, with what its attribute mentions named once, so that nothing of it is
/// unused.
pub(crate) fn left_out(args: &Args, function: &Function) -> TokenStream {
    let Function { head, inner_attributes, body, .. } = function;
    let logger = &args.logger;
    let values = args.properties.iter().map(|(_, value)| value);
    let body = in_braces_of(
        function,
        quote!(#inner_attributes if false { let _ = &#logger; #(let _ = &(#values);)* } #body),
    );
    quote!(#head #body)
}

/// The guard of the call, and the values of its properties.
fn begin(args: &Args, place: &Place) -> TokenStream {
    let Args { runtime, logger, .. } = args;
    let call = local("call");
    let logger = quote_spanned!(placed(logger.span())=> &#logger);
    let Descriptor { before_module, after_module, event_end } = Descriptor::of(args, place);
    let enter = quote! {{
        static __LOG_USAGE_LOGGER: &#runtime::UsageLogger = #logger;
        static __LOG_USAGE_BUDGET: #runtime::Budget = #runtime::Budget::new();
        const __LOG_USAGE_TEXT: &#runtime::Text =
            #runtime::concat!(#before_module, #runtime::module_path!(), #after_module);
        static __LOG_USAGE_DESCRIPTOR: #runtime::DescriptorOf<{ __LOG_USAGE_TEXT.len() }> =
            #runtime::DescriptorOf::new(__LOG_USAGE_LOGGER, __LOG_USAGE_TEXT);
        static __LOG_USAGE_SITE: #runtime::CallSite = #runtime::CallSite::new(
            __LOG_USAGE_LOGGER,
            &__LOG_USAGE_BUDGET,
            &__LOG_USAGE_DESCRIPTOR,
            #event_end,
        );
        #runtime::Call::enter(&__LOG_USAGE_SITE)
    }};
    if args.properties.is_empty() {
        return quote!(let #call = #enter;);
    }
    let properties = args.properties.iter().map(|(name, value)| property(args, name, value, place));
    quote! {
        let mut #call = #enter;
        if #runtime::Call::is_recorded(&#call) { #(#properties)* }
    }
}

fn property(args: &Args, name: &str, value: &Expr, place: &Place) -> TokenStream {
    let runtime = &args.runtime;
    let key = descriptor::property_key(args, name, place);
    let call = local("call");
    // With the place of the author's expression, for it is there that a wrong type is reported.
    let span = placed(value.span());
    let runtime = placed_at(span, runtime);
    quote_spanned!(span=> #runtime::Call::property::<#key, _>(&mut #call, #name, &(#value));)
}

/// A body whose value has to be looked at, as a closure.
fn observed(args: &Args, function: &Function, is_result: bool) -> TokenStream {
    let runtime = &args.runtime;
    let [call, returns, end] = [local("call"), local("returns"), local("end")];
    let tie = tie(args, &quote!(value));
    let body = closure(function);
    if is_result {
        let judge = judge(args, function, &quote!(#returns));
        return quote!(#tie #runtime::observe(#call, #returns, #judge, #body));
    }
    let judge = judge(args, function, &quote!(#runtime::End::seen(#end, #returns)));
    quote! {
        #tie
        let #end = { use #runtime::ladder::*; (&&#returns).__log_usage_end() };
        #runtime::observe_any(#call, #returns, #end, #judge, #body)
    }
}

/// A body that makes a future.
fn returns_future(args: &Args, function: &Function) -> TokenStream {
    let runtime = &args.runtime;
    let [call, returns, future] = [local("call"), local("returns"), local("future")];
    let tie = tie(args, &quote!(watched));
    let body = closure(function);
    let judge = judge(args, function, &quote!(#runtime::Returns::output_of(&#future)));
    quote! {
        #tie
        let #future = #runtime::run(#returns, #body);
        #runtime::watch_returned(#call, #judge, #future)
    }
}

/// The body of an `async fn`, as a future inside of its own.
fn asynchronous(args: &Args, function: &Function, may_fail: bool) -> TokenStream {
    let runtime = &args.runtime;
    let [call, returns] = [local("call"), local("returns")];
    let tie = tie(args, &quote!(value));
    let Function { arguments, body, .. } = function;
    let typed = quote!(if false { return #runtime::Returns::value(#returns); });
    let block = in_braces_of(function, quote!(#typed #arguments #body));
    let judge = if may_fail { judge(args, function, &quote!(#returns)) } else { quote!(#runtime::Unjudged) };
    quote! {
        #tie
        #runtime::watch(#call, #returns, #judge, async move #block).await
    }
}

/// The body of an `async fn` that never returns; its type can be written nowhere.
fn asynchronous_never(args: &Args, function: &Function) -> TokenStream {
    let runtime = &args.runtime;
    let call = local("call");
    let body = &function.body;
    quote! {
        let #call = #runtime::Watch::new(#call, ());
        #body
    }
}

/// A body for Clippy: behind the guard, but a block of its own, so that items at its beginning do
/// not seem to come after statements; with an item, so that its braces do not seem needless.
fn linted(args: &Args, function: &Function, names_errors: bool) -> TokenStream {
    let body = &function.body;
    let body = in_braces_of(function, quote!(const _: () = (); #body));
    if !names_errors {
        return body.into_token_stream();
    }
    // What names errors is used.
    let tie = tie(args, &quote!(value));
    let judge = judge(args, function, &local("returns").into_token_stream());
    quote!(#tie let _ = #judge; #body)
}

/// Ties `Returns` to the return type of the function or block that these tokens begin.
fn tie(args: &Args, by: &TokenStream) -> TokenStream {
    let runtime = &args.runtime;
    let returns = local("returns");
    quote! {
        let #returns = #runtime::Returns::new();
        if false { return #runtime::Returns::#by(#returns); }
    }
}

/// What judges the values that `returns` stands for.
fn judge(args: &Args, function: &Function, returns: &TokenStream) -> TokenStream {
    let runtime = &args.runtime;
    let found =
        |returns: TokenStream| quote!({ use #runtime::ladder::*; (&&&&&&&#returns).__log_usage_judge() });
    // A wrong type is reported at what the author wrote, and by a method that is missing: what
    // that would have returned is not reported again.
    match &args.failure {
        None if function.hides_error => quote!(#runtime::Returns::by_type(#returns)),
        None => found(returns.clone()),
        Some(Failure::NoneIsError(key)) => {
            quote_spanned!(placed(key.span())=> #returns.none_is_error())
        }
        Some(Failure::BreakIsError(key)) => {
            let judge = found(quote_spanned!(placed(key.span())=> #returns.break_is_error()));
            quote!(#judge.of_break())
        }
        Some(Failure::NamedBy(_, name)) => {
            let span = placed(name.span());
            let runtime = placed_at(span, runtime);
            quote_spanned!(span=> #runtime::Returns::named_by(#returns, #name))
        }
    }
}

/// The body as a closure.
fn closure(function: &Function) -> TokenStream {
    let Function { arguments, body, .. } = function;
    let body = in_braces_of(function, quote!(#arguments #body));
    quote!(|| #body)
}

/// The author's own braces around `tokens`: the rules of the author's edition go on to hold.
fn in_braces_of(function: &Function, tokens: TokenStream) -> Group {
    let mut group = Group::new(Delimiter::Brace, tokens);
    group.set_span(function.brace);
    group
}

/// The place of the author's tokens for tokens of ours, so that errors are reported there.
fn placed(span: Span) -> Span {
    span.resolved_at(Span::call_site())
}

/// A path with another place.
fn placed_at(span: Span, path: &TokenStream) -> TokenStream {
    let place = |mut token: TokenTree| {
        token.set_span(span);
        token
    };
    path.clone().into_iter().map(place).collect()
}

/// A local variable that no name of the author's can meet.
fn local(name: &str) -> Ident {
    Ident::new(&format!("__log_usage_{name}"), Span::mixed_site())
}
