//! The `segment` crate, with its batcher and a flush at the end, as its documents show it.

mod task;

use std::time::Duration;

use segment::message::{Track, User};
use segment::{AutoBatcher, Batcher, HttpClient};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let task = task::Task::given();
    // As its default, but for the host.
    let client =
        reqwest::Client::builder().connect_timeout(Duration::from_secs(10)).build().expect("a client");
    let client = HttpClient::new(client, task.url.clone());
    let mut batcher = AutoBatcher::new(client, Batcher::new(None), "WRITE_KEY".to_owned());
    for event in 0..task.events {
        let track = Track {
            user: User::UserId { user_id: "8cf1c233-0b63-4a80-9445-e4e10a3f1435".to_owned() },
            event: format!("Call {event}"),
            ..Track::default()
        };
        batcher.push(track).await.expect("it is not too long");
    }
    if task.is_flushed_at_once() {
        drop(batcher.flush().await);
    }
    task.end();
    drop(batcher.flush().await);
}
