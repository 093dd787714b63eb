//! What a block hands to its functions, and which blocks are refused.

use super::*;

fn parse(item: &TokenStream) -> Option<Block> {
    Block::parse(&item.clone().into_iter().collect::<Vec<_>>())
}

fn expanded(arguments: TokenStream, item: &TokenStream) -> String {
    let defaults = Given::parse(arguments).unwrap();
    parse(item).unwrap().with_defaults(&defaults).to_string()
}

#[test]
fn defaults_go_to_the_functions_with_an_attribute_alone() {
    let block = expanded(
        quote!(logger = LOGS, metrics = self.metrics, properties(kind = "x", fast = true)),
        &quote! {
            impl<T> Fit for Estimator<T> {
                const K: u8 = 1;
                #[doc = "d"] #[usage_runtime::log_usage(event = "fit", properties(kind))] pub fn fit(&self) {}
                #[log_usage] fn new() -> Self {}
                fn other(&self) {}
            }
        },
    );
    let expected = quote! {
        impl<T> Fit for Estimator<T> {
            const K: u8 = 1;
            #[doc = "d"]
            #[usage_runtime::log_usage(
                event = "fit", metrics = self.metrics, properties(kind = kind, fast = true), logger = LOGS,
            )]
            pub fn fit(&self) {}
            #[log_usage(event = "Estimator new", properties(kind = "x", fast = true), logger = LOGS,)]
            fn new() -> Self {}
            fn other(&self) {}
        }
    };
    assert_eq!(block, expected.to_string());
}

#[test]
fn the_event_of_a_block_begins_the_names_of_events() {
    let item = quote!(
        trait Fit {
            #[log_usage]
            fn r#fit() {}
        }
    );
    let block = expanded(quote!(event = "DLE estimator"), &item);
    assert!(block.contains("event = \"DLE estimator fit\""), "{block}");
}

#[test]
fn an_attribute_that_stands_under_a_condition_gets_the_defaults_too() {
    let item = quote! {
        impl S {
            #[cfg_attr(all(unix, feature = "usage"), inline, log_usage(event = "e"))]
            fn f() {}
            #[cfg_attr(unix, cfg_attr(test, log_usage))]
            fn g() {}
            #[cfg_attr(unix, inline)]
            fn h() {}
        }
    };
    let expected = quote! {
        impl S {
            #[cfg_attr(all(unix, feature = "usage"), inline, log_usage(event = "e", properties(), logger = L,))]
            fn f() {}
            #[cfg_attr(unix, cfg_attr(test, log_usage(event = "S g", properties(), logger = L,)))]
            fn g() {}
            #[cfg_attr(unix, inline)]
            fn h() {}
        }
    };
    assert_eq!(expanded(quote!(logger = L), &item), expected.to_string());
}

#[test]
fn arguments_that_are_not_understood_are_left_as_they_are() {
    let item = quote!(impl S { #[log_usage(evnt = "e")] fn f() {} });
    assert_eq!(expanded(quote!(logger = L), &item), item.to_string());
}

#[test]
fn what_makes_no_sense_for_a_block_is_refused() {
    let refusal = |arguments| {
        let defaults = Given::parse(arguments).unwrap();
        Block::check(&defaults).unwrap_err().to_string()
    };
    assert!(refusal(quote!(none_is_error)).contains("what one function returns"));
    assert!(refusal(quote!(error = Error::kind)).contains("what one function returns"));
}

#[test]
fn only_impl_and_trait_are_blocks() {
    assert!(
        parse(&quote!(
            unsafe impl<'a> Send for &'a S {}
        ))
        .is_some()
    );
    assert!(
        parse(&quote!(
            #[async_trait]
            pub(crate) trait T: U {}
        ))
        .is_some()
    );
    assert!(
        parse(&quote!(
            fn f() -> impl T {}
        ))
        .is_none()
    );
    assert!(
        parse(&quote!(
            mod m {}
        ))
        .is_none()
    );
}
