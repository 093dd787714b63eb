//! Each rung of the ladder of errors, for functions whose return type says nothing by its name: the ladder of
//! ends comes before.

use std::any::type_name;
use std::error::Error;
use std::fmt;
use std::future::ready;
use std::io;
use std::num::ParseIntError;
use std::pin::Pin;

use serde_json::Value;

use super::tests::{USAGE, block_on, exception_type};
use crate::log_usage;

type Tried<E> = Result<u8, E>;
type Later<E> = Pin<Box<dyn Future<Output = Result<u8, E>> + Send>>;

/// An error of which no more than its type is known.
struct Opaque;

fn number<E: From<ParseIntError>>(text: &str) -> Tried<E> {
    Ok(text.parse()?)
}

#[log_usage(event = "known", crate = crate, logger = USAGE)]
fn known() -> Tried<io::Error> {
    Err(io::ErrorKind::NotFound.into())
}

#[log_usage(event = "caused", crate = crate, logger = USAGE)]
fn caused(text: &str) -> Tried<ParseIntError> {
    number(text)
}

#[log_usage(event = "held", crate = crate, logger = USAGE)]
fn held() -> Tried<anyhow::Error> {
    number("x")
}

#[log_usage(event = "boxed", crate = crate, logger = USAGE)]
fn boxed() -> Tried<Box<dyn Error + Send + Sync>> {
    number("x")
}

#[log_usage(event = "opaque", crate = crate, logger = USAGE)]
fn opaque() -> Tried<Opaque> {
    Err(Opaque)
}

#[test]
fn an_alias_of_a_result_is_judged_by_what_it_stands_for() {
    assert!(known().is_err());
    assert_eq!(exception_type(), format!("{}::NotFound", type_name::<io::Error>()));
    assert!(caused("x").is_err());
    assert_eq!(exception_type(), type_name::<ParseIntError>());
    assert!(held().is_err());
    assert_eq!(exception_type(), format!("other: {}", type_name::<ParseIntError>()));
    assert!(boxed().is_err());
    assert_eq!(exception_type(), format!("alloc::boxed::Box: {}", type_name::<ParseIntError>()));
    assert!(opaque().is_err());
    assert_eq!(exception_type(), type_name::<Opaque>());
    assert_eq!(caused("1"), Ok(1));
    assert_eq!(exception_type(), Value::Null);
}

#[log_usage(event = "formatted", crate = crate, logger = USAGE)]
fn formatted() -> fmt::Result {
    Err(fmt::Error)
}

/// A type that is a result by its name alone.
mod named {
    #[derive(Debug, PartialEq)]
    pub(super) struct Result(pub(super) u8);
}

#[log_usage(event = "of its own", crate = crate, logger = USAGE)]
fn of_its_own() -> named::Result {
    named::Result(1)
}

#[test]
fn a_type_named_result_is_judged_by_what_it_is() {
    assert!(formatted().is_err());
    assert_eq!(exception_type(), type_name::<fmt::Error>());
    assert_eq!(of_its_own(), named::Result(1));
    assert_eq!(exception_type(), Value::Null);
}

#[log_usage(event = "known later", crate = crate, logger = USAGE)]
fn known_later() -> Later<io::Error> {
    Box::pin(ready(Err(io::ErrorKind::NotFound.into())))
}

#[log_usage(event = "caused later", crate = crate, logger = USAGE)]
fn caused_later() -> Later<ParseIntError> {
    Box::pin(ready(number("x")))
}

#[log_usage(event = "held later", crate = crate, logger = USAGE)]
fn held_later() -> Later<anyhow::Error> {
    Box::pin(ready(number("x")))
}

#[log_usage(event = "opaque later", crate = crate, logger = USAGE)]
fn opaque_later() -> Later<Opaque> {
    Box::pin(ready(Err(Opaque)))
}

#[test]
fn a_boxed_future_is_judged_by_what_it_ends_with() {
    assert!(block_on(known_later()).is_err());
    assert_eq!(exception_type(), format!("{}::NotFound", type_name::<io::Error>()));
    assert!(block_on(caused_later()).is_err());
    assert_eq!(exception_type(), type_name::<ParseIntError>());
    assert!(block_on(held_later()).is_err());
    assert_eq!(exception_type(), format!("other: {}", type_name::<ParseIntError>()));
    assert!(block_on(opaque_later()).is_err());
    assert_eq!(exception_type(), type_name::<Opaque>());
}
