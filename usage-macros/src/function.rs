//! The annotated function: its signature is parsed, to know its kind, but given back as the very
//! tokens that the author wrote; its body is never parsed.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Error, Ident, Result, Visibility};

use crate::args::Args;
use crate::arguments::Arguments;
use crate::body::{LastValue, has_value, is_left_to_later_statements};
use crate::course::Course;
use crate::plain_arguments::PlainArguments;
use crate::return_type::Returns;
use crate::signature::{Argument, Head};
use crate::tokens::{borrows, is_unfinished, last_statement, may_hold_items, refilled};

/// A function with a body.
#[derive(Debug)]
pub(crate) struct Function {
    /// Attributes, visibility and signature; as written, unless arguments needed other names.
    pub(crate) head: Vec<TokenTree>,
    /// `#![…]` at the start of the body.
    pub(crate) inner_attributes: TokenStream,
    /// What has to be done with arguments before the body, where it becomes a closure or a block.
    pub(crate) arguments: Arguments,
    /// The rest of the body.
    pub(crate) body: TokenStream,
    /// The span of the body's braces, which carries the author's edition.
    pub(crate) brace: Span,
    /// The same for braces around code that is made. In half-typed code the compiler has said already
    /// what is missing before the second brace; both are there then, so that it says the same.
    pub(crate) braces: Span,
    /// Where the last statement of the body begins and ends.
    pub(crate) last_statement: (Span, Span),
    /// The return type, if it is the same where it is written again.
    pub(crate) spelled: Option<TokenStream>,
    /// Where the return type ends.
    pub(crate) output: Span,
    pub(crate) kind: Kind,
    pub(crate) name: Ident,
    pub(crate) generics: TokenStream,
    /// Whether it returns a `Result` of which only a trait is known: nothing can be asked of that.
    pub(crate) hides_error: bool,
    /// Whether the error that it returns has type parameters.
    pub(crate) error_has_parameters: bool,
}

/// How a function has to be rewritten for its calls to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A guard before the body sees all there is to see, or all that may be seen.
    Guarded,
    /// The value has to be looked at. It is a `Result` by name, or may be anything.
    Observed { is_result: bool },
    /// The same, and its body is left at its end alone: so it stays where it is.
    InPlace { is_result: bool },
    /// The function gives back a future.
    ReturnsFuture,
    /// An `async fn`, whose value may tell of a failure. If so, it is a `Result` by name, or may be anything.
    Async { may_fail: bool, is_result: bool },
    /// An `async fn` that never returns.
    AsyncNever,
    /// Shown to Clippy as written.
    Linted {
        /// Whether the attribute says how an error is named, and the function returns one.
        names_errors: bool,
        /// Whether it returns that itself.
        is_result: bool,
    },
}

/// Who reads the expansion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    Compiler,
    /// Clippy judges a body in a closure or a block otherwise than the author's: it would say
    /// less, for instance of an `async fn` without `await`, or of a `Result` that is always `Ok`.
    Clippy,
}

impl Reader {
    /// Who reads what this process expands; `cargo clippy` sets a variable for its compiler.
    pub(crate) fn of_this_process() -> Self {
        if std::env::var_os("CLIPPY_ARGS").is_some() { Self::Clippy } else { Self::Compiler }
    }
}

impl Function {
    pub(crate) fn parse(item: &[TokenTree], args: &Args, reader: Reader) -> Result<Self> {
        let understood = item.split_last().and_then(|(body, before)| {
            let body = braces(body)?;
            Some((body, before.to_vec(), Head::of(before)?))
        });
        let Some((body, mut tokens, head)) = understood else {
            return Err(refusal(item.iter().cloned().collect()));
        };
        let kind = Kind::of(&head, reader, args.failure.is_some())?;
        let hides_error = head.returns == Returns::Result { hides_error: true };
        let mut statements: Vec<TokenTree> = body.stream().into_iter().collect();
        let attributes = statements.drain(..length_of_attributes(&statements));
        let inner_attributes: TokenStream = attributes.collect();
        let rest =
            if inner_attributes.is_empty() { body.stream() } else { statements.iter().cloned().collect() };
        // The type is written beside the author's statements there, and an item could have a name in it mean
        // something else.
        let is_hidden = matches!(kind, Kind::Async { .. }) && may_hold_items(&rest);
        let kind = kind.of_body(&head, &statements, &rest, args);
        let mut arguments = arguments(kind, &head, &mut tokens, &rest, args);
        // Where the first statement never ends, the compiler would say of what moves in behind it alone that it
        // is captured and never read.
        let moves = arguments.all_move || matches!(kind, Kind::Async { .. });
        if moves && is_left_to_later_statements(&statements, "self") {
            arguments.mention_borrowed_receiver(&head.arguments);
        }
        Ok(Self {
            inner_attributes,
            arguments,
            last_statement: last_statement(&statements)
                .map_or((body.span(), body.span()), |(begin, end)| (begin.span(), end.span())),
            spelled: head.spelled.filter(|_| !is_hidden),
            output: head.output.unwrap_or(head.name.span()),
            head: tokens,
            brace: body.span(),
            braces: if is_unfinished(&statements) { body.span_close() } else { body.span() },
            body: rest,
            kind,
            name: head.name,
            generics: head.generics,
            hides_error,
            error_has_parameters: head.error_has_parameters,
        })
    }
}

/// What has to be done with the arguments in `head`, which are written anew then.
fn arguments(
    kind: Kind,
    head: &Head,
    tokens: &mut [TokenTree],
    body: &TokenStream,
    args: &Args,
) -> Arguments {
    if matches!(kind, Kind::Guarded | Kind::InPlace { .. } | Kind::AsyncNever | Kind::Linted { .. }) {
        return Arguments::default();
    }
    let is_block = matches!(kind, Kind::Async { .. });
    let listed: Vec<TokenTree> = head.arguments.clone().into_iter().collect();
    match PlainArguments::of(&listed) {
        Some(plain) if !is_block => return Arguments::of_plain_closure(&plain),
        Some(plain) if !plain.may_drop() => return Arguments::default(),
        _ => {}
    }
    let mut list = Argument::all(head.arguments.clone());
    let properties = args.properties.iter().map(|(_, value)| value.to_token_stream()).collect();
    let arguments = match kind {
        _ if is_block => Arguments::of_block(&mut list, body, &properties),
        // The values of properties are taken inside, where patterns are taken apart.
        Kind::Observed { .. } => Arguments::of_closure(&mut list, &TokenStream::new()),
        _ => Arguments::of_closure(&mut list, &properties),
    };
    let place = tokens.len().checked_sub(head.length_behind_arguments + 1);
    if !arguments.is_empty()
        && let Some(TokenTree::Group(group)) = place.and_then(|place| tokens.get_mut(place))
    {
        *group = refilled(group, quote!(#(#list),*));
    }
    arguments
}

/// The body, out of the invisible brackets that `$body:block` of a `macro_rules!` puts around it.
fn braces(token: &TokenTree) -> Option<Group> {
    let TokenTree::Group(group) = token else { return None };
    match group.delimiter() {
        Delimiter::Brace => Some(group.clone()),
        Delimiter::None => {
            let mut inner = group.stream().into_iter().last().as_ref().and_then(braces)?;
            inner.set_span(group.span());
            Some(inner)
        }
        _ => None,
    }
}

impl Kind {
    fn of(head: &Head, reader: Reader, may_fail: bool) -> Result<Self> {
        if let Some(span) = head.constness {
            let message = "a `const fn` may run at compile time, where no usage can be logged: \
                put `#[log_usage]` on the function that calls it, or leave `const` out";
            return Err(Error::new(span, message));
        }
        let returns = head.returns;
        if may_fail && (head.tracks_caller || returns == Returns::Never) {
            let message = "nothing that this function returns is seen, for it has `#[track_caller]` or never \
                returns: leave `error`, `none_is_error` or `break_is_error` out";
            return Err(Error::new(head.name.span(), message));
        }
        if reader == Reader::Clippy {
            return Ok(Self::Linted {
                names_errors: may_fail && returns != Returns::Future,
                is_result: head.is_async || returns != Returns::Unknown,
            });
        }
        if head.is_async {
            return Ok(match returns {
                Returns::Never => Self::AsyncNever,
                Returns::Plain | Returns::Future => Self::Async { may_fail, is_result: true },
                Returns::Result { .. } => Self::Async { may_fail: true, is_result: true },
                Returns::Unknown => Self::Async { may_fail: true, is_result: false },
            });
        }
        Ok(match returns {
            // In a closure, the caller's location would be lost.
            _ if head.tracks_caller => Self::Guarded,
            Returns::Plain if may_fail => Self::Observed { is_result: true },
            Returns::Never | Returns::Plain => Self::Guarded,
            Returns::Result { .. } => Self::Observed { is_result: true },
            Returns::Unknown => Self::Observed { is_result: false },
            Returns::Future => Self::ReturnsFuture,
        })
    }

    /// The same for a function with this body, which may say that it cannot fail, or where its value comes from.
    fn of_body(self, head: &Head, statements: &[TokenTree], body: &TokenStream, args: &Args) -> Self {
        let (Self::Observed { .. } | Self::Async { may_fail: true, .. }) = self else { return self };
        let value = LastValue::of(statements).filter(|_| args.failure.is_none());
        if value.as_ref().is_some_and(|value| value.is_no_failure_anywhere(head.returned.as_ref())) {
            return self.without_failure();
        }
        let course = Course::of(body.clone());
        match self {
            _ if course.may_end_early => self,
            // A closure costs the least when it runs, and the most to compile.
            Self::Observed { is_result: true } if has_value(statements) && course.works_by_itself() => self,
            _ if value.is_some_and(|value| value.is_success()) => self.without_failure(),
            // Of a borrow that is returned the compiler speaks only in a function, or in a closure.
            Self::Observed { is_result } if head.spelled.clone().is_some_and(|ty| !borrows(ty)) => {
                Self::InPlace { is_result }
            }
            kind => kind,
        }
    }

    /// The same for a body that cannot fail.
    fn without_failure(self) -> Self {
        match self {
            Self::Observed { .. } => Self::Guarded,
            Self::Async { is_result, .. } => Self::Async { may_fail: false, is_result },
            kind => kind,
        }
    }
}

/// How many tokens of a body are inner attributes, which have to stay first.
fn length_of_attributes(body: &[TokenTree]) -> usize {
    let is_attribute = |tokens: &&[TokenTree]| {
        matches!(tokens, [TokenTree::Punct(hash), TokenTree::Punct(bang), TokenTree::Group(_)]
        if hash.as_char() == '#' && bang.as_char() == '!')
    };
    3 * body.chunks(3).take_while(is_attribute).count()
}

/// Why `item`, which is no function with a body, is refused.
fn refusal(item: TokenStream) -> Error {
    let first = |input: ParseStream<'_>| {
        input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        let keyword = input.call(Ident::parse_any)?;
        let name = input.call(Ident::parse_any).ok();
        input.parse::<TokenStream>()?;
        Ok((keyword, name))
    };
    let Ok((keyword, name)) = first.parse2(item) else {
        return Error::new(Span::call_site(), "`#[log_usage]` goes on a function");
    };
    let message = match keyword.to_string().as_str() {
        "fn" | "async" | "unsafe" => "a function without a body does nothing that could be logged: \
            put `#[log_usage]` on its implementations"
            .to_owned(),
        other => format!("`#[log_usage]` goes on a function, not on a `{other}`"),
    };
    Error::new(name.filter(|_| keyword == "fn").unwrap_or(keyword).span(), message)
}
