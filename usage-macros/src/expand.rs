//! Arguments and function become tokens: one small `quote!` for each kind of function.
//!
//! What is generated stands inside of the author's own braces and before the author's own
//! statements, names nothing but the runtime's hidden module, and calls every function by its path.

use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned;

use crate::args::{Args, Failure};
use crate::descriptor::{self, Descriptor};
use crate::function::{Function, Kind};
use crate::place::Place;

/// The function with its calls logged.
pub(crate) fn function(args: &Args, function: &Function, place: &Place) -> TokenStream {
    let Function { head, inner_attributes, body, kind, .. } = function;
    let begin = Begin::of(args, place);
    let body = match kind {
        Kind::Guarded => {
            let guard = begin.guard();
            quote!(#guard #body)
        }
        Kind::Observed { is_result } => observed(args, function, &begin, *is_result),
        Kind::ReturnsFuture => returns_future(args, function, &begin),
        Kind::Async { may_fail } => asynchronous(args, function, &begin, *may_fail),
        Kind::AsyncNever => asynchronous_never(args, function, &begin),
        Kind::Linted { names_errors } => linted(args, function, &begin, *names_errors),
    };
    let quiet = quiet_if_empty(function);
    let body = in_braces_of(function, quote!(#quiet #inner_attributes #body));
    quote!(#head #body)
}

/// A function whose body is empty is let alone by clippy, for it may be a bound that is checked: `fn
/// is_send<T: Send>() {}`. With the attribute it is no longer empty.
fn quiet_if_empty(function: &Function) -> TokenStream {
    if !function.body.is_empty() {
        return TokenStream::new();
    }
    quote!(#![allow(clippy::extra_unused_type_parameters)])
}

/// The function as it was, with what its attribute mentions named once, so that nothing of it is
/// unused.
pub(crate) fn left_out(args: &Args, function: &Function) -> TokenStream {
    let Function { head, inner_attributes, body, kind, .. } = function;
    let logger = &args.logger;
    let values = args.properties.iter().map(|(_, value)| value);
    let errors = match kind {
        Kind::Linted { names_errors: true } => judged(args, function),
        _ => TokenStream::new(),
    };
    let quiet = quiet_if_empty(function);
    let mentioned = quote!(let _ = &#logger; #(let _ = &(#values);)* #errors);
    let body = in_braces_of(function, quote!(#quiet #inner_attributes if false { #mentioned } #body));
    quote!(#head #body)
}

/// How a call begins.
struct Begin {
    /// What has to be done before, if the call has properties: their values are taken.
    statements: TokenStream,
    /// The call.
    call: TokenStream,
}

impl Begin {
    fn of(args: &Args, place: &Place) -> Self {
        let enter = enter(args, place);
        if args.properties.is_empty() {
            return Self { statements: TokenStream::new(), call: enter };
        }
        let (runtime, call) = (&args.runtime, local("call"));
        let properties = args.properties.iter().map(|(name, value)| property(args, name, value, place));
        let statements = quote! {
            let mut #call = #enter;
            if #runtime::Call::is_recorded(&#call) { #(#properties)* }
        };
        Self { statements, call: call.into_token_stream() }
    }

    /// The call as a variable, which ends it wherever the function is left.
    fn guard(&self) -> TokenStream {
        let Self { statements, call } = self;
        let guard = local("call");
        if statements.is_empty() { quote!(let #guard = #call;) } else { statements.clone() }
    }
}

/// Begins the call. With one static, and by functions that are no type's: items, and names that
/// depend on a type, are most of what the attribute costs to compile.
fn enter(args: &Args, place: &Place) -> TokenStream {
    let Args { runtime, logger, .. } = args;
    let logger = quote_spanned!(placed(logger.span())=> &#logger);
    let Descriptor { before_module, after_module, event_end, before_product } = Descriptor::of(args, place);
    let before_product = Literal::byte_string(before_product.as_bytes());
    quote! {{
        static __LOG_USAGE_SITE: #runtime::CallSite = #runtime::call_site(
            #logger,
            #runtime::concat!(#before_module, #runtime::module_path!(), #after_module),
            #event_end,
            *#before_product,
        );
        #runtime::enter(#logger, &__LOG_USAGE_SITE)
    }}
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
fn observed(args: &Args, function: &Function, begin: &Begin, is_result: bool) -> TokenStream {
    let runtime = &args.runtime;
    let [returns, end] = [local("returns"), local("end")];
    let tie = tie(args, &quote!(never));
    let Begin { statements, call } = begin;
    let body = closure(function);
    // The call comes behind all that could unwind.
    if is_result {
        let judge = judge(args, function, &quote!(#returns));
        return quote!(#tie #statements #runtime::observe(#returns, #judge, #call, #body));
    }
    let asked = if args.failure.is_none() { quote!(asked) } else { quote!(seen) };
    let judge = judge(args, function, &quote!(#runtime::End::#asked(#end, #returns)));
    quote! {
        #tie
        let #end = { use #runtime::EndLadder as _; (&&&#returns).__log_usage_end() };
        #statements
        #runtime::observe_any(#returns, #end, #judge, #call, #body)
    }
}

/// A body that makes a future.
fn returns_future(args: &Args, function: &Function, begin: &Begin) -> TokenStream {
    let runtime = &args.runtime;
    let [call, returns, future] = [local("call"), local("returns"), local("future")];
    let tie = tie(args, &quote!(never_watched));
    let guard = begin.guard();
    let body = closure(function);
    let judge = judge(args, function, &quote!(#runtime::Returns::output_of(&#future)));
    quote! {
        #tie
        #guard
        let #future = #runtime::run(#returns, #body);
        #runtime::watch(#judge, #call, #future)
    }
}

/// The body of an `async fn`, as a future inside of its own.
fn asynchronous(args: &Args, function: &Function, begin: &Begin, may_fail: bool) -> TokenStream {
    let runtime = &args.runtime;
    let returns = local("returns");
    let tie = tie(args, &quote!(never));
    let Begin { statements, call } = begin;
    let Function { arguments, body, .. } = function;
    let typed = quote!(if false { return #runtime::never(#returns); });
    let block = in_braces_of(function, quote!(#typed #arguments #body));
    let judge = if may_fail { judge(args, function, &quote!(#returns)) } else { quote!(#runtime::Unjudged) };
    quote! {
        #tie
        #statements
        #runtime::watch(#judge, #call, async move #block).await
    }
}

/// The body of an `async fn` that never returns; its type can be written nowhere.
fn asynchronous_never(args: &Args, function: &Function, begin: &Begin) -> TokenStream {
    let runtime = &args.runtime;
    let call = local("call");
    let guard = begin.guard();
    let body = &function.body;
    quote! {
        #guard
        let #call = #runtime::Watch::new(#call, ());
        #body
    }
}

/// A body for Clippy: behind the guard, but a block of its own, so that items at its beginning do
/// not seem to come after statements; with an item, so that its braces do not seem needless.
fn linted(args: &Args, function: &Function, begin: &Begin, names_errors: bool) -> TokenStream {
    let guard = begin.guard();
    let body = &function.body;
    let body = in_braces_of(function, quote!(const _: () = (); #body));
    if !names_errors {
        return quote!(#guard #body);
    }
    let judged = judged(args, function);
    quote!(#guard #judged #body)
}

/// Uses what names errors.
fn judged(args: &Args, function: &Function) -> TokenStream {
    let tie = tie(args, &quote!(never));
    let judge = judge(args, function, &local("returns").into_token_stream());
    quote!(#tie let _ = #judge;)
}

/// Ties `Returns` to the return type of the function or block that these tokens begin. It comes
/// first, where nothing has to be dropped yet.
fn tie(args: &Args, never: &TokenStream) -> TokenStream {
    let runtime = &args.runtime;
    let returns = local("returns");
    quote! {
        let #returns = #runtime::returns();
        if false { return #runtime::#never(#returns); }
    }
}

/// What judges the values that `returns` stands for.
fn judge(args: &Args, function: &Function, returns: &TokenStream) -> TokenStream {
    let runtime = &args.runtime;
    let found = |returns: TokenStream| quote!({ use #runtime::JudgeLadder as _; (&&&&&&&#returns).__log_usage_judge() });
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
