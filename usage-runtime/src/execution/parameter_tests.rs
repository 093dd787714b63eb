//! Errors with type parameters, which may be errors for some lifetimes alone.

use std::any::{Any, type_name};
use std::error::Error;
use std::fmt;
use std::future::ready;
use std::mem::replace;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::Poll;

use super::tests::{USAGE, block_on, exception_type};
use crate::{UsageValue, log_usage};

/// What could not be sent, as channels give it back: an error if it lives for ever.
struct SendError<T>(T);

impl<T> fmt::Debug for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("secret")
    }
}

impl<T> fmt::Display for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("secret")
    }
}

impl<T: Any> Error for SendError<T> {}

/// One whose variants its author lets be named.
#[derive(UsageValue)]
#[usage_value(crate = crate)]
enum Refused<T> {
    Full(T),
}

type Later<T> = Pin<Box<dyn Future<Output = T>>>;

/// Has room for one item, and gives back what was there before.
struct Channel<Item>(Item);

impl<Item> Channel<Item> {
    #[log_usage(event = "send", crate = crate, logger = USAGE)]
    fn send(&mut self, item: Item) -> Result<(), SendError<Item>> {
        Err(SendError(replace(&mut self.0, item)))
    }

    #[log_usage(event = "refuse", crate = crate, logger = USAGE)]
    fn refuse(&mut self, item: Item) -> Result<(), Refused<Item>> {
        Err(Refused::Full(replace(&mut self.0, item)))
    }

    #[log_usage(event = "poll", crate = crate, logger = USAGE)]
    fn poll(&mut self, item: Item) -> Poll<Result<(), SendError<Item>>> {
        Poll::Ready(Err(SendError(replace(&mut self.0, item))))
    }

    #[log_usage(event = "send now", crate = crate, logger = USAGE)]
    async fn send_now(&mut self, item: Item) -> Result<(), Box<SendError<Item>>> {
        ready(Err(Box::new(SendError(replace(&mut self.0, item))))).await
    }

    #[log_usage(event = "send soon", crate = crate, logger = USAGE)]
    fn send_soon(&mut self, item: Item) -> impl Future<Output = Result<(), SendError<Item>>> {
        ready(Err(SendError(replace(&mut self.0, item))))
    }

    #[log_usage(event = "break", crate = crate, logger = USAGE, break_is_error)]
    fn stop(&mut self, item: Item) -> ControlFlow<SendError<Item>> {
        ControlFlow::Break(SendError(replace(&mut self.0, item)))
    }
}

#[log_usage(event = "send later", crate = crate, logger = USAGE)]
fn send_later<T: 'static>(item: T) -> Later<Result<(), SendError<T>>> {
    Box::pin(ready(Err(SendError(item))))
}

#[log_usage(event = "borrow", crate = crate, logger = USAGE)]
fn give_back(text: &str) -> Result<u8, SendError<&str>> {
    Err(SendError(text))
}

/// A number that a text stands for.
struct Number(u8);

impl<'a> TryFrom<&'a str> for Number {
    type Error = SendError<&'a str>;

    #[log_usage(event = "try from", crate = crate, logger = USAGE)]
    fn try_from(text: &'a str) -> Result<Self, Self::Error> {
        text.parse().map(Self).map_err(|_| SendError(text))
    }
}

/// A `Result` by its name alone.
struct Outcome<T, E>(T, E);

mod named {
    pub(super) type Result<T, E> = super::Outcome<T, E>;
}

#[log_usage(event = "neither", crate = crate, logger = USAGE)]
fn neither<T>(item: T) -> named::Result<u8, SendError<T>> {
    Outcome(1, SendError(item))
}

#[test]
fn an_error_that_may_not_live_for_ever_is_named_by_its_type() {
    let letter = String::from("letter");
    let mut channel = Channel(&*letter);
    let send_error = type_name::<SendError<()>>().replace("<()>", "");
    assert!(channel.send(&letter).is_err());
    assert_eq!(exception_type(), send_error);
    assert!(channel.poll(&letter).is_ready());
    assert_eq!(exception_type(), send_error);
    assert!(block_on(channel.send_now(&letter)).is_err());
    assert_eq!(exception_type(), send_error);
    assert!(block_on(channel.send_soon(&letter)).is_err());
    assert_eq!(exception_type(), send_error);
    assert!(channel.stop(&letter).is_break());
    assert_eq!(exception_type(), send_error);
    assert!(block_on(send_later(1)).is_err());
    assert_eq!(exception_type(), send_error);
    assert!(give_back(&letter).is_err());
    assert_eq!(exception_type(), send_error);
    assert!(Number::try_from(&*letter).is_err());
    assert_eq!(exception_type(), send_error);
    assert_eq!(Number::try_from("1").unwrap().0, 1);
}

#[test]
fn its_variant_is_named_if_its_author_says_so() {
    let letter = String::from("letter");
    let refused = type_name::<Refused<()>>().replace("<()>", "::Full");
    assert!(Channel(&*letter).refuse(&letter).is_err());
    assert_eq!(exception_type(), refused);
}

#[test]
fn what_is_no_result_but_by_its_name_is_no_failure() {
    let Outcome(value, SendError(letter)) = neither("letter");
    assert_eq!((value, letter), (1, "letter"));
    assert_eq!(exception_type(), serde_json::Value::Null);
}
