//! What lives too short is said in the place of the value.

use std::future::Future;
use std::pin::Pin;

use usage_runtime::{UsageLogger, log_usage};

pub static USAGE: UsageLogger = UsageLogger::new("ui", "0.0.0");

#[log_usage(event = "e")]
fn of_another_argument<'a>(one: &'a str, other: &str) -> Result<&'a str, ()> {
    let _ = one;
    Some(other).ok_or(())
}

#[log_usage(event = "e")]
fn boxed(text: &str) -> Pin<Box<dyn Future<Output = usize>>> {
    let length = text.len();
    Box::pin(async move { text.len() + length })
}

fn main() {}
