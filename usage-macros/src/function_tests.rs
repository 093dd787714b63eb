//! What is understood of functions, and which items are refused.

use proc_macro2::TokenStream;
use quote::quote;

use crate::args::{Args, Given};
use crate::function::{Function, Kind, Reader};

fn args() -> Args {
    Given::parse(quote!(event = "e")).and_then(Given::complete).unwrap()
}

fn parse(item: TokenStream, reader: Reader) -> syn::Result<Function> {
    Function::parse(&item.into_iter().collect::<Vec<_>>(), &args(), reader)
}

fn kind(function: TokenStream) -> Kind {
    parse(function, Reader::Compiler).unwrap().kind
}

fn error(item: TokenStream) -> String {
    parse(item, Reader::Compiler).unwrap_err().to_string()
}

#[test]
fn what_cannot_be_a_failure_is_not_looked_at() {
    for function in [
        "pub fn f() -> Self {}",
        "fn f<T: Into<U>>(t: T) -> T {}",
        "fn f(a: u8) -> Self::Output { Self { a } }",
        "fn f(a: u8) -> a::Made<u8> { let b = g(a)?; Made::new(b) }",
        "fn f(a: u8) -> Result<u8> { Ok(g(a)) }",
    ] {
        assert_eq!(kind(function.parse().unwrap()), Kind::Guarded, "{function}");
    }
    for function in ["fn f() -> Self {}", "fn f<T: Into<U>>(t: T) -> U {}", "pub fn f() -> Self::Output {}"] {
        assert_eq!(kind(function.parse().unwrap()), Kind::InPlace { is_result: false }, "{function}");
    }
    for (function, may_fail) in [
        ("async fn f(a: u8) -> Result<u8, E> { Ok(a) }", false),
        ("async fn f(a: u8) -> Result<u8, E> { Ok(g(a).await?) }", true),
    ] {
        assert_eq!(kind(function.parse().unwrap()), Kind::Async { may_fail, is_result: true }, "{function}");
    }
}

#[test]
fn a_body_stays_where_it_is_if_its_value_comes_from_its_end_alone() {
    for function in [
        "fn f(a: u8) -> Result<u8, E> { g(a) }",
        "fn f(a: u8) -> io::Result<()> { if a == 0 { g(a); } let b = |c| c + 1; h(b) }",
        "fn f(a: u8) -> fmt::Result { assert!(a != 1); write!(b, \"{a}\") }",
        "fn f(a: u8) -> Result<u8, E> { a; }",
    ] {
        assert_eq!(kind(function.parse().unwrap()), Kind::InPlace { is_result: true }, "{function}");
    }
    for function in [
        "fn f(a: u8) -> Result<u8, E> { g(a?) }",
        "fn f(a: u8) -> Result<u8, E> { if a == 0 { return h(a); } g(a) }",
        "fn f(a: u8) -> Result<u8, E> { let b = tri!(a); g(b) }",
        "fn f(a: &str) -> Result<&str, E> { g(a) }",
        "fn f(a: A<'_>) -> Result<A<'_>, E> { g(a) }",
        "fn f(a: u8) -> Result<impl A, E> { g(a) }",
    ] {
        assert_eq!(kind(function.parse().unwrap()), Kind::Observed { is_result: true }, "{function}");
    }
}

#[test]
fn what_works_by_itself_becomes_a_closure() {
    for function in [
        "fn f(a: u8) -> Result<u8, E> { if a == 0 { Err(E) } else { Ok(a) } }",
        "fn f(a: u8) -> Result<u8, E> { for b in 0..9 { a = a.g(b); } h(a) }",
        "fn f(a: u8) -> Result<u8, E> { Ok(a) }",
    ] {
        assert_eq!(kind(function.parse().unwrap()), Kind::Observed { is_result: true }, "{function}");
    }
}

#[test]
fn the_signature_decides_the_kind() {
    assert_eq!(
        kind(quote!(
            pub(crate) fn f(&self) {}
        )),
        Kind::Guarded
    );
    assert_eq!(kind(quote!(default unsafe extern "C" fn f() -> ! {})), Kind::Guarded);
    assert_eq!(
        kind(quote!(
            fn f() -> Result<u8, E> {}
        )),
        Kind::InPlace { is_result: true }
    );
    assert_eq!(
        kind(quote!(
            fn f() -> Self {}
        )),
        Kind::InPlace { is_result: false }
    );
    assert_eq!(
        kind(quote!(
            fn f() -> impl Future<Output = u8> {}
        )),
        Kind::ReturnsFuture
    );
    assert_eq!(
        kind(quote!(
            async fn f() -> T {}
        )),
        Kind::Async { may_fail: true, is_result: false }
    );
    assert_eq!(
        kind(quote!(
            async fn f() {}
        )),
        Kind::Async { may_fail: false, is_result: true }
    );
    assert_eq!(
        kind(quote!(
            async unsafe fn f() -> ! {}
        )),
        Kind::AsyncNever
    );
}

#[test]
fn a_function_that_tracks_its_caller_is_only_guarded() {
    assert_eq!(
        kind(quote!(
            #[track_caller]
            fn f() -> Result<u8, E> {}
        )),
        Kind::Guarded
    );
    assert_eq!(
        kind(quote!(
            #[cfg_attr(all(), track_caller)]
            fn f() -> Result<u8, E> {}
        )),
        Kind::Guarded
    );
}

#[test]
fn clippy_is_shown_the_function_as_written() {
    let written = quote!(
        async fn f((a, _): (A, B), mut c: C) -> Result<u8, E> {}
    );
    let function = parse(written, Reader::Clippy).unwrap();
    assert_eq!(function.kind, Kind::Linted { names_errors: false, is_result: true });
    let head: TokenStream = function.head.into_iter().collect();
    assert_eq!(head.to_string(), "async fn f ((a , _) : (A , B) , mut c : C) -> Result < u8 , E >");
    assert!(
        parse(
            quote!(
                const fn f() {}
            ),
            Reader::Clippy,
        )
        .is_err()
    );
}

#[test]
fn the_body_is_not_looked_into() {
    let function = parse(quote!(fn f() { #![allow(unused)] let x = +; }), Reader::Compiler).unwrap();
    assert_eq!(function.inner_attributes.to_string(), "# ! [allow (unused)]");
    assert_eq!(function.body.to_string(), "let x = + ;");
}

#[test]
fn whatever_is_no_function_is_refused_by_name() {
    assert!(
        error(quote!(
            const fn f() {}
        ))
        .contains("`const fn`")
    );
    assert!(
        error(quote!(
            fn f(&self);
        ))
        .contains("without a body")
    );
    assert!(
        error(quote!(
            pub struct S {
                x: u8,
            }
        ))
        .contains("not on a `struct`")
    );
    assert!(
        error(quote!(
            const X: u8 = 3;
        ))
        .contains("not on a `const`")
    );
    assert!(
        error(quote!(
            macro_rules! m {
                () => {};
            }
        ))
        .contains("goes on a function")
    );
}
