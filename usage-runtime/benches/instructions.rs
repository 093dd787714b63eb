//! Counts the instructions of a call in each state, beside the bare function, with callgrind: exact,
//! the same on every run, and blind to the kernel. Needs `valgrind`.
//!
//! ```sh
//! cargo bench -p usage-runtime --bench instructions
//! ```

#[allow(dead_code, reason = "shared by all benchmarks")]
mod subjects;

use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use subjects::Failure;

type Subject = fn(u64) -> Result<u64, Failure>;

/// What is counted: how it is called, what it is compared with, and with which argument.
const CASES: [(&str, Subject, Subject, u64); 15] = [
    ("noop, off", subjects::noop_off, subjects::noop_bare, 1),
    ("noop, beyond the budget", subjects::noop_spent, subjects::noop_bare, 1),
    ("noop, beyond the budget, failing", subjects::noop_spent, subjects::noop_bare, u64::MAX),
    ("noop, recorded with two metrics", subjects::noop_recorded, subjects::noop_bare, 1),
    ("work, off", subjects::work_off, subjects::work_bare, 1),
    ("work, beyond the budget", subjects::work_spent, subjects::work_bare, 1),
    ("work, beyond the budget, failing", subjects::work_spent, subjects::work_bare, u64::MAX),
    ("work, recorded with two metrics", subjects::work_recorded, subjects::work_bare, 1),
    ("passed, off", subjects::passed_off, subjects::passed_bare, 1),
    ("passed, beyond the budget", subjects::passed_spent, subjects::passed_bare, 1),
    ("passed, beyond the budget, failing", subjects::passed_spent, subjects::passed_bare, u64::MAX ^ 2),
    ("passed, recorded with two metrics", subjects::passed_recorded, subjects::passed_bare, 1),
    ("sure, off", subjects::sure_off, subjects::sure_bare, 1),
    ("sure, beyond the budget", subjects::sure_spent, subjects::sure_bare, 1),
    ("sure, recorded with two metrics", subjects::sure_recorded, subjects::sure_bare, 1),
];

fn main() {
    let arguments: Vec<String> = env::args().collect();
    match arguments.iter().position(|argument| argument == "--counted") {
        Some(place) => counted(&arguments[place + 1..]),
        None => println!("{}", table()),
    }
}

/// The child: calls one subject so many times, where callgrind counts.
fn counted(arguments: &[String]) {
    let [case, subject, calls] = [0, 1, 2].map(|n| arguments[n].parse::<usize>().expect("a number"));
    subjects::prepare(Path::new(&env::var_os("HOME").expect("a home")));
    let (_, annotated, bare, x) = CASES[case];
    let function = if subject == 0 { bare } else { annotated };
    counted_calls(function, calls, x);
}

#[inline(never)]
fn counted_calls(function: Subject, calls: usize, x: u64) {
    for _ in 0..calls {
        let _ = black_box(black_box(function)(black_box(x)));
    }
}

fn table() -> String {
    let row = |(case, (name, ..)): (usize, &(&str, Subject, Subject, u64))| {
        let [bare, annotated] = [0, 1].map(|subject| per_call(case, subject));
        format!("| {name} | {bare:.0} | {annotated:.0} | {:.0} |\n", annotated - bare)
    };
    let rows: String = CASES.iter().enumerate().map(row).collect();
    format!("| call | bare | annotated | more |\n|---|---|---|---|\n{rows}")
}

/// Instructions a call: the difference of two runs, so that nothing but calls is in it.
fn per_call(case: usize, subject: usize) -> f64 {
    const CALLS: [u32; 2] = [200, 1200];
    let [few, many] = CALLS.map(|calls| collected(case, subject, calls));
    (many - few) / f64::from(CALLS[1] - CALLS[0])
}

fn collected(case: usize, subject: usize, calls: u32) -> f64 {
    let home = env::temp_dir().join(format!("usage-bench-{}", std::process::id()));
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(&home).expect("a folder");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=*counted_calls*"])
        .arg(env::current_exe().expect("its own path"))
        .args(["--counted", &case.to_string(), &subject.to_string(), &calls.to_string()])
        .env_clear()
        .env("HOME", &home)
        .current_dir(&home)
        .output()
        .expect("valgrind can be started");
    let _ = fs::remove_dir_all(&home);
    let said = String::from_utf8_lossy(&output.stderr);
    let number = said.lines().find_map(|line| line.split("Collected :").nth(1)?.trim().parse().ok());
    number.unwrap_or_else(|| panic!("callgrind counted nothing: {said}"))
}
