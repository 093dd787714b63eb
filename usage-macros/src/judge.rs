//! How the outcome of a call is told from what its function returns.

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;

use crate::args::{Args, Failure};
use crate::function::Function;
use crate::source::Source;
use crate::spans::placed;
use crate::tokens::joined;

/// What is known of how a call ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// With a value that is a `Result` by its name, or what the attribute says.
    Told,
    /// With a value of which nothing is known, or with what comes out of that later.
    Unknown,
    /// With a value of which nothing is known, and which came out of a future.
    Awaited,
}

impl End {
    pub(crate) fn of(is_result: bool) -> Self {
        if is_result { Self::Told } else { Self::Unknown }
    }
}

/// The return type that `returns` stands for, with its judge.
///
/// A wrong type is reported at what the author wrote, and by a method that is missing: what that would have
/// returned is not reported again.
pub(crate) fn judged(args: &Args, function: &Function, returns: TokenStream, end: End) -> TokenStream {
    let source = &args.source;
    let seen = |returns| match end {
        End::Told | End::Awaited => now(source, returns),
        End::Unknown => seen(source, returns),
    };
    match &args.failure {
        None if function.hides_error => joined([returns, source.tokens(".by_type()")]),
        None => Ladder::of(args, function, returns, end).judged(source),
        Some(Failure::NoneIsError(key)) => {
            let seen = seen(returns);
            quote_spanned!(placed(key.span())=> #seen.none_is_error())
        }
        Some(Failure::BreakIsError(key)) => {
            let seen = seen(returns);
            let asked = quote_spanned!(placed(key.span())=> #seen.break_is_error());
            joined([Ladder::of_seen(args, function, asked).judged(source), source.tokens(".of_break()")])
        }
        Some(Failure::NamedBy(_, name)) => {
            let (span, seen) = (placed(name.span()), seen(returns));
            let runtime = source.tokens_at(span, source.runtime);
            quote_spanned!(span=> #runtime::Seen::named_by(#seen, #name))
        }
    }
}

/// The ladder of judges: the receiver of its methods.
pub(crate) struct Ladder(pub(crate) Group);

impl Ladder {
    /// The one for what a function returns: a `Result`, or what the ladder of ends has to be asked about before.
    pub(crate) fn of(args: &Args, function: &Function, returns: TokenStream, end: End) -> Self {
        let source = &args.source;
        let seen = match end {
            End::Told if function.error_has_parameters => now(source, returns),
            End::Told => returns,
            End::Unknown => match &function.spelled {
                Some(ty) => {
                    let begin = source.tokens(&format!("{}::Returns::<", source.runtime));
                    joined([begin, ty.clone(), source.tokens(">::__log_usage_end_of_type()")])
                }
                None => joined([returns, source.tokens(".__log_usage_end()")]),
            },
            End::Awaited => joined([returns, source.tokens(".__log_usage_awaited()")]),
        };
        Self::of_seen(args, function, seen)
    }

    /// The one for what is known of that already.
    fn of_seen(args: &Args, function: &Function, seen: TokenStream) -> Self {
        let source = &args.source;
        let unproven = function.error_has_parameters.then(|| source.tokens(".__log_usage_unproven()"));
        let receiver = joined([source.tokens("&"), seen, unproven.unwrap_or_default()]);
        Self(Group::new(Delimiter::Parenthesis, receiver))
    }

    /// Its answer.
    fn judged(self, source: &Source) -> TokenStream {
        let import = source.tokens(&import(source));
        in_block([import, self.0.into_token_stream(), source.tokens(".__log_usage_judge()")])
    }
}

/// What a call ends with, for a judge that the author has chosen.
fn seen(source: &Source, returns: TokenStream) -> TokenStream {
    in_block([source.tokens(&import(source)), returns, source.tokens(".__log_usage_seen()")])
}

/// The same where that is the value.
fn now(source: &Source, returns: TokenStream) -> TokenStream {
    joined([returns, source.tokens(".now()")])
}

/// What has to be in scope where the ladder is asked, in text.
pub(crate) fn import(source: &Source) -> String {
    format!("use {}::Ladder as _;", source.runtime)
}

fn in_block<const N: usize>(tokens: [TokenStream; N]) -> TokenStream {
    Group::new(Delimiter::Brace, joined(tokens)).into_token_stream()
}
