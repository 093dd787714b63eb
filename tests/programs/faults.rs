//! `cargo run --release -p usage-tests --bin faults`: runs hosts against every fault that an endpoint
//! can have and prints, as Markdown, how long each needed to end and what became of its events. Takes
//! some minutes; a number as the argument says how many runs each row is measured in.
//!
//! Then the same with the clients that authors use today, which it builds or installs: that takes
//! the registries of Rust and Python, OpenSSL's headers, and some minutes more.
//!
//! With `calls` it prints what one recorded call takes instead, with `clients` the other clients alone,
//! with `clients NAME` those of that name. With `host N` it is such a host itself.

use std::env;
use std::path::Path;
use std::time::Duration;

use usage_runtime::{UsageLogger, log_usage};
use usage_tests::clients::{self, Client, End};
use usage_tests::dns::SilentNames;
use usage_tests::faults::{self, Before, CASES, Case, Measured, SILENT_NAMES, Waits};

static USAGE: UsageLogger =
    UsageLogger::new("nannyml", "0.13.1").write_key("WRITE_KEY").env_prefix("NML").without_budget();

const RUNS: usize = 20;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("host") => host(&arguments),
        Some("calls") => calls(),
        Some("clients") => other_clients(arguments.get(1).map_or("", String::as_str)),
        Some(runs) => table(runs.parse().expect("a number of runs")),
        None => {
            table(RUNS);
            other_clients("");
        }
    }
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

fn table(runs: usize) {
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
    let names = SilentNames::start().is_ok();
    for case in CASES.iter().chain(names.then_some(&SILENT_NAMES)) {
        for events in [1, 100] {
            row(case, &program, events, runs, floor.0);
        }
    }
    if !names {
        println!("\nThis machine does not allow a silent name server.");
    }
}

fn row(case: &Case, program: &Path, events: usize, runs: usize, floor: Duration) {
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
}

fn calls() {
    let program = env::current_exe().expect("this program");
    println!(
        "| endpoint | a call, spool | 99 of 100 | a call, memory only | 99 of 100 |\n|---|---|---|---|---|"
    );
    let microseconds = |time: Duration| format!("{:.1}", time.as_secs_f64() * 1e6);
    for case in &CASES {
        let [(spool, most), (memory, most_memory)] =
            [Waits::InFiles, Waits::InMemory].map(|waits| case.call(&program, waits));
        let cells = [spool, most, memory, most_memory].map(microseconds).join(" | ");
        println!("| {} | {cells} |", case.name);
    }
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
