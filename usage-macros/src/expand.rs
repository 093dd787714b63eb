//! Arguments and function become tokens: one small `quote!` for each kind of function.
//!
//! What is generated stands inside of the author's own braces and before the author's own
//! statements, names nothing but the runtime's hidden module, and calls every function by its path.

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

use crate::args::{Args, Failure};
use crate::arguments::Arguments;
use crate::begin::Begin;
use crate::canonical;
use crate::function::{Function, Kind};
use crate::place::Place;
use crate::spans::{local, placed, placed_at};

/// The function with its calls logged.
pub(crate) fn function(args: &Args, function: &Function, place: &Place) -> TokenStream {
    let Function { head, inner_attributes, body, kind, .. } = function;
    let begin = Begin::of(args, place);
    let body = match kind {
        Kind::Guarded => {
            let guard = begin.guard(args);
            quote!(#guard #body)
        }
        Kind::Observed { is_result } => observed(args, function, &begin, *is_result),
        Kind::ReturnsFuture => returns_future(args, function, &begin),
        Kind::Async { may_fail } => asynchronous(args, function, &begin, *may_fail),
        Kind::AsyncNever => asynchronous_never(args, function, &begin),
        Kind::Linted { names_errors } => linted(args, function, &begin, *names_errors),
    };
    let body = in_braces_of(function, quote!(#inner_attributes #body));
    quote!(#head #body)
}

/// The function as it was, with what its attribute mentions named once, so that nothing of it is
/// unused.
pub(crate) fn left_out(args: &Args, function: &Function) -> TokenStream {
    let Function { head, inner_attributes, body, kind, .. } = function;
    if let Some(body) = canonical::body(args, function) {
        let body = in_braces_of(function, quote!(#inner_attributes #body));
        return quote!(#head #body);
    }
    let logger = args.logger.reference();
    let logger = args.logger.found_for(&args.runtime, quote!(let _ = #logger;));
    let values = args.properties.iter().map(|(_, value)| value);
    let errors = match kind {
        Kind::Linted { names_errors: true } => judged(args, function),
        _ => TokenStream::new(),
    };
    let types = types_of_an_empty_function(args, function);
    let mentioned = quote!(#logger #(let _ = &(#values);)* #types #errors);
    let body = in_braces_of(function, quote!(#inner_attributes if false { #mentioned } #body));
    quote!(#head #body)
}

/// A body whose value has to be looked at, as a closure.
fn observed(args: &Args, function: &Function, begin: &Begin, is_result: bool) -> TokenStream {
    let runtime = &args.runtime;
    let [returns, end] = [local("returns"), local("end")];
    let tie = tie(args, function, &quote!(never));
    let Begin { site, values } = begin;
    let body = closure_given(function, values);
    if is_result {
        let judge = judge(args, function, &quote!(#returns));
        let observe =
            in_place_of_value(function, &quote!(#runtime::observe), quote!(#returns, #judge, #site, #body));
        return quote!(#tie #observe);
    }
    let asked = if args.failure.is_none() { quote!(asked) } else { quote!(seen) };
    let judge = judge(args, function, &quote!(#runtime::End::#asked(#end, #returns)));
    let observe = quote!(#runtime::observe_any);
    let observe = in_place_of_value(function, &observe, quote!(#returns, #end, #judge, #site, #body));
    quote! {
        #tie
        let #end = { use #runtime::EndLadder as _; (&&&#returns).__log_usage_end() };
        #observe
    }
}

/// A body that makes a future.
fn returns_future(args: &Args, function: &Function, begin: &Begin) -> TokenStream {
    let runtime = &args.runtime;
    let [call, returns, future] = [local("call"), local("returns"), local("future")];
    let tie = tie(args, function, &quote!(never_watched));
    let guard = begin.guard(args);
    let body = closure(function);
    let judge = judge(args, function, &quote!(#runtime::Returns::output_of(&#future)));
    let watch = in_place_of_value(function, &quote!(#runtime::watch), quote!(#judge, #call, #future));
    quote! {
        #tie
        #guard
        let #future = #runtime::run(#returns, #body);
        #watch
    }
}

/// The body of an `async fn`, as a future inside of its own.
fn asynchronous(args: &Args, function: &Function, begin: &Begin, may_fail: bool) -> TokenStream {
    let runtime = &args.runtime;
    let returns = local("returns");
    let tie = tie(args, function, &quote!(never));
    let (statements, call) = begin.call(args);
    let Function { arguments: Arguments { statements: arguments, .. }, body, .. } = function;
    let typed = typed(args, function, &quote!(never));
    let end = body.is_empty().then(|| quote!(;));
    let block = in_braces_of(function, quote!(#typed #end #arguments #body));
    let block = quote_spanned!(function.brace=> async move #block);
    let judge = if may_fail { judge(args, function, &quote!(#returns)) } else { quote!(#runtime::Unjudged) };
    quote! {
        #tie
        #statements
        #runtime::watch(#judge, #call, #block).await
    }
}

/// The body of an `async fn` that never returns; its type can be written nowhere.
fn asynchronous_never(args: &Args, function: &Function, begin: &Begin) -> TokenStream {
    let runtime = &args.runtime;
    let call = local("call");
    let guard = begin.guard(args);
    let body = &function.body;
    quote! {
        #guard
        let #call = #runtime::Watch::new(#call, ());
        #body
    }
}

/// A body for Clippy: behind the guard, but a block of its own, so that items at its beginning do
/// not seem to come after statements; with an item, so that its braces do not seem needless. The guard
/// is gone before, for nothing runs here, and what the body drops at its end would seem to depend on it.
fn linted(args: &Args, function: &Function, begin: &Begin, names_errors: bool) -> TokenStream {
    if let Some(body) = canonical::body(args, function) {
        return body;
    }
    let guard = begin.guard(args);
    let guard = quote!({ #guard });
    let types = types_of_an_empty_function(args, function);
    let body = &function.body;
    let body = in_braces_of(function, quote!(const _: () = (); #body));
    if !names_errors {
        return quote!(#guard #types #body);
    }
    let judged = judged(args, function);
    quote!(#guard #types #judged #body)
}

/// Uses what names errors.
fn judged(args: &Args, function: &Function) -> TokenStream {
    let tie = tie(args, function, &quote!(never));
    let judge = judge(args, function, &local("returns").into_token_stream());
    quote!(#tie let _ = #judge;)
}

/// Names the type parameters of a function with an empty body. Clippy lets them be unused there, for
/// they may be bounds that are checked, `fn is_send<T: Send>() {}`; but with a guard it is not empty.
fn types_of_an_empty_function(args: &Args, function: &Function) -> TokenStream {
    let (runtime, types) = (&args.runtime, &function.types);
    if !function.body.is_empty() || types.is_empty() {
        return TokenStream::new();
    }
    quote!(if false { let _ = #runtime::returns::<(#(*const #types,)*)>(); })
}

/// Ties `Returns` to the return type of the function or block that these tokens begin. It comes
/// first, where nothing has to be dropped yet.
fn tie(args: &Args, function: &Function, never: &TokenStream) -> TokenStream {
    let runtime = &args.runtime;
    let returns = local("returns");
    let typed = typed(args, function, never);
    quote! {
        let #returns = #runtime::returns();
        #typed
    }
}

/// Returns what stands for `Returns`, never; in the place of the return type, where that is known from.
fn typed(args: &Args, function: &Function, never: &TokenStream) -> TokenStream {
    let returns = local("returns");
    let span = placed(function.output);
    let runtime = placed_at(span, &args.runtime);
    let value = quote_spanned!(span=> return #runtime::#never(#returns));
    quote!(if false { #value; })
}

/// A call in the place of the value that the author's body ends with, for it is there that the compiler
/// speaks of what a function returns.
fn in_place_of_value(function: &Function, path: &TokenStream, arguments: TokenStream) -> TokenStream {
    let (begin, end) = function.last_statement;
    let path = placed_at(placed(begin), path);
    let mut arguments = Group::new(Delimiter::Parenthesis, arguments);
    arguments.set_span(placed(end));
    quote!(#path #arguments)
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

/// The function's arguments, and the body as a closure that has them as its own: what the compiler says
/// of them and of their use is the same then. In the place of the body, for what it says of the rest; and
/// the parameters end where the return type does, which is where a value is missing.
fn closure(function: &Function) -> TokenStream {
    closure_with(function, &TokenStream::new(), &TokenStream::new())
}

/// The same for a body that begins with taking the values of properties.
fn closure_given(function: &Function, values: &TokenStream) -> TokenStream {
    let given = local("values");
    let given = if values.is_empty() { quote!(, _) } else { quote!(, mut #given) };
    closure_with(function, &given, values)
}

fn closure_with(function: &Function, parameter: &TokenStream, begin: &TokenStream) -> TokenStream {
    let Arguments { values, variables, statements, all_move } = &function.arguments;
    let body = &function.body;
    let body = in_braces_of(function, quote!(#statements #begin #body));
    let moves = all_move.then(|| quote_spanned!(function.brace=> move));
    let begin = quote_spanned!(function.brace=> #moves |);
    let end = quote_spanned!(function.output=> |);
    let none = values.is_empty().then(|| quote!(()));
    quote!(#values #none, #begin #variables #none #parameter #end #body)
}

/// The author's own braces around `tokens`: the rules of the author's edition go on to hold.
fn in_braces_of(function: &Function, tokens: TokenStream) -> Group {
    let mut group = Group::new(Delimiter::Brace, tokens);
    group.set_span(function.braces);
    group
}
