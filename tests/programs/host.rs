//! A program whose key functions are annotated, as an end user would run it. The first argument
//! says what it does; with `explain` as the second it says on standard output what usage logging
//! made of it.

use std::env;
use std::future::Future;
use std::panic;
use std::pin::pin;
use std::process::{abort, exit};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use usage_runtime::{UsageLogger, UsageValue, disable_usage_logging, enable_usage_logging, log_usage};

static USAGE: UsageLogger = UsageLogger::new("nannyml", "0.13.1")
    .write_key("WRITE_KEY")
    .env_prefix("NML")
    .endpoint("http://127.0.0.1:9");

/// A second product in the same process, with a variable, a key and an id of its own.
static OTHER: UsageLogger =
    UsageLogger::new("Other-Product", "2.0.0").write_key("OTHER_KEY").endpoint("http://127.0.0.1:9");

/// A product whose author forgot the write key.
static KEYLESS: UsageLogger =
    UsageLogger::new("keyless", "1.0.0").env_prefix("NML").endpoint("http://127.0.0.1:9");

#[derive(Clone, Copy, UsageValue)]
enum Metric {
    RocAuc,
    F1,
    #[usage_value(rename = "average_precision")]
    Ap,
}

#[derive(Clone, Copy, UsageValue)]
enum Kind {
    Drift,
    Distribution,
}

#[derive(UsageValue)]
#[expect(dead_code, reason = "what the variant holds must not leave, so it has to be there")]
enum Error {
    InvalidArguments(String),
}

struct Estimator {
    metrics: Vec<Metric>,
}

impl Estimator {
    #[log_usage(event = "CBPE estimator fit", metrics = self.metrics, properties(problem_type = "classification_binary", normalize = true))]
    fn fit(&mut self, rows: usize) -> Result<usize, Error> {
        if rows == 0 {
            return Err(Error::InvalidArguments("no rows".to_owned()));
        }
        self.metrics.truncate(rows);
        Ok(rows)
    }

    #[log_usage(event = "CBPE estimator run", metrics = self.metrics)]
    fn estimate(&self, secret: &str) -> Result<(), Error> {
        Err(Error::InvalidArguments(secret.to_owned()))
    }

    #[log_usage(event = "CBPE estimator plot", properties(kind))]
    fn plot(&self, kind: Kind) -> usize {
        self.metrics.len() + kind as usize
    }
}

#[log_usage(event = "Panics")]
fn panics(message: &'static str) {
    panic!("{message}")
}

#[log_usage(event = "Waits")]
async fn waits(turns: usize) {
    for turn in 0..=turns {
        pin!(turn_once(turn)).await;
    }
}

#[log_usage(event = "Outer")]
fn outer() {
    inner();
}

#[log_usage(event = "Inner")]
fn inner() {}

#[log_usage(event = "Other", logger = OTHER)]
fn other() {}

#[log_usage(event = "Keyless", logger = KEYLESS)]
fn keyless() {}

fn main() {
    let scenario = env::args().nth(1).unwrap_or_default();
    match scenario.as_str() {
        "nothing" => {}
        "inner" => inner(),
        "every field" => every_field(),
        "every field quietly" => {
            panic::set_hook(Box::new(|_| ()));
            every_field();
        }
        "two products" => {
            inner();
            other();
        }
        "keyless" => keyless(),
        "disabled first" => {
            disable_usage_logging();
            inner();
            other();
        }
        "disabled after" => {
            inner();
            disable_usage_logging();
        }
        "opted out meanwhile" => {
            assert!(USAGE.is_enabled());
            std::fs::write(".env", "NML_DISABLE_USAGE_LOGGING=1").expect("a file");
            inner();
        }
        "one disabled" => {
            USAGE.disable();
            inner();
            other();
        }
        "enabled" => {
            enable_usage_logging();
            inner();
        }
        "enabled again" => {
            USAGE.disable();
            inner();
            USAGE.enable();
            inner();
        }
        "many, then wait" => {
            (0..25).for_each(|_| inner());
            println!("recorded");
            let _ = std::io::stdin().read_line(&mut String::new());
        }
        "fork first" => in_a_fork(inner),
        "fork between" => {
            inner();
            in_a_fork(inner);
            inner();
        }
        "no descriptors" => {
            allow_no_more_descriptors();
            (0..3).for_each(|_| inner());
        }
        "threads at exit" => {
            inner();
            for _ in 0..4 {
                thread::spawn(|| {
                    loop {
                        inner();
                    }
                });
            }
        }
        "exit" => {
            inner();
            exit(7);
        }
        "abort" => {
            inner();
            abort();
        }
        "panic" => panics("secret panic message"),
        unknown => unreachable!("no such scenario: {unknown}"),
    }
    if env::args().nth(2).as_deref() == Some("explain") {
        explain();
    }
}

/// One call for each way in which a call can end.
fn every_field() {
    let mut estimator = Estimator { metrics: vec![Metric::RocAuc, Metric::F1, Metric::Ap] };
    let _ = estimator.fit(3);
    let _ = estimator.estimate("secret argument");
    estimator.plot(Kind::Distribution);
    estimator.plot(Kind::Drift);
    let payload = panic::catch_unwind(|| panics("secret panic message"));
    let payload = payload.expect_err("it panics").downcast::<String>().expect("its own payload");
    assert_eq!(*payload, "secret panic message");
    finish(waits(2));
    drop_half_way(waits(2));
    outer();
}

/// Runs `act` in a forked child that then ends as programs do, and waits for it.
#[cfg(unix)]
fn in_a_fork(act: fn()) {
    // SAFETY: this program has no thread beside the sender, on which the child does not depend:
    // that this is so is what the test is about.
    match unsafe { libc::fork() } {
        0 => {
            act();
            exit(0);
        }
        child => {
            let mut status = 0;
            // SAFETY: `status` is a place to write to.
            assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
            assert_eq!(status, 0, "the child's end");
        }
    }
}

/// From now on no file and no socket can be opened.
#[cfg(unix)]
fn allow_no_more_descriptors() {
    let limit = libc::rlimit { rlim_cur: 3, rlim_max: 3 };
    // SAFETY: `limit` is a valid value for the length of the call.
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) }, 0);
}

#[cfg(not(unix))]
fn in_a_fork(_: fn()) {}

#[cfg(not(unix))]
fn allow_no_more_descriptors() {}

fn explain() {
    let flushed = USAGE.flush(Duration::from_secs(10)) && OTHER.flush(Duration::from_secs(10));
    println!("flushed: {flushed}");
    println!("threads: {}", std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count));
    println!("user id: {:?}", USAGE.user_id());
    println!("{}", USAGE.explain());
}

/// Is pending once, unless `turn` is 0.
fn turn_once(turn: usize) -> impl Future<Output = ()> {
    let mut left = turn.min(1);
    std::future::poll_fn(move |_| {
        let is_over = left == 0;
        left = 0;
        if is_over { Poll::Ready(()) } else { Poll::Pending }
    })
}

fn finish(future: impl Future) {
    let mut future = pin!(future);
    while future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {}
}

fn drop_half_way(future: impl Future) {
    let mut future = Box::pin(future);
    assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
}
