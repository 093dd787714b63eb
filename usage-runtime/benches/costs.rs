//! What a call costs in each state, beside what nobody can go below, in one run: the rounds of all
//! cases take turns, and the medians are compared. Trust the ratios; nanoseconds are this machine's.
//!
//! ```sh
//! cargo bench -p usage-runtime --bench costs
//! ```

#[allow(dead_code, reason = "shared by all benchmarks")]
mod subjects;

use std::env;
use std::fs::{File, OpenOptions};
use std::hint::black_box;
use std::io::Write;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use subjects::{Failure, RECORDED};

type Subject = fn(u64) -> Result<u64, Failure>;

const ROUNDS: usize = 41;
/// As many events as a spool takes without a sender that empties it, and then some to spare.
const EVENTS: u32 = 1000;
const CALLS: u32 = 200_000;

fn main() {
    let home = tempfile::tempdir().expect("a folder");
    // SAFETY: no other thread runs yet.
    unsafe {
        env::set_var("HOME", home.path());
        env::remove_var("XDG_STATE_HOME");
    }
    subjects::prepare(home.path());
    println!("| a call that is | ns more | threads on one call site |\n|---|---|---|");
    let bare = median(|| calls(1, subjects::noop_bare));
    for (name, subject, threads) in [
        ("off", subjects::noop_off as Subject, 1),
        ("beyond the budget", subjects::noop_spent, 1),
        ("beyond the budget", subjects::noop_spent, 2),
    ] {
        println!("| {name} | {:.1} | {threads} |", median(|| calls(threads, subject)) - bare);
    }
    let log = OpenOptions::new().create(true).append(true).open(home.path().join("floor")).expect("a file");
    println!("\n| live threads | floor, ns | recorded, ns | ratio |\n|---|---|---|---|");
    for live in [1, 2, 8, 64] {
        let [floor, recorded] = beside(live, &log);
        println!("| {live} | {floor:.0} | {recorded:.0} | {:.2} |", recorded / floor);
    }
}

/// The medians of the floor and of a recorded call, in a process with so many threads that wait.
fn beside(live: usize, log: &File) -> [f64; 2] {
    let barrier = Barrier::new(live);
    thread::scope(|scope| {
        (1..live).for_each(|_| {
            scope.spawn(|| barrier.wait());
        });
        let mut rounds: Vec<[f64; 2]> = (0..ROUNDS).map(|_| [floor(log), recorded()]).collect();
        barrier.wait();
        [0, 1].map(|case| {
            rounds.sort_by(|a, b| a[case].total_cmp(&b[case]));
            rounds[ROUNDS / 2][case]
        })
    })
}

/// Two readings of each clock, and one line at the end of a file.
fn floor(mut log: &File) -> f64 {
    log.set_len(0).expect("an empty file");
    let line = [b'x'; 300];
    each(EVENTS, || {
        let (wall, cpu) = (Instant::now(), cpu_time());
        black_box((cpu_time().saturating_sub(cpu), wall.elapsed()));
        log.write_all(&line).expect("a line");
    })
}

fn recorded() -> f64 {
    // Empties the spool.
    RECORDED.disable();
    RECORDED.enable();
    let _ = subjects::noop_recorded(0);
    each(EVENTS, || {
        let _ = black_box(subjects::noop_recorded(black_box(1)));
    })
}

/// Nanoseconds a call, with all threads on one function.
fn calls(threads: usize, function: Subject) -> f64 {
    let barrier = Barrier::new(threads);
    let one = || {
        barrier.wait();
        each(CALLS, || {
            let _ = black_box(black_box(function)(black_box(1)));
        })
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(one)).collect();
        let mine = one();
        others.into_iter().map(|other| other.join().expect("a time")).fold(mine, f64::max)
    })
}

fn each(times: u32, mut act: impl FnMut()) -> f64 {
    let begin = Instant::now();
    (0..times).for_each(|_| act());
    begin.elapsed().as_secs_f64() * 1e9 / f64::from(times)
}

fn median(mut measure: impl FnMut() -> f64) -> f64 {
    let mut rounds: Vec<f64> = (0..ROUNDS).map(|_| measure()).collect();
    rounds.sort_by(f64::total_cmp);
    rounds[ROUNDS / 2]
}

fn cpu_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a place to write to.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut time) };
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}
