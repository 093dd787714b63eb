//! Functions of shapes that an expansion could easily break, and what is recorded of them.
#![expect(
    clippy::needless_pass_by_value,
    clippy::toplevel_ref_arg,
    reason = "so they are, in somebody's code"
)]

use std::future::{Future, ready};
use std::pin::Pin;
use std::process::ExitCode;
use std::task::Poll;

use super::tests::{USAGE, block_on, exception_type, recorded};
use crate::log_usage;

#[log_usage(event = "ref mut", crate = crate, logger = USAGE)]
fn longer(ref mut text: String, (ref mut other, _): (String, u8)) -> Result<usize, ()> {
    text.push('a');
    other.push('b');
    Some(text.len() + other.len()).ok_or(())
}

#[log_usage(event = "async ref mut", crate = crate, logger = USAGE)]
async fn longer_later(ref mut text: String) -> usize {
    text.push('a');
    ready(text.len()).await
}

#[log_usage(event = "borrow anew", crate = crate, logger = USAGE)]
async fn with_default(mut name: &str, mut parts: Vec<&str>) -> usize {
    let default;
    if name.is_empty() {
        default = String::from("default");
        name = &default;
        parts.push(&default);
    }
    ready(name.len() + parts.len()).await
}

struct Parts {
    first: String,
    #[cfg(any())]
    second: u8,
}

#[log_usage(event = "parts", crate = crate, logger = USAGE)]
fn taken_apart(
    Parts {
        first,
        #[cfg(any())]
        second,
    }: Parts,
) -> Result<usize, ()> {
    Some(first.len()).ok_or(())
}

struct Nothing;

#[log_usage(event = "nothing", crate = crate, logger = USAGE)]
async fn of_nothing(Nothing: Nothing) -> u8 {
    ready(1).await
}

#[log_usage(event = "polled", crate = crate, logger = USAGE)]
fn polled() -> Poll<impl Sized> {
    Poll::Ready(1)
}

#[log_usage(event = "cloneable", crate = crate, logger = USAGE)]
fn cloneable() -> impl Future<Output = u8> + Clone {
    ready(1)
}

#[log_usage(event = "local item", crate = crate, logger = USAGE)]
async fn with_an_item_of_its_own(text: &str) -> Result<u8, std::num::ParseIntError> {
    #[expect(dead_code, reason = "its name is that of the error")]
    #[allow(clippy::items_after_statements, reason = "where logging is left out, there is one before")]
    pub(crate) struct ParseIntError;
    ready(text.parse()).await
}

#[test]
fn they_do_what_they_did() {
    assert_eq!(longer("a".to_owned(), ("b".to_owned(), 1)), Ok(4));
    assert_eq!(block_on(longer_later("a".to_owned())), 2);
    assert_eq!(block_on(with_default("", vec!["a"])), 9);
    assert_eq!(taken_apart(Parts { first: "a".to_owned() }), Ok(1));
    assert_eq!(block_on(of_nothing(Nothing)), 1);
    assert!(polled().is_ready());
    assert_eq!(block_on(cloneable().clone()), 1);
    assert_eq!(block_on(with_an_item_of_its_own("1")), Ok(1));
}

#[log_usage(event = "exit", crate = crate, logger = USAGE)]
async fn exit_later() -> ExitCode {
    ready(ExitCode::FAILURE).await
}

#[log_usage(event = "exit in a future", crate = crate, logger = USAGE)]
fn exit_in_a_future() -> impl Future<Output = ExitCode> {
    ready(ExitCode::FAILURE)
}

#[log_usage(event = "poll later", crate = crate, logger = USAGE)]
async fn poll_later() -> Poll<Result<u8, String>> {
    ready(Poll::Ready(Err(String::new()))).await
}

#[log_usage(event = "future of a future", crate = crate, logger = USAGE)]
async fn future_of_a_future() -> Pin<Box<dyn Future<Output = u8>>> {
    ready(()).await;
    Box::pin(ready(1))
}

#[log_usage(event = "none later", none_is_error, crate = crate, logger = USAGE)]
fn none_later() -> Pin<Box<dyn Future<Output = Option<u8>>>> {
    Box::pin(ready(None))
}

#[test]
fn what_comes_out_of_a_future_is_judged_whatever_its_type() {
    let failure = std::any::type_name::<ExitCode>();
    let _ = block_on(exit_later());
    assert_eq!(exception_type(), failure);
    let _ = block_on(exit_in_a_future());
    assert_eq!(exception_type(), failure);
    assert!(block_on(poll_later()).is_ready());
    assert_eq!(exception_type(), std::any::type_name::<String>());
    assert_eq!(block_on(none_later()), None);
    assert_eq!(exception_type(), "core::option::Option::None");
    assert_eq!(block_on(block_on(future_of_a_future())), 1);
    assert_eq!(exception_type(), serde_json::Value::Null);
}

#[log_usage(event = "first", crate = crate, logger = USAGE)]
#[log_usage(event = "second", crate = crate, logger = USAGE)]
fn logged_twice() -> u8 {
    1
}

#[log_usage(event = "first", crate = crate, logger = USAGE)]
#[log_usage(event = "second", crate = crate, logger = USAGE)]
fn looked_at_twice() -> Result<u8, ()> {
    Some(1).ok_or(())
}

#[test]
fn the_attribute_may_be_there_twice() {
    for call in [|| assert_eq!(logged_twice(), 1), || assert_eq!(looked_at_twice(), Ok(1))] {
        call();
        let events = recorded();
        let names: Vec<_> = events.iter().map(|event| &event["event"]).collect();
        assert_eq!(names, ["first", "second"]);
        assert_eq!(events[0]["properties"]["parent"], "second");
    }
}
