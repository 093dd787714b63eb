//! Nothing new is said about annotated functions, however strict their author is.

#![forbid(unsafe_code)]
#![deny(warnings)]
#![deny(unused_results, unused_qualifications, trivial_casts, single_use_lifetimes, tail_expr_drop_order)]

use std::future::Future;
use std::num::ParseIntError;
use std::pin::Pin;

use usage_runtime::{UsageLogger, UsageValue, log_usage};

static USAGE: UsageLogger = UsageLogger::new("ui", "0.0.0");

#[derive(Clone, Copy, UsageValue)]
enum Metric {
    Mae,
    Rmse,
}

struct Estimator {
    metrics: Vec<Metric>,
}

trait Fit {
    #[log_usage(event = "default fit")]
    fn fit(&mut self) -> bool {
        true
    }

    fn run(&self) -> Result<u8, ParseIntError>;
}

impl Fit for Estimator {
    #[log_usage(event = "DLE estimator run", metrics = self.metrics)]
    fn run(&self) -> Result<u8, ParseIntError> {
        "1".parse()
    }
}

#[log_usage(event = "free", properties(fast, kind = "drift"))]
fn free(fast: bool) {}

#[log_usage(event = "reborrow")]
fn reborrow<'a>(all: &'a mut Vec<u8>) -> Result<&'a mut u8, ()> {
    all.push(1);
    all.first_mut().ok_or(())
}

#[log_usage(event = "async")]
async fn asynchronous(text: &str) -> Result<u8, ParseIntError> {
    text.parse()
}

#[log_usage(event = "future")]
fn future<'a>(text: &'a str) -> impl Future<Output = Result<u8, ParseIntError>> + use<'a> {
    async move { text.parse() }
}

#[log_usage(event = "boxed")]
fn boxed(text: &str) -> Pin<Box<dyn Future<Output = Result<u8, ParseIntError>> + Send + '_>> {
    Box::pin(async move { text.parse() })
}

#[log_usage(event = "never")]
fn never() -> ! {
    std::process::exit(0)
}

struct Entry<'a> {
    map: &'a mut Vec<u8>,
}

impl<'a> Entry<'a> {
    #[log_usage(event = "e")]
    fn first(self) -> Iterated<'a> {
        Iterated(&mut self.map[0])
    }
}

struct Iterated<'a>(&'a mut u8);

#[log_usage(event = "e")]
async fn hidden(value: u8) -> Result<impl Sized, impl Sized> {
    if value == 0 { Err("nothing") } else { Ok(value) }
}

#[log_usage(event = "e")]
fn hidden_at_once(value: u8) -> Result<impl Sized, impl Sized> {
    if value == 0 { Err("nothing") } else { Ok(value) }
}

#[log_usage(event = "e", properties(metric, is_mae = matches!(metric, Metric::Mae)))]
fn takes_apart((metric, mut text): (Metric, String)) -> Result<String, Metric> {
    text.push('a');
    if text.is_empty() { Err(metric) } else { Ok(text) }
}

#[log_usage(event = "e", properties(metric, is_mae = matches!(metric, Metric::Mae)))]
fn takes_apart_or_leaves((metric, mut text): (Metric, String)) -> Result<String, ParseIntError> {
    text.push('a');
    let _number: u8 = text.parse()?;
    Ok(text)
}

fn give_up() -> ! {
    std::process::exit(0)
}

#[log_usage(event = "e")]
fn gives_up(text: &str) -> Result<u8, ParseIntError> {
    if text.is_empty() { give_up() } else { std::process::exit(1) }
}

#[log_usage(event = "e", properties(metric = one.0, list = *list))]
async fn takes_apart_later((one, _): ((Metric, u8), String), [ref list, ..]: [Metric; 2]) -> Result<u8, Metric> {
    let _ = list;
    Some(one.1).ok_or(one.0)
}

#[log_usage(event = "e")]
fn expects(#[expect(unused_variables)] one: String, #[allow(unused_variables)] two: u8) -> Result<(), ()> {
    Some(()).ok_or(())
}

#[log_usage(event = "e")]
async fn expects_later(#[expect(unused_variables)] one: String, #[allow(unused_mut)] mut two: String) -> String {
    two
}

#[log_usage(event = "e")]
async fn has_another_of_that_name(text: &str) -> Result<u8, ParseIntError> {
    struct ParseIntError;
    text.parse().inspect_err(|_| drop(ParseIntError))
}

macro_rules! parsed {
    () => { Result<u8, ParseIntError> };
    (another) => {
        struct ParseIntError;
    };
}

#[log_usage(event = "e")]
fn returns_what_a_macro_says(text: &str) -> parsed!() {
    text.parse()
}

#[log_usage(event = "e")]
async fn has_another_by_a_macro(text: &str) -> Result<u8, ParseIntError> {
    parsed!(another);
    text.parse().inspect_err(|_| drop(ParseIntError))
}

/// As where none of the features is on that would bring an algorithm.
enum Algorithm {}

#[log_usage(event = "e")]
#[allow(dead_code, unreachable_code, unused_variables)]
fn compress(algorithm: Algorithm, input: &mut Vec<u8>) -> Result<(), ParseIntError> {
    match algorithm {}
    "".parse::<u8>().map(|_| input.clear())
}

/// As while it is written.
impl Estimator {
    #[log_usage(event = "e")]
    #[allow(dead_code, unreachable_code)]
    fn first(&mut self) -> Result<Metric, ()> {
        todo!();
        let last = self.metrics.pop().ok_or(())?;
        Some(last).ok_or(())
    }

    #[log_usage(event = "e")]
    #[allow(dead_code, unreachable_code)]
    async fn first_later(&self, none: Algorithm) -> Result<Metric, ()> {
        match none {}
        self.metrics.first().copied().ok_or(())
    }
}

fn main() {
    let mut estimator = Estimator { metrics: vec![Metric::Mae, Metric::Rmse] };
    assert!(estimator.fit());
    assert_eq!(estimator.run(), Ok(1));
    free(true);
    assert_eq!(reborrow(&mut vec![]), Ok(&mut 1));
    drop((asynchronous("1"), future("1"), boxed("1")));
    *Entry { map: &mut vec![1] }.first().0 += 1;
    assert!(takes_apart((Metric::Mae, String::new())).is_ok());
    assert!(takes_apart_or_leaves((Metric::Mae, String::new())).is_err());
    drop(takes_apart_later(((Metric::Mae, 1), String::new()), [Metric::Rmse; 2]));
    assert!(expects(String::new(), 1).is_ok());
    drop((hidden(1), expects_later(String::new(), String::new())));
    assert!(hidden_at_once(0).is_err());
    drop((has_another_of_that_name("1"), has_another_by_a_macro("1")));
    assert_eq!(returns_what_a_macro_says("1"), Ok(1));
    let _gives_up = gives_up;
    never();
}
