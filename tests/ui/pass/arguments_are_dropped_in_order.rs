//! Arguments are dropped as in the same function without the attribute, however it is left.

use std::cell::RefCell;
use std::future::Future;
use std::panic::{self, AssertUnwindSafe};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use usage_runtime::{UsageLogger, log_usage};

static USAGE: UsageLogger = UsageLogger::new("ui", "0.0.0").log_in_tests();

thread_local!(static LOG: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) });

fn log(what: &'static str) {
    LOG.with_borrow_mut(|log| log.push(what));
}

struct D(&'static str);

impl Drop for D {
    fn drop(&mut self) {
        log(self.0);
    }
}

struct Pair {
    one: D,
    two: D,
}

#[derive(Clone, Copy, PartialEq)]
enum Leave {
    AtOnce,
    AtTheEnd,
    Panicking,
}

/// Waits once.
async fn pause() {
    let mut waited = false;
    std::future::poll_fn(move |_| if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending })
        .await;
}

fn block_on<F: Future>(future: F, polls: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    for _ in 0..polls {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return Some(value);
        }
    }
    None
}

fn leave_at_once(leave: Leave) -> Result<(), ()> {
    match leave {
        Leave::AtOnce => Err(()),
        Leave::AtTheEnd => Ok(()),
        Leave::Panicking => panic::resume_unwind(Box::new(())),
    }
}

/// Defines everything twice, in a module each.
macro_rules! twice {
    ($($item:item)*) => {
        mod plain {
            #[allow(unused_imports)]
            use super::*;
            $($item)*
        }
        mod logged {
            #[allow(unused_imports)]
            use super::*;
            $(#[log_usage(event = "e")] $item)*
        }
    };
}

twice! {
    pub fn moves(a: D, _: D, mut b: D, (c, _, d): (D, D, D), p: Pair, e: D, leave: Leave) -> Result<(), ()> {
        let _local = D("local");
        let _used = (&e, &c);
        leave_at_once(leave)?;
        drop(p.two);
        drop(a);
        b = D("other b");
        drop(d);
        let _ = &b;
        Ok(())
    }

    pub fn moves_and_ends(a: D, _: D, mut b: D, (c, _, d): (D, D, D), p: Pair, e: D, leave: Leave) -> Result<(), ()> {
        let _local = D("local");
        let _used = (&e, &c);
        drop(p.two);
        drop(a);
        b = D("other b");
        drop(d);
        let _ = &b;
        leave_at_once(leave)
    }

    pub async fn moves_later(a: D, _: D, mut b: D, p: Pair, e: D, leave: Leave) -> Result<(), ()> {
        let _local = D("local");
        let _used = &e;
        pause().await;
        leave_at_once(leave)?;
        drop(p.two);
        drop(a);
        b = D("other b");
        let _ = &b;
        pause().await;
        Ok(())
    }

    pub async fn takes_apart(a: D, (c, _, d): (D, D, D), b: D, p: Pair, leave: Leave) -> Result<(), ()> {
        let _used = (&b, &d);
        pause().await;
        leave_at_once(leave)?;
        drop((a, c, p.one));
        Ok(())
    }

    pub fn makes_a_future(a: D, b: D, leave: Leave) -> impl Future<Output = Result<(), ()>> {
        let _local = (D("local"), &a);
        async move {
            let _used = &b;
            pause().await;
            leave_at_once(leave)
        }
    }

    pub async fn mentions_nothing(a: D, _b: D, c: D) {
        pause().await;
        let _ = "a";
    }
}

/// A type whose fields can be moved out of it one by one.
macro_rules! receiver {
    ($name:ident $(, #[$attribute:meta])?) => {
        struct $name {
            one: D,
            two: D,
        }
        impl $name {
            fn new() -> Self {
                Self { one: D("one"), two: D("two") }
            }
            $(#[$attribute])?
            fn moves(self, a: D, leave: Leave) -> Result<(), ()> {
                leave_at_once(leave)?;
                drop(self.two);
                let _ = &a;
                Ok(())
            }
            $(#[$attribute])?
            async fn moves_later(self, a: D, leave: Leave) -> Result<(), ()> {
                let _used = (&a, &self.two);
                pause().await;
                leave_at_once(leave)?;
                drop(self.one);
                Ok(())
            }
        }
    };
}

receiver!(Plain);
receiver!(Logged, #[log_usage(event = "e")]);

fn three() -> (D, D, D) {
    (D("c"), D("in between"), D("d"))
}

fn pair() -> Pair {
    Pair { one: D("one"), two: D("two") }
}

fn logged_by(f: impl FnOnce()) -> Vec<&'static str> {
    let panicked = panic::catch_unwind(AssertUnwindSafe(f)).is_err();
    let mut log = LOG.take();
    log.push(if panicked { "panicked" } else { "returned" });
    log
}

fn main() {
    for leave in [Leave::AtOnce, Leave::AtTheEnd, Leave::Panicking] {
        let call = |f: fn(D, D, D, (D, D, D), Pair, D, Leave) -> Result<(), ()>| {
            logged_by(|| _ = f(D("a"), D("_"), D("b"), three(), pair(), D("e"), leave))
        };
        assert_eq!(call(plain::moves), call(logged::moves));
        assert_eq!(call(plain::moves_and_ends), call(logged::moves_and_ends));
        assert_eq!(
            logged_by(|| _ = Plain::new().moves(D("a"), leave)),
            logged_by(|| _ = Logged::new().moves(D("a"), leave)),
        );
        for polls in 0..4 {
            assert_eq!(
                logged_by(|| _ = block_on(Plain::new().moves_later(D("a"), leave), polls)),
                logged_by(|| _ = block_on(Logged::new().moves_later(D("a"), leave), polls)),
            );
            macro_rules! same {
                ($name:ident($($argument:expr),*)) => {
                    assert_eq!(
                        logged_by(|| _ = block_on(plain::$name($($argument),*), polls)),
                        logged_by(|| _ = block_on(logged::$name($($argument),*), polls)),
                    )
                };
            }
            same!(moves_later(D("a"), D("_"), D("b"), pair(), D("e"), leave));
            same!(takes_apart(D("a"), three(), D("b"), pair(), leave));
            same!(makes_a_future(D("a"), D("b"), leave));
            same!(mentions_nothing(D("a"), D("b"), D("c")));
        }
    }
}
