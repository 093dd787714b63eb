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
//! id, and of the properties those that are closed values. It makes `maxRetries` further tries, as any
//! client does here; where ours would wait for a minute after the second and ever longer then, and would
//! leave the rest to a later process, this program waits for half a second, and twice as long each time.
//! What a server asks for with `Retry-After` is kept to, and counts as a try.

mod events;

use std::collections::BTreeSet;
use std::env;
use std::io;
use std::process::{Command, ExitCode};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use usage_runtime::__private_0_1_0::be_patient_for;
use usage_runtime::{Destination, Receipt, UsageLogger};

/// Before the third try; before the second it is as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// What a server can ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// How often to look how it goes.
const GLANCE: Duration = Duration::from_millis(20);

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
    let timeout = Duration::from_secs(number("timeout", 15));
    let mut requests = Requests::of(logger, number("maxRetries", 10), timeout);
    let mut unsent = 0;
    for sequence in sequences {
        sleep(Duration::from_millis(sequence["delayMs"].as_u64().unwrap_or(0)));
        for event in events(sequence) {
            events::record(logger, &event);
            unsent += 1;
            if unsent == flush_at {
                requests.deliver()?;
                *batches += 1;
                unsent = 0;
            }
        }
    }
    if unsent > 0 {
        requests.deliver()?;
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

/// The requests that are made for what was recorded, as far as they may be.
struct Requests {
    logger: &'static UsageLogger,
    retries: u64,
    /// For one batch, with all of its tries and waits.
    patience: Duration,
    /// The receipts of those that were seen: when, and how long each was.
    seen: BTreeSet<(String, u64)>,
}

impl Requests {
    fn of(logger: &'static UsageLogger, retries: u64, timeout: Duration) -> Self {
        be_patient_for(logger, FIRST_WAIT);
        let tries = u32::try_from(retries).unwrap_or(u32::MAX).saturating_add(1);
        let patience = timeout.saturating_add(LONGEST_WAIT).saturating_mul(tries);
        Self { logger, retries, patience, seen: BTreeSet::new() }
    }

    /// Waits until everything recorded so far has arrived, or was tried often enough in vain.
    fn deliver(&mut self) -> Result<(), String> {
        let dropped = || self.logger.explain().delivery.dropped;
        let before = dropped();
        let (mut tries, begin) = (0, Instant::now());
        while !self.logger.flush(GLANCE) {
            for receipt in self.logger.receipts().into_iter().filter(is_to_be_tried_again) {
                tries += u64::from(self.seen.insert((receipt.at, receipt.body_bytes)));
            }
            if tries > self.retries || begin.elapsed() > self.patience {
                return Err(last_answer(self.logger));
            }
            sleep(GLANCE);
        }
        if dropped() > before { Err(last_answer(self.logger)) } else { Ok(()) }
    }
}

/// Whether the same request is made again: not what was taken, nor what is sent in parts or given up.
fn is_to_be_tried_again(receipt: &Receipt) -> bool {
    let is_parted = ["status 400", "status 413", "status 422"].contains(&receipt.answer.as_str());
    !receipt.accepted && !is_parted
}

/// What the last request came to that was in vain.
fn last_answer(logger: &'static UsageLogger) -> String {
    let receipts = logger.receipts();
    let refused = receipts.iter().rev().find(|receipt| !receipt.accepted);
    refused.map_or_else(|| "not sent".to_owned(), |receipt| receipt.answer.clone())
}
