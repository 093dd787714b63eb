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
    .data_sheet("https://nannyml.example/TELEMETRY.md")
    .endpoint("http://127.0.0.1:9");

/// A second product in the same process, with a variable, a key and an id of its own.
static OTHER: UsageLogger =
    UsageLogger::new("Other-Product", "2.0.0").write_key("OTHER_KEY").endpoint("http://127.0.0.1:9");

/// A product whose author forgot the write key.
static KEYLESS: UsageLogger =
    UsageLogger::new("keyless", "1.0.0").env_prefix("NML").endpoint("http://127.0.0.1:9");

/// The first product once more, with next to no budget.
static THRIFTY: UsageLogger = UsageLogger::new("nannyml", "0.13.1")
    .write_key("WRITE_KEY")
    .env_prefix("NML")
    .endpoint("http://127.0.0.1:9")
    .budget(1, Duration::from_secs(3600));

/// A product whose budgets are spent and refilled all the time.
static HOT: UsageLogger = UsageLogger::new("hot", "1.0.0")
    .env_prefix("NML")
    .write_key("HOT_KEY")
    .budget(3, Duration::from_millis(25));

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

/// Too large for an event, so it is dropped and the next one says so.
#[log_usage(event = "Too large", properties(names = [LONGEST_NAME; 200]))]
fn too_large() {}

const LONGEST_NAME: &str = match std::str::from_utf8(&[b'x'; 255]) {
    Ok(name) => name,
    Err(_) => "",
};

#[log_usage(event = "Other", logger = OTHER)]
fn other() {}

#[log_usage(event = "Keyless", logger = KEYLESS)]
fn keyless() {}

#[log_usage(event = "Thrifty", logger = THRIFTY)]
fn thrifty(fails: bool) -> Result<(), Error> {
    if fails { Err(Error::InvalidArguments("secret of a counted call".to_owned())) } else { Ok(()) }
}

/// Fails in one call of four, and panics in one of eight.
#[log_usage(event = "Hot", logger = HOT)]
fn hot(turn: usize) -> Result<(), Error> {
    match turn % 8 {
        0 => panic!("expected"),
        1 | 2 => Err(Error::InvalidArguments("odd".to_owned())),
        _ => Ok(()),
    }
}

#[log_usage(event = "Hot future", logger = HOT)]
async fn hot_future(turn: usize) -> Result<(), Error> {
    turn_once(turn % 2).await;
    hot(turn)
}

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
        "five products" => {
            inner();
            other();
            keyless();
            let _ = thrifty(false);
            let _ = hot(3);
        }
        "keyless" => keyless(),
        "drops" => {
            too_large();
            inner();
        }
        "audit" => {
            let code = usage_runtime::audit::run(&USAGE, env::args_os().skip(2), &mut std::io::stdout());
            exit(i32::from(code));
        }
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
        "enabled after" => {
            inner();
            enable_usage_logging();
            inner();
        }
        "enabled again" => {
            USAGE.disable();
            inner();
            USAGE.enable();
            inner();
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
        other => of_threads_and_forks(other),
    }
    if env::args().nth(2).as_deref() == Some("explain") {
        explain();
    }
}

/// Hosts that do more than one thing at a time.
fn of_threads_and_forks(scenario: &str) {
    match scenario {
        "many, then wait" => {
            (0..25).for_each(|_| inner());
            println!("recorded");
            let _ = std::io::stdin().read_line(&mut String::new());
        }
        "many before and after a wait" => {
            (0..25).for_each(|_| inner());
            println!("recorded");
            let _ = std::io::stdin().read_line(&mut String::new());
            (0..25).for_each(|_| inner());
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
        "hot" => {
            panic::set_hook(Box::new(|_| ()));
            let threads = [(); 8].map(|()| thread::spawn(|| hot_calls(20_000)));
            (0..3).for_each(|_| in_a_fork(|| say(hot_calls(1000))));
            // Not by themselves: a child that is forked meanwhile could never print.
            for thread in threads {
                say(thread.join().expect("it ends"));
            }
            in_a_fork(|| say(hot_calls(1000)));
        }
        "hot, once more" => {
            say(hot_calls(1));
            HOT.flush(Duration::from_secs(10));
        }
        other => of_an_end_user(other),
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
    for fails in [false, true, false] {
        let _ = thrifty(fails);
    }
}

/// Hands a secret to all that could betray it.
fn secrets(secret: &str) {
    panic::set_hook(Box::new(|_| ()));
    let holder = Holder { secret: secret.to_owned() };
    let _ = holder.fails(secret, &[secret.to_owned()], std::path::Path::new(secret));
    let _ = panic::catch_unwind(|| holder.panics());
    drop_half_way(holder.waits(secret));
}

struct Holder {
    secret: String,
}

impl Holder {
    #[log_usage(event = "Secret argument", properties(kind = Kind::Drift))]
    fn fails(&self, argument: &str, list: &[String], path: &std::path::Path) -> Result<(), Error> {
        Err(Error::InvalidArguments(format!("{}{argument}{list:?}{}", self.secret, path.display())))
    }

    #[log_usage(event = "Secret payload")]
    fn panics(&self) {
        panic::panic_any(self.secret.clone())
    }

    #[log_usage(event = "Secret future")]
    async fn waits(&self, secret: &str) -> String {
        turn_once(1).await;
        format!("{secret}{}", self.secret)
    }
}

/// What an end user may ask for, and what betrays or protects them.
fn of_an_end_user(scenario: &str) {
    match scenario {
        "notice" => {
            let notice = USAGE.first_run_notice("Welcome to the host.");
            println!("{}", notice.unwrap_or_else(|| "no notice".to_owned()));
            inner();
        }
        "child" => {
            let mut child = std::process::Command::new(env::current_exe().expect("its own file"));
            disable_usage_logging();
            let status = USAGE.for_child(child.args(["inner", "explain"])).status();
            assert!(status.expect("it starts").success());
        }
        "secrets" => secrets(&env::args().nth(2).unwrap_or_default()),
        "opt out" => tell(USAGE.opt_out_stored()),
        "opt in" => tell(USAGE.opt_in_stored()),
        "reset" => tell(USAGE.reset_identity()),
        "forget" => tell(USAGE.forget(Duration::from_secs(10))),
        "receipts" => USAGE.receipts().iter().for_each(|receipt| println!("{receipt}")),
        "inner when told" => {
            println!("{}", if USAGE.is_enabled() { "on" } else { "off" });
            let _ = std::io::stdin().read_line(&mut String::new());
            inner();
        }
        unknown => unreachable!("no such scenario: {unknown}"),
    }
}

fn tell(result: std::io::Result<()>) {
    match result {
        Ok(()) => println!("done"),
        Err(error) => println!("error: {error}"),
    }
}

fn say((made, failed): (usize, usize)) {
    println!("{made} {failed}");
}

/// Makes so many calls; returns how many there were with those that these made, and how many failed.
fn hot_calls(calls: usize) -> (usize, usize) {
    let (mut made, mut failed) = (0, 0);
    for turn in 1..=calls {
        // The future calls the function, so one call more.
        let (calls, ended) = match turn % 16 {
            0 => (1, panic::catch_unwind(|| hot(turn)).is_ok_and(|result| result.is_ok())),
            8 => {
                let ended = panic::catch_unwind(|| finish(hot_future(8)));
                (2, ended.is_ok())
            }
            4 => {
                drop_half_way(hot_future(5));
                (1, false)
            }
            _ => (1, hot(turn).is_ok()),
        };
        made += calls;
        failed += if ended { 0 } else { calls };
    }
    (made, failed)
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
    let flushed = [&USAGE, &OTHER, &THRIFTY].iter().all(|product| product.flush(Duration::from_secs(10)));
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
