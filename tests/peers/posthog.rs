//! `posthog-rs`, its blocking client with all defaults.

mod task;

fn main() {
    let task = task::Task::given();
    let client = posthog_rs::client(("phc_key", task.url.as_str()));
    for event in 0..task.events {
        client.capture(posthog_rs::Event::new(format!("Call {event}"), "8cf1c233".to_owned()));
    }
    if task.is_flushed_at_once() {
        client.flush();
    }
    task.end();
    client.shutdown();
}
