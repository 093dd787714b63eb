//! `cargo run --example e2e-cli -- --input '{…}'`: the program by which Segment's own suites drive a
//! client, so that they can be pointed at this one. The input says which events to send where; the
//! last line of standard output says what became of them.
//!
//! ```json
//! {"writeKey": "…", "apiHost": "http://127.0.0.1:8080",
//!  "sequences": [{"delayMs": 0, "events": [{"type": "track", "event": "Test"}]}],
//!  "config": {"flushAt": 20, "maxRetries": 10, "timeout": 15}}
//! ```
//!
//! `{"success":true,"sentBatches":1}` and exit code 0, or `{"success":false,"error":"…","sentBatches":0}`
//! and 1. What differs is what this client is for: it sends `track` alone, under its own pseudonymous
//! id, and of the properties those that are closed values. It tries twice at once; further retries
//! wait until the gate opens, a minute or more, as long as `timeout` and `maxRetries` allow.

mod events;

use std::env;
use std::io;
use std::process::{Command, ExitCode};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use usage_runtime::{Destination, UsageLogger};

/// Set in the process that does the work.
const INSIDE: &str = "E2E_CLI_INSIDE";

fn main() -> ExitCode {
    if env::var_os(INSIDE).is_none() {
        return in_a_folder_of_its_own().unwrap_or_else(|error| say(&Err(error.to_string()), 0));
    }
    let mut batches = 0;
    let result = input().and_then(|input| run(&input, &mut batches));
    say(&result, batches)
}

/// Runs this program again, so that nothing is left behind and no earlier run's events join in.
fn in_a_folder_of_its_own() -> io::Result<ExitCode> {
    let folder = env::temp_dir().join(format!("e2e-cli-{}", std::process::id()));
    std::fs::create_dir(&folder)?;
    let mut command = Command::new(env::current_exe()?);
    command.args(env::args_os().skip(1)).env(INSIDE, "");
    for variable in ["HOME", "XDG_STATE_HOME", "LOCALAPPDATA"] {
        command.env(variable, &folder);
    }
    let status = command.status();
    std::fs::remove_dir_all(&folder)?;
    Ok(if status?.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The last line, and the exit code.
fn say(result: &Result<(), String>, batches: usize) -> ExitCode {
    match result {
        Ok(()) => {
            println!("{}", json!({ "success": true, "sentBatches": batches }));
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("{}", json!({ "success": false, "error": error, "sentBatches": batches }));
            ExitCode::FAILURE
        }
    }
}

fn input() -> Result<Value, String> {
    let text = env::args().skip_while(|argument| argument != "--input").nth(1).ok_or("--input is missing")?;
    serde_json::from_str(&text).map_err(|error| format!("the input is not JSON: {error}"))
}

/// Sends all sequences; counts the batches that arrived.
fn run(input: &Value, batches: &mut usize) -> Result<(), String> {
    let logger = logger(input)?;
    let sequences = input["sequences"].as_array().ok_or("sequences is missing")?;
    let events = |sequence: &Value| sequence["events"].as_array().cloned().unwrap_or_default();
    sequences.iter().flat_map(events).try_for_each(|event| events::check(&event))?;
    let number = |name: &str, default: u64| input["config"][name].as_u64().unwrap_or(default);
    let flush_at = number("flushAt", 20).clamp(1, 100);
    let limits =
        Limits { retries: number("maxRetries", 10), timeout: Duration::from_secs(number("timeout", 15)) };
    let mut unsent = 0;
    for sequence in sequences {
        sleep(Duration::from_millis(sequence["delayMs"].as_u64().unwrap_or(0)));
        for event in events(sequence) {
            events::record(logger, &event);
            unsent += 1;
            if unsent == flush_at {
                limits.deliver(logger)?;
                *batches += 1;
                unsent = 0;
            }
        }
    }
    if unsent > 0 {
        limits.deliver(logger)?;
        *batches += 1;
    }
    Ok(())
}

/// The product that the input makes of this program.
fn logger(input: &Value) -> Result<&'static UsageLogger, String> {
    let key = input["writeKey"].as_str().filter(|key| !key.is_empty()).ok_or("writeKey is missing")?;
    let mut logger =
        UsageLogger::new("e2e-cli", env!("CARGO_PKG_VERSION")).write_key(events::leaked(key)).log_in_tests();
    if let Some(host) = input["apiHost"].as_str() {
        logger = logger.endpoint(events::leaked(host));
    }
    let logger: &'static UsageLogger = Box::leak(Box::new(logger));
    let explanation = logger.explain();
    match explanation.delivery.destination {
        refused @ Destination::Refused { .. } => Err(refused.to_string()),
        _ if !logger.is_enabled() => Err(explanation.decision.to_string()),
        _ => Ok(logger),
    }
}

/// How long and how often the input lets us try.
struct Limits {
    retries: u64,
    timeout: Duration,
}

impl Limits {
    /// Waits until everything recorded so far has arrived.
    fn deliver(&self, logger: &'static UsageLogger) -> Result<(), String> {
        let tries = u32::try_from(self.retries).unwrap_or(u32::MAX).saturating_add(1);
        let (begin, patience) = (Instant::now(), self.timeout.saturating_mul(tries));
        let dropped = || logger.explain().delivery.dropped;
        let before = dropped();
        while !logger.flush(self.timeout) {
            // The first try and one more were in vain, or there was no time for them.
            if self.retries <= 1 || begin.elapsed() > patience {
                return Err(last_answer(logger));
            }
            sleep(Duration::from_secs(1));
        }
        if dropped() > before { Err(last_answer(logger)) } else { Ok(()) }
    }
}

fn last_answer(logger: &'static UsageLogger) -> String {
    logger.explain().delivery.last.map_or_else(|| "not sent".to_owned(), |last| last.to_string())
}
