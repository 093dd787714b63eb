//! Calls beyond the budget: counted to the last one, in every thread and every process.

use std::time::Instant;

use serde_json::Value;
use usage_tests::PATIENCE;

#[test]
fn the_sums_over_all_events_are_the_calls_and_the_failures() {
    let world = crate::host();
    let mut made = reported(&world.run_well(&["hot"]));
    let begin = Instant::now();
    // What a process leaves behind is delivered by the next ones.
    while counted(&world.receiver.messages()) != made {
        assert!(begin.elapsed() < PATIENCE, "{:?} instead of {made:?}", counted(&world.receiver.messages()));
        let once_more = reported(&world.run_well(&["hot, once more"]));
        made = (made.0 + once_more.0, made.1 + once_more.1);
    }
    let messages = world.receiver.messages();
    assert!(messages.len() < 10_000, "most calls make no event: {}", messages.len());
    assert!(messages.iter().any(|message| message["properties"]["run_time"].is_null()), "last events");
}

/// The sums of what the processes of one run said.
fn reported(output: &str) -> (u64, u64) {
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<u64>().ok()).expect("a number");
    output.lines().fold((0, 0), |(calls, failures), line| {
        let mut words = line.split(' ');
        (calls + number(words.next()), failures + number(words.next()))
    })
}

/// The sums of what arrived.
fn counted(messages: &[Value]) -> (u64, u64) {
    messages.iter().map(|message| &message["properties"]).fold((0, 0), |(calls, failures), properties| {
        let failed = u64::from(properties["exception_occurred"] == true);
        (
            calls + properties["calls"].as_u64().unwrap_or(1),
            failures + properties["exceptions"].as_u64().unwrap_or(failed),
        )
    })
}
