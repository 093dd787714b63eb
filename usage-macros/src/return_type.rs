//! What the return type, as it is spelled, says of the value: whether it can tell of a failure,
//! and whether the call goes on in it.

use quote::ToTokens;
use syn::{Path, PathArguments, PathSegment, ReturnType, Type, TypeParamBound};

use crate::tokens::mentions;

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

/// Types that are no failure and not alias of one, by the last part of their path.
const PLAIN: [&str; 43] = [
    "bool",
    "char",
    "str",
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "usize",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "isize",
    "f32",
    "f64",
    "String",
    "Vec",
    "Option",
    "HashMap",
    "HashSet",
    "BTreeMap",
    "BTreeSet",
    "VecDeque",
    "Rc",
    "Arc",
    "Cow",
    "Duration",
    "Instant",
    "SystemTime",
    "PathBuf",
    "OsString",
    "Ordering",
    "Range",
    "PhantomData",
    "Layout",
    "NonNull",
    "NonZeroUsize",
    "MutexGuard",
    "RefCell",
    "Cell",
    "Mutex",
];

impl Returns {
    pub(crate) fn of(output: &ReturnType) -> Self {
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
            Type::ImplTrait(bounds) if bounds.bounds.iter().any(is_future) => Self::Future,
            Type::ImplTrait(_) => Self::Plain,
            Type::Path(path) => Self::of_path(&path.path),
            _ => Self::Unknown,
        }
    }

    fn of_path(path: &Path) -> Self {
        let Some(last) = path.segments.last() else { return Self::Unknown };
        let name = last.ident.to_string();
        if PLAIN.contains(&name.as_str()) {
            Self::Plain
        } else if name == "Result" && matches!(last.arguments, PathArguments::AngleBracketed(_)) {
            Self::Result { hides_error: is_hidden_behind_the_first(last) }
        } else if is_hidden_behind_the_first(last) || is_hidden_in_a_pointer(last) {
            Self::Plain
        } else {
            Self::Unknown
        }
    }
}

/// Whether an argument other than the first, which is the value of a `Result`, is an `impl Trait`: in
/// its function that is a type still to be found, which every question fits.
fn is_hidden_behind_the_first(segment: &PathSegment) -> bool {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return false };
    arguments.args.iter().skip(1).any(|argument| mentions(argument.to_token_stream(), "impl"))
}

/// Likewise for what could be a boxed future.
fn is_hidden_in_a_pointer(segment: &PathSegment) -> bool {
    (segment.ident == "Pin" || segment.ident == "Box")
        && mentions(segment.arguments.to_token_stream(), "impl")
}

fn is_future(bound: &TypeParamBound) -> bool {
    let TypeParamBound::Trait(bound) = bound else { return false };
    bound.path.segments.last().is_some_and(|last| last.ident == "Future")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(output: &str) -> Returns {
        Returns::of(&syn::parse_str(output).unwrap())
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
        assert_eq!(of("-> impl Iterator<Item = u8>"), Returns::Plain);
        assert_eq!(of("-> impl Send + ::core::future::Future<Output = u8>"), Returns::Future);
        assert_eq!(of("-> Pin<Box<dyn Future<Output = u8>>>"), Returns::Unknown);
        assert_eq!(of("-> fmt::Result"), Returns::Unknown);
        assert_eq!(of("-> Self"), Returns::Unknown);
        assert_eq!(of("-> <T as Load>::Metric"), Returns::Unknown);
    }
}
