//! What the start of a process pays: how long its first recorded call takes to return, and the whole
//! process with a call that is off beside one without any call. Medians of many processes.
//!
//! ```sh
//! cargo bench -p usage-runtime --bench start
//! ```

#[allow(dead_code, reason = "shared by all benchmarks")]
mod subjects;

use std::env;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

const RUNS: usize = 201;

fn main() {
    match env::args().nth(1).as_deref() {
        Some("--nothing") => {}
        Some("--off") => assert!(subjects::noop_off(1).is_ok()),
        Some("--first") => {
            let begin = Instant::now();
            let result = subjects::noop_recorded(1);
            println!("{}", begin.elapsed().as_nanos());
            assert!(result.is_ok());
        }
        _ => parent(),
    }
}

fn parent() {
    let home = tempfile::tempdir().expect("a folder");
    let mut rounds: Vec<[f64; 3]> = (0..RUNS)
        .map(|_| {
            let (_, nothing) = run(home.path(), "--nothing");
            let (_, off) = run(home.path(), "--off");
            let (said, _) = run(home.path(), "--first");
            [nothing, off, said.trim().parse::<f64>().expect("nanoseconds") / 1000.0]
        })
        .collect();
    let [nothing, off, first] = [0, 1, 2].map(|case| {
        rounds.sort_by(|a, b| a[case].total_cmp(&b[case]));
        rounds[RUNS / 2][case]
    });
    println!("a process without a call: {nothing:.0} us; with one that is off: {:+.0} us", off - nothing);
    println!("the first recorded call returns after {first:.0} us");
}

/// What a child says, and how long it lives in microseconds.
fn run(home: &Path, what: &str) -> (String, f64) {
    let mut command = Command::new(env::current_exe().expect("its own path"));
    command.arg(what).env_clear().env("HOME", home).current_dir(home);
    if what == "--off" {
        command.env("DO_NOT_TRACK", "1");
    }
    let begin = Instant::now();
    let output = command.output().expect("it starts");
    (String::from_utf8(output.stdout).expect("text"), begin.elapsed().as_secs_f64() * 1e6)
}
