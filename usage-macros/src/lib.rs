//! The attribute and the derive of `usage-runtime`, which documents them.
//!
//! An attribute is parsed (`grammar`, `args`, `function`, or `block` for a whole one), and what was
//! understood is turned into tokens (`expand`). On any error the author's item is given back as it was,
//! beside the error (`recover`). What a call does is not in the tokens but in the runtime.

mod args;
mod arguments;
mod begin;
mod block;
mod body;
mod body_names;
mod canonical;
mod course;
mod descriptor;
mod error_parameters;
mod expand;
mod function;
#[cfg(test)]
mod function_tests;
mod grammar;
mod judge;
mod names;
mod patterns;
mod place;
mod plain_arguments;
mod recover;
mod return_type;
mod signature;
mod source;
mod spans;
mod tokens;
mod usage_value;

use proc_macro::TokenStream;

use crate::args::Given;
use crate::block::Block;
use crate::function::{Function, Reader};
use crate::place::Place;

#[proc_macro_attribute]
#[expect(
    missing_docs,
    reason = "documented where it is re-exported, so that its examples can use the runtime"
)]
pub fn log_usage(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let place = Place::of_attribute();
    recover::with_item_kept(item.into(), |item| {
        let given = Given::parse(arguments.into())?;
        if let Some(block) = Block::parse(item) {
            return Ok(block.with_defaults(&given));
        }
        let args = given.complete()?;
        let function = Function::parse(item, &args, Reader::of_this_process())?;
        Ok(expand::function(&args, &function, &place))
    })
    .into()
}

/// The attribute where usage logging is left out: it refuses what `log_usage` refuses, and gives the
/// function back as it was.
#[proc_macro_attribute]
pub fn leave_out(arguments: TokenStream, item: TokenStream) -> TokenStream {
    recover::with_item_kept(item.into(), |item| {
        let given = Given::parse(arguments.into())?;
        if let Some(block) = Block::parse(item) {
            return Ok(block.with_defaults(&given));
        }
        let args = given.complete()?;
        let function = Function::parse(item, &args, Reader::Clippy)?;
        Ok(expand::left_out(&args, &function))
    })
    .into()
}

#[proc_macro_derive(UsageValue, attributes(usage_value))]
#[expect(missing_docs, reason = "documented at the trait of the same name")]
pub fn derive_usage_value(item: TokenStream) -> TokenStream {
    usage_value::derive(item.into()).unwrap_or_else(|error| error.to_compile_error()).into()
}
