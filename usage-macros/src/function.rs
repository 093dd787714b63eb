//! The annotated function: its signature is parsed, to know its kind, but given back as the very
//! tokens that the author wrote; its body is never looked into.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Error, Ident, Result, Signature, Visibility};

use crate::arguments;
use crate::return_type::Returns;

/// A function with a body.
#[derive(Debug)]
pub(crate) struct Function {
    /// Attributes, visibility and signature; as written, unless arguments needed other names.
    pub(crate) head: TokenStream,
    /// `#![…]` at the start of the body.
    pub(crate) inner_attributes: TokenStream,
    /// What has to be done with arguments before the body, where it becomes a closure or a block.
    pub(crate) arguments: TokenStream,
    /// The rest of the body.
    pub(crate) body: TokenStream,
    /// The span of the body's braces, which carries the author's edition.
    pub(crate) brace: Span,
    pub(crate) kind: Kind,
    /// Whether it returns a `Result` of which only a trait is known: nothing can be asked of that.
    pub(crate) hides_error: bool,
}

/// How a function has to be rewritten for its calls to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A guard before the body sees all there is to see, or all that may be seen.
    Guarded,
    /// The value has to be looked at. It is a `Result` by name, or may be anything.
    Observed { is_result: bool },
    /// The function gives back a future.
    ReturnsFuture,
    /// An `async fn`, whose value may tell of a failure.
    Async { may_fail: bool },
    /// An `async fn` that never returns.
    AsyncNever,
    /// Shown to Clippy as written.
    Linted {
        /// Whether the attribute says how an error is named, and the function returns one.
        names_errors: bool,
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
    pub(crate) fn parse(item: TokenStream, reader: Reader, may_fail: bool) -> Result<Self> {
        let mut tokens: Vec<TokenTree> = item.clone().into_iter().collect();
        let Some(body) = tokens.pop().and_then(body) else {
            return Err(refusal(item));
        };
        let Ok(head) = Head::parse.parse2(tokens.iter().cloned().collect()) else {
            return Err(refusal(item));
        };
        let kind = Kind::of(&head, reader, may_fail)?;
        let output = &head.signature.output;
        let hides_error =
            Returns::of(output) == Returns::Result && mentions(output.to_token_stream(), "impl");
        let (inner_attributes, rest) = split_body(&body);
        let mut signature = head.signature;
        let arguments = match kind {
            Kind::Guarded | Kind::AsyncNever | Kind::Linted { .. } => TokenStream::new(),
            Kind::Observed { .. } | Kind::ReturnsFuture => arguments::into_closure(&mut signature),
            Kind::Async { .. } => arguments::into_block(&mut signature, &rest),
        };
        if !arguments.is_empty() {
            let length = signature_length.parse2(tokens.iter().cloned().collect())?;
            tokens.truncate(tokens.len().saturating_sub(length));
            tokens.extend(signature.into_token_stream());
        }
        let head = tokens.into_iter().collect();
        Ok(Self { head, inner_attributes, arguments, body: rest, brace: body.span(), kind, hides_error })
    }
}

/// The body, out of the invisible brackets that `$body:block` of a `macro_rules!` puts around it.
fn body(token: TokenTree) -> Option<Group> {
    let TokenTree::Group(group) = token else { return None };
    match group.delimiter() {
        Delimiter::Brace => Some(group),
        Delimiter::None => {
            let mut inner = group.stream().into_iter().last().and_then(body)?;
            inner.set_span(group.span());
            Some(inner)
        }
        _ => None,
    }
}

/// What stands before a function's body.
pub(crate) struct Head {
    tracks_caller: bool,
    pub(crate) signature: Signature,
}

impl Head {
    pub(crate) fn parse(input: ParseStream<'_>) -> Result<Self> {
        let tracks_caller = before_signature(input)?.iter().any(tracks_caller);
        Ok(Self { tracks_caller, signature: input.parse()? })
    }
}

/// Reads what stands before the signature; returns the attributes.
fn before_signature(input: ParseStream<'_>) -> Result<Vec<Attribute>> {
    let attributes = input.call(Attribute::parse_outer)?;
    input.parse::<Visibility>()?;
    if input.peek(Ident) && input.fork().parse::<Ident>()? == "default" {
        input.parse::<Ident>()?;
    }
    Ok(attributes)
}

/// How many tokens stand behind what `before_signature` reads.
fn signature_length(input: ParseStream<'_>) -> Result<usize> {
    before_signature(input)?;
    Ok(input.parse::<TokenStream>()?.into_iter().count())
}

impl Kind {
    fn of(head: &Head, reader: Reader, may_fail: bool) -> Result<Self> {
        let signature = &head.signature;
        if let Some(token) = signature.constness {
            let message = "a `const fn` may run at compile time, where no usage can be logged: \
                put `#[log_usage]` on the function that calls it, or leave `const` out";
            return Err(Error::new(token.span, message));
        }
        let returns = Returns::of(&signature.output);
        if may_fail && (head.tracks_caller || returns == Returns::Never) {
            let message = "nothing that this function returns is seen, for it has `#[track_caller]` or never \
                returns: leave `error`, `none_is_error` or `break_is_error` out";
            return Err(Error::new(signature.ident.span(), message));
        }
        if reader == Reader::Clippy {
            return Ok(Self::Linted { names_errors: may_fail && returns != Returns::Future });
        }
        if signature.asyncness.is_some() {
            return Ok(match returns {
                Returns::Never => Self::AsyncNever,
                Returns::Plain | Returns::Future => Self::Async { may_fail },
                Returns::Result | Returns::Unknown => Self::Async { may_fail: true },
            });
        }
        Ok(match returns {
            // In a closure, the caller's location would be lost.
            _ if head.tracks_caller => Self::Guarded,
            Returns::Plain if may_fail => Self::Observed { is_result: true },
            Returns::Never | Returns::Plain => Self::Guarded,
            Returns::Result => Self::Observed { is_result: true },
            Returns::Unknown => Self::Observed { is_result: false },
            Returns::Future => Self::ReturnsFuture,
        })
    }
}

/// Whether an attribute is `#[track_caller]`, perhaps inside of `cfg_attr`.
fn tracks_caller(attribute: &Attribute) -> bool {
    mentions(attribute.meta.to_token_stream(), "track_caller")
}

/// Whether a word stands in the tokens, at any depth.
pub(crate) fn mentions(tokens: TokenStream, word: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => mentions(group.stream(), word),
        _ => false,
    })
}

/// Inner attributes have to stay first.
fn split_body(body: &Group) -> (TokenStream, TokenStream) {
    let mut tokens: Vec<TokenTree> = body.stream().into_iter().collect();
    let mut attributes = 0;
    while let [TokenTree::Punct(hash), TokenTree::Punct(bang), TokenTree::Group(_), ..] =
        &tokens[attributes..]
    {
        if hash.as_char() != '#' || bang.as_char() != '!' {
            break;
        }
        attributes += 3;
    }
    let rest = tokens.split_off(attributes);
    (tokens.into_iter().collect(), rest.into_iter().collect())
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
