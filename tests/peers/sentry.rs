//! `sentry`, with all defaults; its guard flushes at the end.

mod task;

use std::time::Duration;

fn main() {
    let task = task::Task::given();
    let _guard = sentry::init(task.url.replace("http://", "http://key@") + "/42");
    for event in 0..task.events {
        sentry::capture_message(&format!("Call {event}"), sentry::Level::Info);
    }
    if task.is_flushed_at_once()
        && let Some(client) = sentry::Hub::current().client()
    {
        client.flush(Some(Duration::from_secs(10)));
    }
    task.end();
}
