//! What the last expression of a body borrows from: until the edition of 2024 it is dropped after all
//! variables, but before the arguments. The edition of 2018 has this file, too.

#![deny(warnings)]
#![cfg(test)]

mod part;

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use usage_runtime::{log_usage, UsageLogger};

static USAGE: UsageLogger = UsageLogger::new("edition-2021", "0.0.0");

thread_local!(static LOG: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) });

struct D(&'static str);

impl D {
    fn borrow(&self) -> Result<usize, &'static str> {
        Ok(self.0.len())
    }
}

impl Drop for D {
    fn drop(&mut self) {
        LOG.with(|log| log.borrow_mut().push(self.0));
    }
}

fn block_on<T>(mut future: Pin<Box<dyn Future<Output = T>>>) -> T {
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return value;
        }
    }
}

type Aliased = Result<usize, &'static str>;

/// Defines everything twice, in a module each.
macro_rules! twice {
    ($($item:item)*) => {
        mod plain {
            use super::*;
            $($item)*
        }
        mod logged {
            use super::*;
            $(#[log_usage(event = "e")] $item)*
        }
    };
}

twice! {
    pub fn borrows(list: RefCell<Vec<u8>>, (text, _number): (RefCell<String>, u8)) -> Aliased {
        list.borrow().first().map(|first| *first as usize + text.borrow().len()).ok_or("nothing")
    }

    pub fn borrows_or_leaves(list: RefCell<Vec<u8>>, (text, _number): (RefCell<String>, u8)) -> Aliased {
        if list.borrow().is_empty() {
            return Err("nothing");
        }
        list.borrow().first().map(|first| *first as usize + text.borrow().len()).ok_or("nothing")
    }

    pub async fn borrows_later(list: RefCell<Vec<u8>>, (text, _number): (RefCell<String>, u8)) -> Aliased {
        list.borrow().first().map(|first| *first as usize + text.borrow().len()).ok_or("nothing")
    }

    pub fn drops(_a: D, (_b, _c): (D, D), _: D, mut _d: D) -> Result<usize, &'static str> {
        let _local = D("local");
        D("temporary").borrow()
    }

    pub async fn drops_later(_a: D, (_b, _c): (D, D), _: D, mut _d: D) -> Result<usize, &'static str> {
        let _local = D("local");
        D("temporary").borrow()
    }

    pub fn drops_what_is_left((a, _): (D, D), b: D) -> Aliased {
        D("temporary").borrow().map(|length| length + a.0.len() + b.0.len())
    }

    pub fn drops_what_is_left_or_leaves((a, _): (D, D), b: D) -> Aliased {
        let length = D("temporary").borrow()?;
        D("temporary").borrow().map(|other| length + other + a.0.len() + b.0.len())
    }

    pub async fn drops_what_is_left_later((a, _): (D, D), b: D) -> Aliased {
        D("temporary").borrow().map(|length| length + a.0.len() + b.0.len())
    }

    pub fn borrows_of_what_is_taken(#[cfg(all())] list: RefCell<Vec<u8>>, (text, _): (RefCell<String>, D)) -> Aliased {
        Some(list.borrow().len() + text.borrow().len()).ok_or("nothing")
    }

    pub fn borrows_of_what_is_taken_or_leaves(#[cfg(all())] list: RefCell<Vec<u8>>, (text, _): (RefCell<String>, D)) -> Aliased {
        let length = Some(list.borrow().len()).ok_or("nothing")?;
        Some(length + text.borrow().len()).ok_or("nothing")
    }

    pub fn drops_a_scrutinee_or_leaves(a: D, fails: bool) -> Aliased {
        match D("temporary").borrow() {
            Ok(_) if fails => Err("failed")?,
            length => length.map(|length| length + a.0.len()),
        }
    }

    pub fn drops_a_scrutinee(a: D, fails: bool) -> Aliased {
        match D("temporary").borrow() {
            Ok(_) if fails => Err("failed"),
            length => length.map(|length| length + a.0.len()),
        }
    }
}

fn dropped() -> Vec<&'static str> {
    LOG.with(|log| log.replace(Vec::new()))
}

#[test]
fn what_the_last_expression_borrows_from_lives_long_enough() {
    let arguments = || (RefCell::new(vec![1]), (RefCell::new(String::from("ab")), 1));
    for borrows in [plain::borrows, logged::borrows, plain::borrows_or_leaves, logged::borrows_or_leaves] {
        assert_eq!(borrows(arguments().0, arguments().1), Ok(3));
    }
    assert_eq!(block_on(Box::pin(plain::borrows_later(arguments().0, arguments().1))), Ok(3));
    assert_eq!(block_on(Box::pin(logged::borrows_later(arguments().0, arguments().1))), Ok(3));
}

#[test]
fn what_the_last_expression_borrows_from_is_dropped_before_the_arguments() {
    let pair = || (D("b"), D("c"));
    let order = ["local", "temporary", "d", "in between", "c", "b", "a"];
    for drops in [plain::drops, logged::drops] {
        assert_eq!(drops(D("a"), pair(), D("in between"), D("d")), Ok(9));
        assert_eq!(dropped(), order);
    }
    block_on(Box::pin(plain::drops_later(D("a"), pair(), D("in between"), D("d")))).unwrap();
    assert_eq!(dropped(), order);
    block_on(Box::pin(logged::drops_later(D("a"), pair(), D("in between"), D("d")))).unwrap();
    assert_eq!(dropped(), order);
    let order = ["temporary", "b", "a", "left"];
    for drops in [plain::drops_what_is_left, logged::drops_what_is_left] {
        assert_eq!(drops((D("a"), D("left")), D("b")), Ok(11));
        assert_eq!(dropped(), order);
    }
    for drops in [plain::drops_what_is_left_or_leaves, logged::drops_what_is_left_or_leaves] {
        assert_eq!(drops((D("a"), D("left")), D("b")), Ok(20));
        assert_eq!(dropped(), ["temporary", "temporary", "b", "a", "left"]);
    }
    block_on(Box::pin(plain::drops_what_is_left_later((D("a"), D("left")), D("b")))).unwrap();
    assert_eq!(dropped(), order);
    block_on(Box::pin(logged::drops_what_is_left_later((D("a"), D("left")), D("b")))).unwrap();
    assert_eq!(dropped(), order);
    for borrows in [
        plain::borrows_of_what_is_taken,
        logged::borrows_of_what_is_taken,
        plain::borrows_of_what_is_taken_or_leaves,
        logged::borrows_of_what_is_taken_or_leaves,
    ] {
        assert_eq!(borrows(RefCell::new(vec![1]), (RefCell::new(String::from("ab")), D("left"))), Ok(3));
        assert_eq!(dropped(), ["left"]);
    }
    for drops in [
        plain::drops_a_scrutinee,
        logged::drops_a_scrutinee,
        plain::drops_a_scrutinee_or_leaves,
        logged::drops_a_scrutinee_or_leaves,
    ] {
        for fails in [true, false] {
            assert_eq!(drops(D("a"), fails).is_err(), fails);
            assert_eq!(dropped(), ["temporary", "a"]);
        }
    }
}

#[test]
fn a_file_of_the_library_logs_to_its_logger() {
    assert_eq!(part::half(4), Ok(2));
    assert_eq!(block_on(Box::pin(part::half_later(3))), Err(String::from("3")));
}
