//! `cargo run --release -p usage-tests --bin faults`: runs hosts against every fault that an endpoint
//! can have and prints, as Markdown, how long each needed to end and what became of its events. Takes
//! some minutes; a number as the argument says how many runs each row is measured in.
//!
//! Then the same with the clients that authors use today, which it builds or installs: that takes
//! the registries of Rust and Python, OpenSSL's headers, and some minutes more.
//!
//! With `calls` it prints what one recorded call takes instead, with `clients` the other clients alone,
//! with `clients NAME` those of that name. With `host N` it is such a host itself.
//! At last it says which of our rows are beyond the bounds, by their medians, and fails if there are any.

use std::env;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use usage_runtime::{UsageLogger, log_usage};
use usage_tests::clients::{self, Client, End};
use usage_tests::dns::SilentNames;
use usage_tests::faults::{self, Before, CASES, Case, Measured, SILENT_NAMES, Waits};

static USAGE: UsageLogger =
    UsageLogger::new("nannyml", "0.13.1").write_key("WRITE_KEY").env_prefix("NML").without_budget();

const RUNS: usize = 20;

/// What an end may take where there is nothing to wait for: the endpoint answers, or is known to be away.
const AT_ONCE: Duration = Duration::from_millis(5);
/// What it may take elsewhere, where events survive in a file and where they do not; and for the host's
/// own way out beside that.
const FOR_FILES: Duration = Duration::from_millis(50);
const FOR_MEMORY: Duration = Duration::from_millis(500);
const BESIDE: Duration = Duration::from_millis(5);
/// Within this stay 99 of 100 recorded calls.
const OF_A_CALL: Duration = Duration::from_micros(20);

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let beyond = match arguments.first().map(String::as_str) {
        Some("host") => {
            host(&arguments);
            return ExitCode::SUCCESS;
        }
        Some("calls") => calls(),
        Some("clients") => {
            other_clients(arguments.get(1).map_or("", String::as_str));
            return ExitCode::SUCCESS;
        }
        Some(runs) => table(runs.parse().expect("a number of runs")),
        None => {
            let beyond = table(RUNS);
            other_clients("");
            beyond
        }
    };
    if beyond.is_empty() {
        println!("\nAll rows are within the bounds.");
        return ExitCode::SUCCESS;
    }
    println!("\nBeyond the bounds: {}.", beyond.join("; "));
    ExitCode::FAILURE
}

#[log_usage(event = "Call")]
fn call() {}

fn host(arguments: &[String]) {
    let events: usize = arguments.get(1).and_then(|count| count.parse().ok()).expect("a number of events");
    if arguments.get(2).is_some_and(|what| what == faults::TIME_EACH) {
        return faults::time_each(events, call);
    }
    (0..events).for_each(|_| call());
    if arguments.len() > 2 {
        usage_tests::until_all_is_sent(&USAGE);
    }
    println!("{}", faults::moment());
}

/// Prints the table; the rows that are beyond the bounds.
fn table(runs: usize) -> Vec<String> {
    let program = env::current_exe().expect("this program");
    let floor = faults::bare(&program, 1, runs.max(20)).median_and_longest();
    println!(
        "Each row: {runs} runs. Without usage logging the same host ends {} ms after its last call (median, longest).\n",
        both(floor)
    );
    println!(
        "| endpoint | events | end, spool | now | later | lost | doubled | end, memory only | now | lost |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    let mut beyond = Vec::new();
    for case in cases() {
        for events in [1, 100] {
            if !row(case, &program, events, runs, floor.0) {
                beyond.push(format!("{}, {events}", case.name));
            }
        }
    }
    beyond
}

/// All cases that this machine allows.
fn cases() -> impl Iterator<Item = &'static Case> {
    let names = SilentNames::start().is_ok();
    if !names {
        eprintln!("This machine does not allow a silent name server.");
    }
    CASES.iter().chain(names.then_some(&SILENT_NAMES))
}

/// Prints a row; whether it is within the bounds.
fn row(case: &Case, program: &Path, events: usize, runs: usize, floor: Duration) -> bool {
    let measure = |waits| case.measure(program, events, waits, runs);
    let [spool, memory] = [Waits::InFiles, Waits::InMemory].map(measure);
    let share = |count: usize, of: &Measured| format!("{:.0} %", 100.0 * ratio(count, of.recorded));
    let delay = |measured: &Measured| {
        let (median, longest) = measured.median_and_longest();
        both((median.saturating_sub(floor), longest.saturating_sub(floor)))
    };
    println!(
        "| {} | {events} | {} | {} | {} | {} | {} | {} | {} | {} |",
        case.name,
        delay(&spool),
        share(spool.now, &spool),
        share(spool.later, &spool),
        spool.lost(),
        spool.doubled,
        delay(&memory),
        share(memory.now, &memory),
        memory.lost(),
    );
    let is_within = |measured: &Measured, bound: Duration| {
        let bound = if case.is_over_at_once() { AT_ONCE } else { bound + BESIDE };
        measured.median_and_longest().0.saturating_sub(floor) <= bound && measured.doubled == 0
    };
    is_within(&spool, FOR_FILES) && is_within(&memory, FOR_MEMORY) && spool.lost() == 0
}

/// Prints what a recorded call takes; the rows that are beyond the bound.
fn calls() -> Vec<String> {
    let program = env::current_exe().expect("this program");
    println!(
        "| endpoint | a call, spool | 99 of 100 | a call, memory only | 99 of 100 |\n|---|---|---|---|---|"
    );
    let microseconds = |time: Duration| format!("{:.1}", time.as_secs_f64() * 1e6);
    let mut beyond = Vec::new();
    for case in cases() {
        let [(spool, most), (memory, most_memory)] =
            [Waits::InFiles, Waits::InMemory].map(|waits| case.call(&program, waits));
        let cells = [spool, most, memory, most_memory].map(microseconds).join(" | ");
        println!("| {} | {cells} |", case.name);
        if most.max(most_memory) > OF_A_CALL {
            beyond.push(case.name.to_owned());
        }
    }
    beyond
}

/// Those whose names contain `word`.
fn other_clients(word: &str) {
    let (mut clients, missing) = clients::build();
    clients.retain(|client| client.name.contains(word));
    if !missing.is_empty() {
        println!("\nNot measured, for they cannot be built here: {}.", missing.join(", "));
    }
    let cases = || CASES.iter().filter(|case| case.before == Before::Nothing);
    let names: Vec<_> = cases().map(|case| case.name).collect();
    println!("\n| client | {} |\n|---|{}", names.join(" | "), "---|".repeat(names.len()));
    for client in &clients {
        let cells: Vec<_> = cases().map(|case| milliseconds_to_end(client.end(case.fault, 1))).collect();
        println!("| {} | {} |", client.name, cells.join(" | "));
    }
    println!(
        "\n| client | return from `main` | `process::exit` | `kill -9` | refused |\n|---|---|---|---|---|"
    );
    for client in &clients {
        print_delivered(client);
    }
}

/// With spaces between thousands.
fn milliseconds_to_end(delay: Option<Duration>) -> String {
    let (sign, delay) = delay.map_or(("> ", clients::BOUND), |delay| ("", delay));
    let milliseconds = delay.as_millis();
    if milliseconds < 1000 {
        return format!("{sign}{milliseconds}");
    }
    format!("{sign}{} {:03}", milliseconds / 1000, milliseconds % 1000)
}

fn print_delivered(client: &Client) {
    const EVENTS: usize = 100;
    let [returned, exited, killed] =
        [End::Return, End::Exit, End::Killed].map(|end| client.delivered(end, EVENTS));
    let refused = client.delivered_after_a_refusal(EVENTS);
    println!("| {} | {returned} | {exited} | {killed} | {refused} |", client.name);
}

fn ratio(part: usize, whole: usize) -> f64 {
    let number = |count: usize| u32::try_from(count).map_or(f64::INFINITY, f64::from);
    number(part) / number(whole.max(1))
}

fn both((median, longest): (Duration, Duration)) -> String {
    let milliseconds = |time: Duration| format!("{:.1}", time.as_secs_f64() * 1000.0);
    format!("{}, {}", milliseconds(median), milliseconds(longest))
}
