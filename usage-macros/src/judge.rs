//! How the outcome of a call is told from what its function returns.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote_spanned;
use syn::spanned::Spanned;

use crate::args::{Args, Failure};
use crate::function::Function;
use crate::source::Source;
use crate::spans::{placed, placed_at};
use crate::tokens::joined;

/// The return type that `returns` stands for, with its judge. It is a `Result` by its name or by what the
/// attribute says, or may be anything.
///
/// A wrong type is reported at what the author wrote, and by a method that is missing: what that would have
/// returned is not reported again.
pub(crate) fn judged(args: &Args, function: &Function, returns: TokenStream, is_result: bool) -> TokenStream {
    let source = &args.source;
    let seen = |returns| if is_result { returns } else { end(source, returns, "seen") };
    match &args.failure {
        None if function.hides_error => joined([returns, source.tokens(".by_type()")]),
        None if is_result => ladder(source, returns),
        None => ladder(source, end(source, returns, "end")),
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
            let runtime = placed_at(span, &source.tokens(source.runtime));
            quote_spanned!(span=> #runtime::Returns::named_by(#seen, #name))
        }
    }
}

/// The answer of the ladder of judges.
fn ladder(source: &Source, asked: TokenStream) -> TokenStream {
    answer(source, "JudgeLadder", "&&&&&", asked, "judge")
}

/// The answer of the ladder of ends.
fn end(source: &Source, returns: TokenStream, method: &str) -> TokenStream {
    answer(source, "EndLadder", "&&", returns, method)
}

/// `{ use … as _; (&&&…asked).method() }`
fn answer(source: &Source, ladder: &str, rungs: &str, asked: TokenStream, method: &str) -> TokenStream {
    let begin = source.tokens(&format!("use {}::{ladder} as _;", source.runtime));
    let asked = group(Delimiter::Parenthesis, [source.tokens(rungs), asked]);
    group(Delimiter::Brace, [begin, asked, source.tokens(&format!(".__log_usage_{method}()"))])
}

fn group<const N: usize>(delimiter: Delimiter, tokens: [TokenStream; N]) -> TokenStream {
    TokenTree::from(Group::new(delimiter, joined(tokens))).into()
}
