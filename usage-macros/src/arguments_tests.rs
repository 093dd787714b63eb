//! How the arguments of a function come into what its body becomes.

use proc_macro2::TokenTree;

use super::*;
use crate::plain_arguments::Plain;
use crate::signature::Head;

fn arguments(function: TokenStream) -> Vec<Argument> {
    Argument::all(Head::of(&function.into_iter().collect::<Vec<_>>()).unwrap().arguments)
}

fn text(tokens: impl ToTokens) -> String {
    tokens.to_token_stream().to_string()
}

fn signature(arguments: &[Argument]) -> String {
    text(quote!(#(#arguments),*))
}

fn name(place: usize) -> String {
    format!("__log_usage_argument_{place}")
}

#[test]
fn a_closure_gets_all_but_what_may_be_large() {
    let mut function = arguments(
        quote!(fn f(self, mut a: A, (b, c): (B, C), _: D, e: &E, g: u8, #[cfg(x)] h: u8, mut i: [u8; 9])),
    );
    let into = Arguments::of_closure(&mut function, &TokenStream::new());
    let three = name(3);
    assert_eq!(text(into.statements), "if false { let __log_usage_receiver = self ; loop { } }");
    assert_eq!(text(into.values), format!("(a , b , c , {three} , e , g ,)"));
    assert_eq!(text(into.variables), format!("(mut a , b , c , {three} , e , g ,)"));
    let inputs = format!(
        "self , a : A , (b , c) : (B , C) , {three} : D , e : & E , g : u8 , # [cfg (x)] h : u8 , mut i : [u8 ; 9]"
    );
    assert_eq!(signature(&function), inputs);
    assert!(!into.all_move);
    assert!(Arguments::of_closure(&mut arguments(quote!(fn f(&self, a: A))), &TokenStream::new()).all_move);
}

#[test]
fn plain_arguments_are_the_same_without_a_parser() {
    for function in [
        quote!(fn f()),
        quote!(fn f(self)),
        quote!(fn f(self, a: A)),
        quote!(fn f(&'a mut self, a: A, b: &B, c: u8)),
        quote!(fn f(a: HashMap<u8, Vec<B>>, b: impl Fn(u8, B) -> Vec<u8>)),
        quote!(fn f(a: *const A, b: str, c: ::c::C,)),
    ] {
        let head = Head::of(&function.clone().into_iter().collect::<Vec<_>>()).unwrap();
        let listed: Vec<TokenTree> = head.arguments.into_iter().collect();
        let plain = PlainArguments::of(&listed).unwrap();
        let mut parsed = arguments(function.clone());
        let may_drop = typed(&mut parsed).map(|(_, argument)| may_drop(&argument.ty));
        assert_eq!(plain.list.iter().map(Plain::may_drop).collect::<Vec<_>>(), may_drop.collect::<Vec<_>>());
        let quick = Arguments::of_plain_closure(&plain);
        let before = signature(&parsed);
        let slow = Arguments::of_closure(&mut parsed, &TokenStream::new());
        assert_eq!(signature(&parsed), before);
        assert_eq!(format!("{quick:?}"), format!("{slow:?}"), "{function}");
    }
}

#[test]
fn a_closure_makes_variables_of_all_from_the_first_that_is_not_taken_apart_completely() {
    let mut function = arguments(quote!(fn f(a: A, S { b, .. }: S, #[cfg(x)] mut d: D)));
    let into = Arguments::of_closure(&mut function, &TokenStream::new());
    let one = name(1);
    assert_eq!(text(into.values), "a");
    let expected = format!("let {one} = {one} ; let S {{ b , .. }} = {one} ; # [cfg (x)] let mut d = d ;");
    assert_eq!(text(into.statements), expected);
    assert_eq!(signature(&function), format!("a : A , {one} : S , # [cfg (x)] d : D"));
}

#[test]
fn a_block_mentions_variables_from_the_last_to_the_first() {
    let mut function = arguments(quote!(fn f(self, mut a: A, (b, c): (B, C), d: [u8; 9])));
    let into = Arguments::of_block(&mut function, &quote!(use_it(a); format!("{b}")), &TokenStream::new());
    let expected = "let _ = & c ; let _ = & b ; let _ = & a ; let _ = & self ; let c = false ;";
    assert_eq!(text(into.statements), expected);
    assert_eq!(signature(&function), "self , mut a : A , (b , c) : (B , C) , d : [u8 ; 9]");
}

#[test]
fn a_block_makes_variables_of_all_from_the_first_that_is_not_taken_apart_completely() {
    let mut function = arguments(quote!(fn f(a: A, (b, _): (B, C), #[cfg(x)] mut d: D)));
    let into = Arguments::of_block(&mut function, &quote!(a), &TokenStream::new());
    let one = name(1);
    let expected =
        format!("let _ = & a ; let {one} = {one} ; let (b , _) = {one} ; # [cfg (x)] let mut d = d ;");
    assert_eq!(text(into.statements), expected);
    assert_eq!(signature(&function), format!("a : A , {one} : (B , C) , # [cfg (x)] d : D"));
}

#[test]
fn a_property_changes_nothing_for_an_argument_with_a_name() {
    let mut function = arguments(quote!(fn f((a, _): (A, B), c: C)));
    let into = Arguments::of_closure(&mut function, &quote!(c));
    assert_eq!(text(into.values), "");
    assert!(text(into.statements).ends_with("let c = c ;"));
}

#[test]
fn variables_that_a_property_mentions_are_kept_before_a_closure_and_a_block() {
    let tokens = || arguments(quote!(fn f((a, mut b, _): (A, B, C), S { d: ref mut d, .. }: S)));
    let properties = quote!(a.kind + d);
    let mut function = tokens();
    let into = Arguments::of_closure(&mut function, &properties);
    assert_eq!(text(into.values), "(a , b , d ,)");
    assert_eq!(text(into.variables), "(a , mut b , d ,)");
    assert_eq!(text(into.statements), "");
    assert_eq!(signature(&function), "(a , b , _) : (A , B , C) , S { d : ref mut d , .. } : S");
    let mut function = tokens();
    let into = Arguments::of_block(&mut function, &quote!(f(a, b, d)), &properties);
    assert_eq!(text(into.statements), "let _ = & d ; let _ = & b ; let _ = & a ;");
    assert_eq!(signature(&function), "(a , mut b , _) : (A , B , C) , S { d : ref mut d , .. } : S");
}
