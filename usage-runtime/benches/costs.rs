//! What a call costs in each state, beside what nobody can go below, in one run: `bare` is the function
//! without the attribute, `floor` what a recorded call has to do at least. Trust the ratios of medians;
//! nanoseconds are this machine's.
//!
//! ```sh
//! cargo bench -p usage-runtime --bench costs
//! ```

#[allow(dead_code, reason = "shared by all benchmarks")]
mod subjects;

use std::env;
use std::fs::File;
use std::io::Write;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use divan::{Bencher, black_box};
use subjects::{Failure, RECORDED};

type Subject = fn(u64) -> Result<u64, Failure>;

const SAMPLES: u32 = 101;
const CALLS: u32 = 100_000;
/// As many events as a spool takes without a sender that empties it, and then some to spare.
const EVENTS: u32 = 1000;
/// Threads in the process; all but one wait.
const LIVE: [usize; 4] = [1, 2, 8, 64];

fn main() {
    let home = tempfile::tempdir().expect("a folder");
    // SAFETY: no other thread runs yet.
    unsafe {
        env::set_var("HOME", home.path());
        env::remove_var("XDG_STATE_HOME");
    }
    subjects::prepare(home.path());
    divan::main();
}

#[divan::bench_group(sample_count = SAMPLES, sample_size = CALLS)]
mod not_recorded {
    use super::{Bencher, call, subjects};

    #[divan::bench]
    fn bare(bencher: Bencher) {
        call(bencher, subjects::noop_bare);
    }

    #[divan::bench]
    fn off(bencher: Bencher) {
        call(bencher, subjects::noop_off);
    }

    #[divan::bench(threads = [1, 2])]
    fn beyond_the_budget(bencher: Bencher) {
        call(bencher, subjects::noop_spent);
    }
}

fn call(bencher: Bencher, subject: Subject) {
    bencher.bench(|| black_box(subject)(black_box(1)));
}

#[divan::bench_group(sample_count = SAMPLES, sample_size = EVENTS)]
mod by_live_threads {
    use std::env;
    use std::fs::OpenOptions;
    use std::path::Path;

    use super::{Bencher, LIVE, RECORDED, among, append_after_two_clocks, subjects};

    /// Two readings of each clock, and one line at the end of a file.
    #[divan::bench(args = LIVE)]
    fn floor(bencher: Bencher, live: usize) {
        let path = Path::new(&env::var_os("HOME").expect("a home")).join("floor");
        let log = OpenOptions::new().create(true).append(true).open(path).expect("a file");
        among(live, bencher, || log.set_len(0).expect("an empty file"), || append_after_two_clocks(&log));
    }

    #[divan::bench(args = LIVE)]
    fn recorded(bencher: Bencher, live: usize) {
        let empty_the_spool = || {
            RECORDED.disable();
            RECORDED.enable();
            // Makes the next one.
            assert!(subjects::noop_recorded(0).is_ok());
        };
        among(live, bencher, empty_the_spool, || subjects::noop_recorded(super::black_box(1)));
    }
}

/// In a process with so many threads, all but one waiting; `before` comes before each sample.
fn among<T>(live: usize, bencher: Bencher, before: impl Fn(), act: impl Fn() -> T) {
    let barrier = Barrier::new(live);
    thread::scope(|scope| {
        (1..live).for_each(|_| {
            scope.spawn(|| barrier.wait());
        });
        let mut calls = 0;
        let input = || {
            if calls % EVENTS == 0 {
                before();
            }
            calls += 1;
        };
        // All inputs of a sample are made before its time begins.
        bencher.with_inputs(input).bench_local_values(|()| act());
        barrier.wait();
    });
}

fn append_after_two_clocks(mut log: &File) {
    let (wall, cpu) = (Instant::now(), cpu_time());
    black_box((cpu_time().saturating_sub(cpu), wall.elapsed()));
    log.write_all(&[b'x'; 300]).expect("a line");
}

fn cpu_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a place to write to.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut time) };
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}
