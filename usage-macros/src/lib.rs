//! The attribute and the derive of `usage-runtime`.

use proc_macro::TokenStream;

/// Logs the usage of a function.
#[proc_macro_attribute]
pub fn log_usage(_arguments: TokenStream, item: TokenStream) -> TokenStream {
    item
}

/// Lets the variant names of an enum be logged.
#[proc_macro_derive(UsageValue, attributes(usage_value))]
pub fn derive_usage_value(_item: TokenStream) -> TokenStream {
    TokenStream::new()
}
