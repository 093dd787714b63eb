//! One test for each rung of the ladder of errors, and for what else may be a failure.

use std::any::type_name;
use std::error::Error;
use std::fmt;
use std::io;
use std::num::ParseIntError;
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::sync::Arc;
use std::task::Poll;

use serde_json::Value;

use super::tests::{USAGE, block_on, exception_type};
use crate::{UsageLogger, UsageValue, log_usage};

static DECLARED: UsageLogger = UsageLogger::new("declared", "0.0.0").always_on().name_errors_of(&["anyhow"]);

/// An error with a cause, and a text that must not be sent.
#[derive(Debug)]
struct Caused<E>(E);

impl<E> fmt::Display for Caused<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("secret")
    }
}

impl<E: Error + 'static> Error for Caused<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

/// An error that is its own cause.
#[derive(Debug)]
struct Round;

impl fmt::Display for Round {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("secret")
    }
}

impl Error for Round {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self)
    }
}

/// An error that borrows.
#[derive(Debug)]
struct Borrowing<'a>(&'a str);

impl fmt::Display for Borrowing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Borrowing<'_> {}

fn not_found() -> io::Error {
    io::ErrorKind::NotFound.into()
}

fn number(text: &str) -> Result<u8, ParseIntError> {
    text.parse()
}

/// The name of an error of this file.
fn own(name: &str) -> String {
    format!("usage_runtime::execution::error_tests::{name}")
}

fn parse_error() -> &'static str {
    type_name::<ParseIntError>()
}

#[log_usage(event = "io", crate = crate, logger = USAGE)]
fn read() -> io::Result<()> {
    Err(not_found())
}

#[test]
fn an_input_or_output_error_is_named_with_its_kind() {
    assert!(read().is_err());
    assert_eq!(exception_type(), format!("{}::NotFound", type_name::<io::Error>()));
}

#[log_usage(event = "caused", crate = crate, logger = USAGE)]
fn caused() -> Result<(), Caused<Caused<ParseIntError>>> {
    number("x").map(drop).map_err(|error| Caused(Caused(error)))
}

#[test]
fn an_error_is_named_with_the_cause_that_the_standard_library_knows() {
    assert!(caused().is_err());
    assert_eq!(exception_type(), format!("{}: {}", own("Caused"), parse_error()));
}

#[log_usage(event = "round", crate = crate, logger = USAGE)]
fn round() -> Result<(), Round> {
    Err(Round)
}

#[test]
fn a_chain_of_causes_that_never_ends_is_left() {
    assert!(round().is_err());
    assert_eq!(exception_type(), own("Round"));
}

#[log_usage(event = "boxed", crate = crate, logger = USAGE)]
fn boxed() -> Result<(), Box<dyn Error>> {
    number("x")?;
    Ok(())
}

#[log_usage(event = "borrowed", crate = crate, logger = USAGE)]
fn borrowed<'a>(text: &'a str) -> Result<u8, Box<dyn Error + 'a>> {
    if text.is_empty() { Err(Box::new(Borrowing(text))) } else { Ok(number(text)?) }
}

#[test]
fn a_boxed_error_is_named_by_what_is_in_the_box() {
    let expected = format!("alloc::boxed::Box: {}", parse_error());
    assert!(boxed().is_err());
    assert_eq!(exception_type(), expected);
    assert!(borrowed("x").is_err());
    assert_eq!(exception_type(), expected);
    assert!(borrowed("").is_err());
    assert_eq!(exception_type(), "alloc::boxed::Box");
}

#[log_usage(event = "text", crate = crate, logger = USAGE)]
fn borrowed_text(text: &str) -> Result<u8, &str> {
    number(text).map_err(|_| text)
}

#[log_usage(event = "text", crate = crate, logger = USAGE)]
fn borrowed_texts(text: &str) -> Result<u8, Vec<&str>> {
    number(text).map_err(|_| vec![text])
}

#[test]
fn an_error_may_be_a_text_that_is_borrowed() {
    assert!(borrowed_text("secret").is_err());
    assert_eq!(exception_type(), "str");
    assert!(borrowed_texts("secret").is_err());
    assert_eq!(exception_type(), "alloc::vec::Vec");
}

#[log_usage(event = "sent", crate = crate, logger = USAGE)]
fn sent() -> Result<(), Box<dyn Error + Send + Sync>> {
    Err(Caused(not_found()).into())
}

#[log_usage(event = "shared", crate = crate, logger = USAGE)]
fn shared() -> Result<u8, Arc<dyn Error + Send + Sync>> {
    number("x").map_err(|error| Arc::new(error) as _)
}

#[log_usage(event = "counted", crate = crate, logger = USAGE)]
fn counted() -> Result<u8, Arc<dyn Error>> {
    number("x").map_err(|error| Arc::new(error) as _)
}

#[test]
fn a_pointer_to_an_error_is_named_by_that() {
    assert!(sent().is_err());
    assert_eq!(exception_type(), format!("alloc::boxed::Box: {}::NotFound", type_name::<io::Error>()));
    // What the compiler calls it is another in each version.
    let arc = type_name::<Arc<u8>>().split('<').next().unwrap();
    assert!(shared().is_err());
    assert_eq!(exception_type(), format!("{arc}: {}", parse_error()));
    assert!(counted().is_err());
    assert_eq!(exception_type(), format!("{arc}: {}", parse_error()));
}

#[log_usage(event = "anyhow", crate = crate, logger = USAGE)]
fn any() -> anyhow::Result<()> {
    Ok(number("x").map(drop)?)
}

#[log_usage(event = "anyhow", crate = crate, logger = DECLARED)]
fn any_declared() -> anyhow::Result<()> {
    Err(anyhow::Error::from(not_found()).context("secret"))
}

#[log_usage(event = "eyre", crate = crate, logger = USAGE)]
fn eyed() -> eyre::Result<()> {
    Ok(number("x").map(drop)?)
}

#[test]
fn an_error_of_anyhow_or_eyre_is_named_by_what_it_holds() {
    assert!(any().is_err());
    assert_eq!(exception_type(), format!("other: {}", parse_error()));
    assert!(eyed().is_err());
    assert_eq!(exception_type(), format!("other: {}", parse_error()));
}

#[test]
fn a_type_of_a_declared_crate_is_named() {
    assert!(any_declared().is_err());
    assert_eq!(exception_type(), format!("anyhow::Error: {}::NotFound", type_name::<io::Error>()));
}

#[log_usage(event = "text", crate = crate, logger = USAGE)]
fn text() -> Result<(), String> {
    Err("secret".to_owned())
}

#[test]
fn of_any_other_error_its_type_is_named() {
    assert!(text().is_err());
    assert_eq!(exception_type(), "alloc::string::String");
}

#[log_usage(event = "poll", crate = crate, logger = USAGE)]
fn polled() -> Poll<Result<(), Round>> {
    Poll::Ready(Err(Round))
}

#[log_usage(event = "next", crate = crate, logger = USAGE)]
fn next() -> Poll<Option<io::Result<()>>> {
    Poll::Ready(Some(Err(not_found())))
}

#[log_usage(event = "waits", crate = crate, logger = USAGE)]
fn waits() -> Poll<Result<(), Round>> {
    Poll::Pending
}

#[test]
fn a_failure_may_be_polled_for() {
    assert!(polled().is_ready());
    assert_eq!(exception_type(), own("Round"));
    assert!(next().is_ready());
    assert_eq!(exception_type(), format!("{}::NotFound", type_name::<io::Error>()));
    assert!(waits().is_pending());
    assert_eq!(exception_type(), Value::Null);
}

#[log_usage(event = "exit", crate = crate, logger = USAGE)]
fn exit(code: u8) -> ExitCode {
    ExitCode::from(code)
}

#[test]
fn an_exit_code_is_a_failure_unless_it_is_success() {
    for code in [1, 2, 255] {
        let _ = exit(code);
        assert_eq!(exception_type(), "std::process::ExitCode");
    }
    let _ = exit(0);
    assert_eq!(exception_type(), Value::Null);
}

#[log_usage(event = "option", crate = crate, logger = USAGE)]
fn found(value: Option<u8>) -> Option<u8> {
    value
}

#[log_usage(event = "needed", crate = crate, logger = USAGE, none_is_error)]
fn needed(value: Option<u8>) -> Option<u8> {
    value?.checked_add(1)
}

#[log_usage(event = "needed later", crate = crate, logger = USAGE, none_is_error)]
async fn needed_later(value: Option<u8>) -> Option<u8> {
    std::future::ready(()).await;
    value?.checked_add(1)
}

#[test]
fn nothing_is_a_failure_only_if_asked_for() {
    assert_eq!(found(None), None);
    assert_eq!(exception_type(), Value::Null);
    assert_eq!(needed(None), None);
    assert_eq!(exception_type(), "core::option::Option::None");
    assert_eq!(block_on(needed_later(None)), None);
    assert_eq!(exception_type(), "core::option::Option::None");
    assert_eq!(needed(Some(1)), Some(2));
    assert_eq!(exception_type(), Value::Null);
}

#[log_usage(event = "stops", crate = crate, logger = USAGE)]
fn stops() -> ControlFlow<Round, u8> {
    ControlFlow::Break(Round)
}

#[log_usage(event = "breaks", crate = crate, logger = USAGE, break_is_error)]
fn breaks(end: bool) -> ControlFlow<Round, u8> {
    if end {
        ControlFlow::Break(Round)?;
    }
    ControlFlow::Continue(1)
}

#[test]
fn a_break_is_a_failure_only_if_asked_for() {
    assert!(stops().is_break());
    assert_eq!(exception_type(), Value::Null);
    assert!(breaks(true).is_break());
    assert_eq!(exception_type(), own("Round"));
    assert!(breaks(false).is_continue());
    assert_eq!(exception_type(), Value::Null);
}

#[derive(Clone, Copy, UsageValue)]
#[usage_value(crate = crate)]
enum Reason {
    NotANumber,
}

#[log_usage(event = "named", crate = crate, logger = USAGE, error = |_| Reason::NotANumber)]
fn named() -> Result<u8, ParseIntError> {
    number("x")
}

fn reason(error: &ParseIntError) -> &'static str {
    match error.kind() {
        std::num::IntErrorKind::Empty => "empty",
        _ => "wrong",
    }
}

#[log_usage(event = "named later", crate = crate, logger = USAGE, error = reason)]
async fn named_later(text: &str) -> Result<u8, ParseIntError> {
    std::future::ready(()).await;
    number(text)
}

#[test]
fn an_author_may_name_errors() {
    assert!(named().is_err());
    assert_eq!(exception_type(), own("Reason::NotANumber"));
    assert!(block_on(named_later("")).is_err());
    assert_eq!(exception_type(), "empty");
    assert!(block_on(named_later("1")).is_ok());
    assert_eq!(exception_type(), Value::Null);
}
