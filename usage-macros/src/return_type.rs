//! What the return type, as it is spelled, says of the value: whether it can tell of a failure,
//! and whether the call goes on in it.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Path, PathArguments, PathSegment, ReturnType, Type, TypeImplTrait, TypeParamBound};

use crate::tokens::{Brackets, mentions};

/// What a function gives back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Returns {
    /// Nothing, ever.
    Never,
    /// A value that cannot tell of a failure, or that cannot be asked.
    Plain,
    /// A `Result`.
    Result {
        /// Whether of the error no more than a trait is known: nothing can be asked of it.
        hides_error: bool,
    },
    /// A future, with which the call goes on.
    Future,
    /// A type whose name says nothing: it may be an alias of anything.
    Unknown,
}

/// Types of the standard library that are no failure, by the last part of their path; of an alias by such a
/// name, too, nobody would expect one.
#[rustfmt::skip]
const PLAIN: [&str; 81] = [
    "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128",
    "isize", "f32", "f64", "String", "Vec", "Option", "Box", "Rc", "Arc", "Weak", "Cow", "Cell", "RefCell",
    "Ref", "RefMut", "Mutex", "MutexGuard", "RwLock", "OnceCell", "PhantomData", "HashMap", "HashSet",
    "BTreeMap", "BTreeSet", "VecDeque", "BinaryHeap", "LinkedList", "Iter", "IterMut", "IntoIter",
    "IntoKeys", "IntoValues", "Drain", "Keys", "Values", "ValuesMut", "Map", "Filter", "FilterMap",
    "FlatMap", "Rev", "Zip", "Chain", "Enumerate", "Peekable", "Chars", "Bytes", "Lines", "Range",
    "RangeInclusive", "Ordering", "Wrapping", "NonZeroUsize", "NonNull", "Layout", "TypeId", "Duration",
    "Instant", "SystemTime", "Path", "PathBuf", "OsStr", "OsString", "CString", "Error", "ErrorKind",
    "File",
];

impl Returns {
    /// What `output` says, which begins with its arrow if it is not empty, and has a last `name` that is known.
    ///
    /// Most are paths of which that says it all; to parse what is behind it would take as long as all the
    /// rest of the signature. A type that syn does not know says nothing.
    pub(crate) fn of(output: &[TokenTree], name: Option<&Ident>) -> Self {
        if let Some(name) = name {
            return Self::of_name(name);
        }
        let parsed = syn::parse2(output.iter().cloned().collect());
        parsed.map_or(Self::Unknown, |output| Self::of_parsed(&output))
    }

    fn of_parsed(output: &ReturnType) -> Self {
        match output {
            ReturnType::Default => Self::Plain,
            ReturnType::Type(_, ty) => Self::of_type(ty),
        }
    }

    fn of_type(ty: &Type) -> Self {
        match ty {
            Type::Never(_) => Self::Never,
            Type::Array(_) | Type::Slice(_) | Type::Tuple(_) | Type::Ptr(_) | Type::Reference(_) => {
                Self::Plain
            }
            Type::Group(group) => Self::of_type(&group.elem),
            Type::Paren(paren) => Self::of_type(&paren.elem),
            Type::ImplTrait(bounds) if is_future_alone(bounds) => Self::Future,
            Type::ImplTrait(_) => Self::Plain,
            Type::Path(path) => Self::of_path(&path.path),
            _ => Self::Unknown,
        }
    }

    fn of_path(path: &Path) -> Self {
        let Some(last) = path.segments.last() else { return Self::Unknown };
        match Self::of_name(&last.ident) {
            Self::Result { .. } => Self::Result { hides_error: is_hidden_behind_the_first(last) },
            Self::Unknown if is_hidden_behind_the_first(last) || is_hidden_in_a_pointer(last) => Self::Plain,
            returns => returns,
        }
    }

    /// What the last name of a path says, if there is no `impl Trait` behind it.
    fn of_name(name: &Ident) -> Self {
        let name = name.to_string();
        if PLAIN.contains(&name.as_str()) {
            Self::Plain
        } else if name == "Result" {
            Self::Result { hides_error: false }
        } else {
            Self::Unknown
        }
    }
}

/// The type that is returned, if it is the same where it is written again: what is `impl Trait` there is
/// not here, what a macro makes may be another thing each time, and so may what is in braces.
pub(crate) fn spelled(output: &[TokenTree]) -> Option<TokenStream> {
    let ty = behind_arrow(output);
    if ty.is_empty() {
        return Some(Group::new(Delimiter::Parenthesis, TokenStream::new()).into_token_stream());
    }
    ty.iter().all(is_the_same_again).then(|| ty.iter().cloned().collect())
}

fn is_the_same_again(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(ident) => ident != "impl",
        TokenTree::Punct(punct) => punct.as_char() != '!',
        TokenTree::Literal(_) => true,
        TokenTree::Group(group) => {
            group.delimiter() != Delimiter::Brace
                && group.stream().into_iter().all(|token| is_the_same_again(&token))
        }
    }
}

fn behind_arrow(output: &[TokenTree]) -> &[TokenTree] {
    output.get(2..).unwrap_or_default()
}

/// The last name of the type in `output`, if that is a path with arguments at its end alone.
pub(crate) fn last_name(output: &[TokenTree]) -> Option<&Ident> {
    let path = behind_arrow(output);
    if matches!(path.first(), Some(TokenTree::Ident(word)) if word == "dyn") {
        return None;
    }
    let is_name = |token: &TokenTree| match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(punct) => punct.as_char() == ':',
        _ => false,
    };
    let length = path.iter().take_while(|token| is_name(token)).count();
    let (names, arguments) = path.split_at(length);
    let Some(TokenTree::Ident(name)) = names.last() else { return None };
    let ends_with_arguments = match arguments {
        [] => true,
        [TokenTree::Punct(begin), inside @ .., TokenTree::Punct(_)] if begin.as_char() == '<' => {
            is_one_list(inside)
        }
        _ => false,
    };
    ends_with_arguments.then_some(name)
}

/// Whether the angle bracket before these tokens is closed behind them, and not before.
fn is_one_list(inside: &[TokenTree]) -> bool {
    let mut brackets = Brackets::default();
    let mut before = 0;
    inside.iter().all(|token| {
        let is_closed_too_much =
            matches!(token, TokenTree::Punct(punct) if punct.as_char() == '>') && before == 0;
        brackets.see(token);
        before = brackets.open();
        !is_closed_too_much
    }) && before == 0
}

/// Whether an argument other than the first, which is the value of a `Result`, is an `impl Trait`: in
/// its function that is a type still to be found, which every question fits.
fn is_hidden_behind_the_first(segment: &PathSegment) -> bool {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return false };
    arguments.args.iter().skip(1).any(|argument| mentions(argument.to_token_stream(), "impl"))
}

/// Likewise for what could be a boxed future, or the end of one.
fn is_hidden_in_a_pointer(segment: &PathSegment) -> bool {
    ["Pin", "Box", "Poll"].iter().any(|name| segment.ident == name)
        && mentions(segment.arguments.to_token_stream(), "impl")
}

/// Whether a future is all that is asked for, and nothing that ours is not.
fn is_future_alone(ty: &TypeImplTrait) -> bool {
    const FURTHER: [&str; 6] = ["Send", "Sync", "Unpin", "UnwindSafe", "RefUnwindSafe", "Debug"];
    let names = ty.bounds.iter().filter_map(|bound| match bound {
        TypeParamBound::Trait(bound) => bound.path.segments.last().map(|last| &last.ident),
        _ => None,
    });
    let (futures, others): (Vec<_>, Vec<_>) = names.partition(|name| *name == "Future");
    !futures.is_empty() && others.iter().all(|name| FURTHER.iter().any(|further| name == further))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(output: &str) -> Returns {
        let tokens: TokenStream = output.parse().unwrap();
        let parsed = Returns::of_parsed(&syn::parse2(tokens.clone()).unwrap());
        let tokens: Vec<_> = tokens.into_iter().collect();
        let name = spelled(&tokens).and_then(|_| last_name(&tokens));
        assert_eq!(Returns::of(&tokens, name), parsed, "{output}");
        parsed
    }

    #[test]
    fn the_spelling_of_the_return_type_decides() {
        assert_eq!(of(""), Returns::Plain);
        assert_eq!(of("-> !"), Returns::Never);
        assert_eq!(of("-> (u8, io::Result<()>)"), Returns::Plain);
        assert_eq!(of("-> &Result<u8, E>"), Returns::Plain);
        assert_eq!(of("-> Vec<Result<u8, E>>"), Returns::Plain);
        assert_eq!(of("-> io::Result<()>"), Returns::Result { hides_error: false });
        assert_eq!(of("-> ::core::result::Result<u8, E>"), Returns::Result { hides_error: false });
        assert_eq!(of("-> Result<impl Sized, E>"), Returns::Result { hides_error: false });
        assert_eq!(of("-> Result<u8, Box<impl Sized>>"), Returns::Result { hides_error: true });
        assert_eq!(of("-> Aliased<impl Sized>"), Returns::Unknown);
        assert_eq!(of("-> Aliased<u8, impl Sized>"), Returns::Plain);
        assert_eq!(of("-> Pin<Box<impl Future<Output = u8>>>"), Returns::Plain);
        assert_eq!(of("-> Poll<impl Sized>"), Returns::Plain);
        assert_eq!(of("-> impl Future<Output = u8> + Clone"), Returns::Plain);
        assert_eq!(of("-> impl Future<Output = u8> + Send + use<'a> + 'a"), Returns::Future);
        assert_eq!(of("-> impl Iterator<Item = u8>"), Returns::Plain);
        assert_eq!(of("-> impl Send + ::core::future::Future<Output = u8>"), Returns::Future);
        assert_eq!(of("-> Pin<Box<dyn Future<Output = u8>>>"), Returns::Unknown);
        assert_eq!(of("-> fmt::Result"), Returns::Result { hides_error: false });
        assert_eq!(of("-> Self"), Returns::Unknown);
        assert_eq!(of("-> <T as Load>::Metric"), Returns::Unknown);
        assert_eq!(of("-> Vec<u8>::Item<Vec<u8>>"), Returns::Unknown);
        assert_eq!(of("-> Result<fn() -> u8, E>"), Returns::Result { hides_error: false });
        assert_eq!(of("-> Box<dyn Fn() -> Result<u8, E>>"), Returns::Plain);
        assert_eq!(of("-> dyn Any"), Returns::Unknown);
    }
}
