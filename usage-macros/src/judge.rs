//! How the outcome of a call is told from what its function returns.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote_spanned;
use syn::spanned::Spanned;

use crate::args::{Args, Failure};
use crate::function::Function;
use crate::source::Source;
use crate::spans::placed;
use crate::tokens::joined;

/// The return type that `returns` stands for, with its judge. It is a `Result` by its name or by what the
/// attribute says, or may be anything.
///
/// A wrong type is reported at what the author wrote, and by a method that is missing: what that would have
/// returned is not reported again.
pub(crate) fn judged(args: &Args, function: &Function, returns: TokenStream, is_result: bool) -> TokenStream {
    let source = &args.source;
    let seen = |returns| if is_result { returns } else { seen(source, returns) };
    match &args.failure {
        None if function.hides_error => joined([returns, source.tokens(".by_type()")]),
        None if is_result => ladder(source, returns),
        None => ladder_of_any(source, returns),
        Some(Failure::NoneIsError(key)) => {
            let seen = seen(returns);
            quote_spanned!(placed(key.span())=> #seen.none_is_error())
        }
        Some(Failure::BreakIsError(key)) => {
            let seen = seen(returns);
            let asked = quote_spanned!(placed(key.span())=> #seen.break_is_error());
            joined([ladder(source, asked), source.tokens(".of_break()")])
        }
        Some(Failure::NamedBy(_, name)) => {
            let (span, seen) = (placed(name.span()), seen(returns));
            let runtime = source.tokens_at(span, source.runtime);
            quote_spanned!(span=> #runtime::Returns::named_by(#seen, #name))
        }
    }
}

/// The answer of the ladder of judges.
fn ladder(source: &Source, asked: TokenStream) -> TokenStream {
    answer(source, &import(source, "JudgeLadder"), "&", asked, ".__log_usage_judge()")
}

/// The same for what the ladder of ends has found before.
fn ladder_of_any(source: &Source, returns: TokenStream) -> TokenStream {
    let imports = import(source, "EndLadder") + &import(source, "JudgeLadder");
    let asked = joined([returns, source.tokens(".__log_usage_end()")]);
    answer(source, &imports, "&", asked, ".__log_usage_judge()")
}

/// What such a call ends with, for a judge that the author has chosen.
fn seen(source: &Source, returns: TokenStream) -> TokenStream {
    answer(source, &import(source, "EndLadder"), "", returns, ".__log_usage_seen()")
}

fn import(source: &Source, ladder: &str) -> String {
    format!("use {}::{ladder} as _;", source.runtime)
}

/// `{ use … as _; (&asked).method() }`
fn answer(source: &Source, imports: &str, reference: &str, asked: TokenStream, method: &str) -> TokenStream {
    let asked = group(Delimiter::Parenthesis, [source.tokens(reference), asked]);
    group(Delimiter::Brace, [source.tokens(imports), asked, source.tokens(method)])
}

fn group<const N: usize>(delimiter: Delimiter, tokens: [TokenStream; N]) -> TokenStream {
    TokenTree::from(Group::new(delimiter, joined(tokens))).into()
}
