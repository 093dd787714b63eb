//! What the start of a process pays: how long its first recorded call takes to return, beside what that
//! cannot go below, and the whole process with a call that is off beside one without any call. Of many
//! processes of each kind, in turns.
//!
//! ```sh
//! cargo bench -p usage-runtime --bench start
//! ```

#[allow(dead_code, reason = "shared by all benchmarks")]
mod subjects;

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Instant;
use std::{env, process};

const RUNS: usize = 201;

fn main() {
    match env::args().nth(1).as_deref() {
        Some("--nothing") => {}
        Some("--off") => assert!(subjects::noop_off(1).is_ok()),
        Some("--first-off") => say_how_long(|| assert!(subjects::noop_off(1).is_ok())),
        Some("--floor") => say_how_long(|| by_hand(Path::new("by-hand"))),
        Some("--first") => say_how_long(|| assert!(subjects::noop_recorded(1).is_ok())),
        _ => parent(),
    }
}

fn say_how_long(act: impl FnOnce()) {
    let begin = Instant::now();
    act();
    println!("{}", begin.elapsed().as_nanos());
}

/// What the first recorded call does at least: one line in a file of its own, and one thread.
fn by_hand(folder: &Path) {
    let path = folder.join(process::id().to_string());
    let mut file = OpenOptions::new().append(true).create_new(true).open(path).expect("a file");
    file.write_all(&[b'x'; 400]).expect("a line");
    let thread = thread::Builder::new().stack_size(1024 * 1024);
    drop(thread.spawn(|| {
        loop {
            thread::park();
        }
    }));
}

fn parent() {
    let home = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(home.path().join("by-hand")).expect("a folder");
    let said = |what| run(home.path(), what).0.trim().parse::<f64>().expect("nanoseconds") / 1000.0;
    let lived = |what| run(home.path(), what).1;
    let round =
        || [lived("--nothing"), lived("--off"), said("--first-off"), said("--floor"), said("--first")];
    let rounds: Vec<[f64; 5]> = (0..RUNS).map(|_| round()).collect();
    let [nothing, off, first_off, floor, first] =
        [0, 1, 2, 3, 4].map(|case| Times::of(rounds.iter().map(|it| it[case])));
    println!("| | a tenth took less than, us | half took less than, us |\n|---|---|---|");
    let row = |name, a: f64, b: f64| println!("| {name} | {a:.0} | {b:.0} |");
    row("a process without a call", nothing.tenth, nothing.half);
    row("more with one that is off", off.tenth - nothing.tenth, off.half - nothing.half);
    row("of that the call itself, until it returns", first_off.tenth, first_off.half);
    row("a file, a line and a thread, by hand", floor.tenth, floor.half);
    row("the first recorded call, until it returns", first.tenth, first.half);
}

struct Times {
    tenth: f64,
    half: f64,
}

impl Times {
    fn of(times: impl Iterator<Item = f64>) -> Self {
        let mut times: Vec<f64> = times.collect();
        times.sort_by(f64::total_cmp);
        Self { tenth: times[RUNS / 10], half: times[RUNS / 2] }
    }
}

/// What a child says, and how long it lives in microseconds.
fn run(home: &Path, what: &str) -> (String, f64) {
    let mut command = Command::new(env::current_exe().expect("its own path"));
    command.arg(what).env_clear().env("HOME", home).current_dir(home);
    if what.ends_with("-off") {
        command.env("DO_NOT_TRACK", "1");
    }
    let begin = Instant::now();
    let output = command.output().expect("it starts");
    (String::from_utf8(output.stdout).expect("text"), begin.elapsed().as_secs_f64() * 1e6)
}
