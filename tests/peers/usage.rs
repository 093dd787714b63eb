//! Ours.

mod task;

use std::time::Duration;

use usage_runtime::{UsageLogger, log_usage};

static USAGE: UsageLogger =
    UsageLogger::new("nannyml", "0.13.1").write_key("WRITE_KEY").env_prefix("NML").without_budget();

#[log_usage(event = "Call")]
fn call() {}

fn main() {
    let task = task::Task::given();
    // SAFETY: no other thread runs yet.
    unsafe { std::env::set_var("NML_USAGE_ENDPOINT", &task.url) };
    (0..task.events).for_each(|_| call());
    if task.is_flushed_at_once() {
        USAGE.flush(Duration::from_secs(10));
    }
    task.end();
}
