//! Functions of the oldest edition, in words that are keywords since.

#![deny(warnings)]
#![allow(deprecated, bare_trait_objects, anonymous_parameters)]
#![cfg(test)]

#[macro_use]
extern crate usage_runtime;

use usage_runtime::UsageLogger;

static USAGE: UsageLogger = UsageLogger::new("edition-2015", "0.0.0");

// Not the crate.
mod core {}

#[log_usage(event = "e")]
fn with_names_of_today(async: u8, dyn: String, await: Vec<String>, try: &str) -> Result<usize, String> {
    let all = async as usize + dyn.len() + await.len() + try.len();
    if all == 0 {
        Err(dyn)
    } else {
        Ok(all)
    }
}

trait Fit {
    #[log_usage(event = "e")]
    fn fit(&self, u8, Box<Fn(u8) -> u8>) -> Result<u8, ()> {
        Some(1).ok_or(())
    }
}

impl Fit for () {}

mod inner {
    #[log_usage(event = "e")]
    pub fn dyn(value: Box<Fn(u8) -> u8>) -> Box<Fn(u8) -> u8> {
        value
    }

    #[log_usage(event = "e")]
    pub fn async(gen: Vec<u8>) -> Result<Vec<u8>, ()> {
        let gen = try!(Ok(gen));
        Ok(gen)
    }
}

#[test]
fn functions_of_the_oldest_edition_are_logged() {
    assert_eq!(with_names_of_today(1, "a".to_string(), Vec::new(), "b"), Ok(3));
    assert_eq!(().fit(1, Box::new(|value| value)), Ok(1));
    assert_eq!(inner::dyn(Box::new(|value| value + 1))(1), 2);
    assert_eq!(inner::async(vec![1]), Ok(vec![1]));
}
