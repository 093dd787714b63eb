//! Functions that only an attribute mentions, for every kind of function whose errors it names.
#![deny(warnings)]
#![forbid(unsafe_code)]

use std::ops::ControlFlow;

use usage_runtime::{UsageLogger, UsageValue, log_usage};

static USAGE: UsageLogger = UsageLogger::new("zebra-product", "1.0.0");

pub struct Error(u8);

#[derive(UsageValue)]
enum Kind {
    Zero,
    Other,
}

fn of_async(error: &Error) -> Kind {
    if error.0 == 0 { Kind::Zero } else { Kind::Other }
}

fn of_closure(_: &Error) -> &'static str {
    "closure"
}

fn of_method(_: &Error) -> &'static str {
    "method"
}

#[log_usage(event = "Async", error = of_async)]
async fn asynchronous() -> Result<(), Error> {
    Err(Error(1))
}

#[log_usage(event = "Generic", error = |error| of_closure(error))]
fn generic<T: Clone>(value: &T) -> Result<T, Error> {
    Ok(value.clone())
}

#[log_usage(event = "Hidden type", error = |error: &Error| if error.0 == 0 { "zero" } else { "other" })]
fn hidden_type() -> Result<impl Iterator<Item = u8>, Error> {
    Ok([1].into_iter())
}

#[log_usage(event = "None", none_is_error)]
fn none(value: Option<u8>) -> Option<u8> {
    value
}

#[log_usage(event = "Break", break_is_error)]
fn breaks() -> ControlFlow<u8, ()> {
    ControlFlow::Continue(())
}

struct Zebra(Vec<u8>);

#[log_usage]
impl Zebra {
    #[log_usage(event = "Method", error = of_method)]
    fn method(&mut self) -> Result<&mut Vec<u8>, Error> {
        Ok(&mut self.0)
    }
}

fn main() {
    drop(asynchronous());
    let _ = (generic(&1), hidden_type(), none(None), breaks());
    let _ = Zebra(Vec::new()).method();
}
