//! Arguments and function become tokens.
//!
//! What is generated stands inside of the author's own braces and before the author's own
//! statements, names nothing but the runtime's hidden module, and calls functions by their path, and methods
//! of the runtime's own types alone.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use crate::args::Args;
use crate::arguments::Arguments;
use crate::begin::Begin;
use crate::function::{Function, Kind};
use crate::judge::{End, Ladder};
use crate::place::Place;
use crate::spans::{local, placed};
use crate::tokens::joined;
use crate::{canonical, judge, signature};

/// The function with its calls logged.
pub(crate) fn function(args: &Args, function: &Function, place: &Place) -> TokenStream {
    let begin = Begin::of(args, place);
    let body = match function.kind {
        Kind::Guarded => joined([begin.guard(), function.body.clone()]),
        Kind::Observed { is_result } => observed(args, function, &begin, End::of(is_result)),
        Kind::InPlace { is_result } => in_place(args, function, &begin, End::of(is_result)),
        Kind::ReturnsFuture => returns_future(args, function, &begin),
        Kind::Async { may_fail, is_result } => {
            let end = if is_result { End::Told } else { End::Awaited };
            asynchronous(args, function, &begin, may_fail.then_some(end))
        }
        Kind::AsyncNever => asynchronous_never(args, function, &begin),
        Kind::Linted { names_errors, is_result } => {
            linted(args, function, &begin, names_errors.then_some(End::of(is_result)))
        }
    };
    with_body(function, body)
}

/// The function as it was, with what its attribute mentions named once, so that nothing of it is
/// unused.
pub(crate) fn left_out(args: &Args, function: &Function) -> TokenStream {
    let Function { body, kind, .. } = function;
    if let Some(body) = canonical::body(args, function) {
        return with_body(function, body);
    }
    let logger = args.source.mention_of_logger();
    let values = args.properties.iter().map(|(_, value)| value);
    let errors = match kind {
        Kind::Linted { names_errors: true, is_result } => judge_unused(args, function, End::of(*is_result)),
        _ => TokenStream::new(),
    };
    let types = types_of_an_empty_function(args, function);
    let mentioned = quote!(#logger #(let _ = &(#values);)* #types #errors);
    with_body(function, quote!(if false { #mentioned } #body))
}

/// A body whose value has to be looked at, as a closure.
fn observed(args: &Args, function: &Function, begin: &Begin<'_>, end: End) -> TokenStream {
    let (method, parameter) =
        if begin.values.is_empty() { ("observe", "") } else { ("observe_given", ", mut __log_usage_values") };
    let body = closure(function, &args.source.tokens(parameter), &begin.values);
    let site = begin.site();
    let (tie, returns) = returns(args, function);
    let (import, observe) = looked_at(args, function, (returns, end), method, quote!(#site, #body));
    joined([begin.items(&import), tie, observe])
}

/// A body whose value has to be looked at, where it is. Behind `if true`, or else the compiler would say where it
/// never ends that what looks at its value is unreachable. What its last expression borrows from is dropped with
/// that block, as with a function.
fn in_place(args: &Args, function: &Function, begin: &Begin<'_>, end: End) -> TokenStream {
    let source = &args.source;
    let (statements, call) = begin.call_of_items();
    let body = in_braces_of(function, function.body.clone());
    let otherwise = source.tokens(&format!("else {{ {}::value_of() }}", source.runtime));
    let (_, returns) = returns(args, function);
    let value = quote!(#call, if true #body #otherwise);
    let (import, see) = looked_at(args, function, (returns, end), "see", value);
    joined([begin.items(&import), statements, see])
}

/// A call of the `method` that looks at what a function returns, and what has to be in scope for it, in text.
fn looked_at(
    args: &Args,
    function: &Function,
    (returns, end): (TokenStream, End),
    method: &str,
    arguments: TokenStream,
) -> (String, TokenStream) {
    let source = &args.source;
    if args.failure.is_some() || function.hides_error {
        let judged = judge::judged(args, function, returns, end);
        let method = format!("{}::Observe::{method}", source.runtime);
        return (String::new(), in_place_of_value(args, function, &method, quote!(#judged, #arguments)));
    }
    let Ladder(mut receiver) = Ladder::of(args, function, returns, end);
    receiver.set_span(placed(function.last_statement.0));
    let call = in_place_of_value(args, function, &format!(".__log_usage_{method}"), arguments);
    (judge::import(source), quote!(#receiver #call))
}

/// A body that makes a future.
fn returns_future(args: &Args, function: &Function, begin: &Begin<'_>) -> TokenStream {
    let runtime = args.source.tokens(args.source.runtime);
    let [call, returns, future] = [local("call"), local("returns"), local("future")];
    let tie = tie(args, function, "never_watched");
    let guard = begin.guard();
    let body = closure(function, &TokenStream::new(), &TokenStream::new());
    let output = quote!(#runtime::Returns::output_of(&#future));
    let judged = judge::judged(args, function, output, End::Awaited);
    let watch = format!("{}::watch", args.source.runtime);
    let watch = in_place_of_value(args, function, &watch, quote!(#judged, #call, #future));
    quote! {
        #tie
        #guard
        let #future = #runtime::run(#returns, #body);
        #watch
    }
}

/// The body of an `async fn`, as a future inside of its own.
fn asynchronous(args: &Args, function: &Function, begin: &Begin<'_>, end: Option<End>) -> TokenStream {
    let (source, runtime) = (&args.source, args.source.runtime);
    let (tie, returns) = returns(args, function);
    let (statements, call) = begin.call();
    let watch = if end.is_some() { "watch" } else { "watch_unjudged" };
    let watch = source.tokens(&format!("{runtime}::{watch}"));
    let judged = end.map(|end| judge::judged(args, function, returns, end)).into_iter();
    let block = in_braces_of(function, typed_block(args, function));
    let block = quote_spanned!(function.brace=> async move #block);
    quote!(#tie #statements #watch(#(#judged,)* #call, #block).await)
}

/// What is in the block that the body of an `async fn` becomes: what it returns is said in it.
fn typed_block(args: &Args, function: &Function) -> TokenStream {
    let Function { arguments: Arguments { statements, .. }, .. } = function;
    let body = behind_arguments(function);
    let typed = match &function.spelled {
        Some(ty) => {
            let begin = format!("return {}::value_of::<", args.source.runtime);
            let begin = args.source.tokens_at(function.output, &begin);
            let end = quote_spanned!(placed(function.output)=> >());
            quote!(if false { #begin #ty #end; })
        }
        None => typed(args, function, "never"),
    };
    let end = body.is_empty().then(|| quote!(;));
    quote!(#typed #end #statements #body)
}

/// The body of an `async fn` that never returns; its type can be written nowhere.
fn asynchronous_never(args: &Args, function: &Function, begin: &Begin<'_>) -> TokenStream {
    let runtime = args.source.tokens(args.source.runtime);
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
/// not seem to come after statements; with an item, so that its braces do not seem needless. The guard
/// is gone before, for nothing runs here, and what the body drops at its end would seem to depend on it.
fn linted(args: &Args, function: &Function, begin: &Begin<'_>, errors: Option<End>) -> TokenStream {
    if let Some(body) = canonical::body(args, function) {
        return body;
    }
    let guard = begin.guard();
    let guard = quote!({ #guard });
    let types = types_of_an_empty_function(args, function);
    let body = &function.body;
    let body = in_braces_of(function, quote!(const _: () = (); #body));
    let judged = errors.map(|end| judge_unused(args, function, end)).unwrap_or_default();
    quote!(#guard #types #judged #body)
}

/// Uses what names errors.
fn judge_unused(args: &Args, function: &Function, end: End) -> TokenStream {
    let tie = tie(args, function, "never");
    let judged = judge::judged(args, function, args.source.tokens("__log_usage_returns"), end);
    quote!(#tie let _ = #judged;)
}

/// Names the type parameters of a function with an empty body. Clippy lets them be unused there, for
/// they may be bounds that are checked, `fn is_send<T: Send>() {}`; but with a guard it is not empty.
fn types_of_an_empty_function(args: &Args, function: &Function) -> TokenStream {
    if !function.body.is_empty() {
        return TokenStream::new();
    }
    let types = signature::types(function.generics.clone());
    if types.is_empty() {
        return TokenStream::new();
    }
    let runtime = args.source.tokens(args.source.runtime);
    quote!(if false { let _ = #runtime::returns::<(#(*const #types,)*)>(); })
}

/// What stands for the return type, and statements that have to come before.
fn returns(args: &Args, function: &Function) -> (TokenStream, TokenStream) {
    match &function.spelled {
        Some(ty) => {
            let begin = args.source.tokens(&format!("{}::returns::<", args.source.runtime));
            (TokenStream::new(), joined([begin, ty.clone(), args.source.tokens(">()")]))
        }
        None => (tie(args, function, "never"), args.source.tokens("__log_usage_returns")),
    }
}

/// Ties `Returns` to the return type of the function or block that these tokens begin. It comes
/// first, where nothing has to be dropped yet.
fn tie(args: &Args, function: &Function, never: &str) -> TokenStream {
    let runtime = args.source.runtime;
    let begin = args.source.tokens(&format!("let __log_usage_returns = {runtime}::returns();"));
    joined([begin, typed(args, function, never)])
}

/// Returns what stands for `Returns`, never; in the place of the return type, where that is known from.
fn typed(args: &Args, function: &Function, never: &str) -> TokenStream {
    let returns = local("returns");
    let span = placed(function.output);
    let never = args.source.tokens_at(function.output, &format!("{}::{never}", args.source.runtime));
    let value = quote_spanned!(span=> return #never(#returns));
    quote!(if false { #value; })
}

/// A call in the place of the value that the author's body ends with, for it is there that the compiler
/// speaks of what a function returns.
fn in_place_of_value(args: &Args, function: &Function, path: &str, arguments: TokenStream) -> TokenStream {
    let (begin, end) = function.last_statement;
    let path = args.source.tokens_at(begin, path);
    let mut arguments = Group::new(Delimiter::Parenthesis, arguments);
    arguments.set_span(placed(end));
    joined([path, TokenTree::from(arguments).into()])
}

/// The arguments as the closure's own, and the body as a closure: what the compiler says of them and of
/// their use is the same then. In the place of the body, for what it says of the rest; and the parameters
/// end where the return type does, which is where a value is missing. Beside the arguments it has a
/// `parameter`, if that is not empty, and `first` before all else that the author wrote.
fn closure(function: &Function, parameter: &TokenStream, first: &TokenStream) -> TokenStream {
    let Arguments { values, variables, statements, all_move, .. } = &function.arguments;
    let body = behind_arguments(function);
    let body = in_braces_of(function, quote!(#statements #first #body));
    let moves = all_move.then(|| quote_spanned!(function.brace=> move));
    let begin = quote_spanned!(function.brace=> #moves |);
    let end = quote_spanned!(function.output=> |);
    let none = values.is_empty().then(|| quote!(()));
    quote!(#values #none, #begin #variables #none #parameter #end #body)
}

/// The body, behind the statements that make arguments its own. What its last expression borrows from is
/// dropped before those, as in a function, and not with the block around both, as in one before edition 2024.
fn behind_arguments(function: &Function) -> TokenStream {
    let body = &function.body;
    if !function.arguments.are_rebound {
        return body.clone();
    }
    // With an item, so that the braces do not seem needless.
    let block = in_braces_of(function, quote!(const _: () = (); #body));
    quote!(return #block;)
}

/// The author's own braces around `tokens`: the rules of the author's edition go on to hold.
fn in_braces_of(function: &Function, tokens: TokenStream) -> Group {
    let mut group = Group::new(Delimiter::Brace, tokens);
    group.set_span(function.braces);
    group
}

/// The function with another body.
fn with_body(function: &Function, body: TokenStream) -> TokenStream {
    let body = in_braces_of(function, joined([function.inner_attributes.clone(), body]));
    function.head.iter().cloned().chain([body.into()]).collect()
}
