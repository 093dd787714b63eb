//! What a call costs as programs grow: with call sites, products and threads. Draws `growth.svg` beside
//! itself.
//!
//! ```sh
//! cargo bench -p usage-runtime --bench growth
//! ```
//!
//! Costs are processor time of the threads that call, medians of some rounds: so it is not in them that
//! many threads have to take turns on few processors.

#![allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]

#[path = "growth/picture.rs"]
mod picture;

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use std::{env, fs, thread};

use picture::{Curve, Panel};
use usage_runtime::__private_0_1_0::{Call, CallSite, call_site};
use usage_runtime::UsageLogger;

const ROUNDS: usize = 41;
/// What a spool takes without a sender that empties it, and not fewer than 30 for each of the threads.
const EVENTS: usize = 1920;
const CALLS: usize = 192_000;
const THREADS: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];

/// A program that has grown.
#[derive(Clone, Copy)]
struct Program {
    sites: usize,
    products: usize,
    /// Threads that call, all at once.
    callers: usize,
    /// Threads that wait meanwhile.
    waiting: usize,
}

const SMALL: Program = Program { sites: 1, products: 1, callers: 1, waiting: 0 };

fn main() {
    let home = tempfile::tempdir().expect("a folder");
    // SAFETY: no other thread runs yet.
    unsafe {
        env::set_var("HOME", home.path());
        env::remove_var("XDG_STATE_HOME");
    }
    let panels = [
        panel("call sites", &[1, 10, 100, 1000, 10_000], |sites| Program { sites, ..SMALL }),
        panel("products", &[1, 2, 5, 10, 20, 50], |products| Program { products, sites: products, ..SMALL }),
        panel("threads, one calling", &THREADS, |threads| Program { waiting: threads - 1, ..SMALL }),
        panel("threads, all calling", &THREADS, |callers| Program { callers, ..SMALL }),
    ];
    for Panel { of, curves } in &panels {
        for Curve { name, points } in curves {
            println!("{name}, {of}: {points:.1?}");
        }
    }
    let svg = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/growth.svg");
    fs::write(svg, picture::svg(&panels)).expect("a picture");
}

fn panel(of: &'static str, counts: &[usize], program: impl Fn(usize) -> Program) -> Panel {
    let curve = |name, is_recorded| {
        let cost = |count: &usize| (*count, program(*count).cost(is_recorded));
        Curve { name, points: counts.iter().map(cost).collect() }
    };
    Panel { of, curves: [curve("recorded", true), curve("beyond the budget", false)] }
}

/// A product of its own, which records all calls or next to none.
fn product(is_recorded: bool) -> &'static UsageLogger {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let name = String::leak(format!("growth-{}", COUNT.fetch_add(1, Ordering::Relaxed)));
    let logger = UsageLogger::new(name, "0.0.0").endpoint("http://127.0.0.1:9").log_in_tests();
    let hour = Duration::from_secs(3600);
    Box::leak(Box::new(if is_recorded { logger.without_budget() } else { logger.budget(1, hour) }))
}

/// A call site with its product.
type Site = (&'static UsageLogger, &'static CallSite);

impl Program {
    /// Nanoseconds of a processor a call.
    fn cost(self, is_recorded: bool) -> f64 {
        let products: Vec<_> = (0..self.products).map(|_| product(is_recorded)).collect();
        let upto_event = format!("{:60}\"Grown\"", "");
        let line: &str = String::leak(format!("{upto_event},\"module\":\"growth\""));
        let site = |number: usize| -> Site {
            let logger = products[number % products.len()];
            (logger, Box::leak(Box::new(call_site(logger, line, upto_event.len(), &[b' '; 63]))))
        };
        let sites: Vec<Site> = (0..self.sites).map(site).collect();
        if !is_recorded {
            // Spends the budgets.
            call_in_turn(&sites, 2 * sites.len());
        }
        let count = if is_recorded { EVENTS } else { CALLS };
        let round = |_| {
            if is_recorded {
                // Empties the spools.
                for product in &products {
                    product.disable();
                    product.enable();
                }
                // Makes the next ones.
                call_in_turn(&sites, products.len());
            }
            self.round(&sites, count)
        };
        let mut rounds: Vec<f64> = (0..ROUNDS).map(round).collect();
        rounds.sort_by(f64::total_cmp);
        rounds[ROUNDS / 2]
    }

    fn round(self, sites: &[Site], count: usize) -> f64 {
        let all_are_there = Barrier::new(self.callers + self.waiting);
        let all_are_done = Barrier::new(self.callers + self.waiting);
        let wait = || {
            all_are_there.wait();
            all_are_done.wait();
        };
        let calls_each = count / self.callers;
        let call = || {
            // What a thread's first call does beside.
            call_in_turn(sites, 1);
            all_are_there.wait();
            let begin = cpu_time();
            call_in_turn(sites, calls_each);
            let time = cpu_time() - begin;
            all_are_done.wait();
            time
        };
        let times: f64 = thread::scope(|scope| {
            (0..self.waiting).for_each(|_| drop(scope.spawn(wait)));
            let callers: Vec<_> = (1..self.callers).map(|_| scope.spawn(call)).collect();
            call() + callers.into_iter().map(|caller| caller.join().expect("a time")).sum::<f64>()
        });
        times / (calls_each * self.callers) as f64
    }
}

fn call_in_turn(sites: &[Site], count: usize) {
    sites.iter().cycle().take(count).for_each(|(_, site)| drop(Call::enter(site)));
}

/// Nanoseconds that this thread has had on a processor.
fn cpu_time() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a place to write to.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}
