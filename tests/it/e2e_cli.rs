//! The program that Segment's suites drive a client by, run as they run it.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use usage_tests::endpoint::{Endpoint, Fault};
use usage_tests::{Receiver, names};

/// Runs the program; its exit code and the last line of its output.
fn run(input: &Value) -> (Option<i32>, Value) {
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--quiet", "--package", "usage-examples", "--example", "e2e-cli", "--", "--input"]);
    command.arg(input.to_string()).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    command.env_remove("DO_NOT_TRACK").env_remove("E2E_CLI_INSIDE");
    let output = command.output().expect("cargo runs");
    assert!(output.stderr.is_empty(), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("text");
    (
        output.status.code(),
        serde_json::from_str(text.lines().last().unwrap_or_default()).expect("a line of JSON"),
    )
}

/// An input with these events, of which a batch holds two, and with one retry.
fn input(host: &str, events: &[Value]) -> Value {
    json!({
        "writeKey": "KEY", "apiHost": host,
        "sequences": events.chunks(3).map(|events| json!({ "delayMs": 1, "events": events })).collect::<Vec<_>>(),
        "config": { "flushAt": 2, "flushInterval": 1, "maxRetries": 1, "timeout": 20 }
    })
}

fn track(name: &str) -> Value {
    json!({ "type": "track", "event": name, "userId": "user", "properties": { "plan": "free", "count": 1 } })
}

fn one_event(endpoint: &Endpoint) -> (Option<i32>, Value) {
    run(&input(&endpoint.url(), &[track("a")]))
}

#[test]
fn every_event_arrives_in_batches_of_the_size_that_was_asked_for() {
    let receiver = Receiver::start().expect("a port");
    let events: Vec<Value> = ["a", "b \"c\"", "d", "e", "f"].into_iter().map(track).collect();
    let ended = run(&input(&receiver.endpoint(), &events));
    assert_eq!(ended, (Some(0), json!({ "success": true, "sentBatches": 3 })));
    let messages = receiver.messages();
    assert_eq!(names(&messages), ["a", "b \"c\"", "d", "e", "f"]);
    assert_eq!(
        (&messages[0]["properties"]["plan"], messages[0]["properties"].get("count")),
        (&"free".into(), None)
    );
}

#[test]
fn a_server_that_fails_once_gets_the_batch_again() {
    let endpoint = Endpoint::following(&[Fault::Status(500, "")], Fault::None).expect("a port");
    assert_eq!(one_event(&endpoint), (Some(0), json!({ "success": true, "sentBatches": 1 })));
    assert_eq!((endpoint.requests(), endpoint.taken().len()), (2, 1));
}

#[test]
fn what_a_server_refuses_is_a_failure_after_one_request() {
    for status in [400, 401] {
        let endpoint = Endpoint::start(Fault::Status(status, "")).expect("a port");
        let error = format!("status {status}");
        assert_eq!(
            one_event(&endpoint),
            (Some(1), json!({ "success": false, "error": error, "sentBatches": 0 }))
        );
        assert_eq!(endpoint.requests(), 1);
    }
}

#[test]
fn a_batch_with_a_bad_event_goes_in_parts_and_that_is_no_retry() {
    let endpoint = Endpoint::following(&[Fault::Status(400, ""); 2], Fault::None).expect("a port");
    let (code, line) = run(&input(&endpoint.url(), &[track("bad"), track("good")]));
    assert_eq!((code, &line["error"], endpoint.requests()), (Some(1), &"status 400".into(), 3));
    assert_eq!(endpoint.taken().len(), 1);
}

#[test]
fn a_server_that_fails_again_and_again_is_a_failure_when_the_retries_are_used_up() {
    std::thread::scope(|scope| {
        for retries in [0, 1, 2, 5] {
            scope.spawn(move || {
                let endpoint = Endpoint::start(Fault::Status(503, "")).expect("a port");
                let mut input = input(&endpoint.url(), &[track("a")]);
                input["config"]["maxRetries"] = retries.into();
                let failure = json!({ "success": false, "error": "status 503", "sentBatches": 0 });
                assert_eq!(run(&input), (Some(1), failure), "{retries}");
                assert_eq!(endpoint.requests(), retries + 1);
            });
        }
    });
}

#[test]
fn a_server_that_recovers_within_the_retries_gets_the_batch_soon() {
    let script = [Fault::Status(500, ""), Fault::Status(503, ""), Fault::Status(429, "Retry-After: 1\r\n")];
    let endpoint = Endpoint::following(&script, Fault::None).expect("a port");
    let mut input = input(&endpoint.url(), &[track("a")]);
    input["config"]["maxRetries"] = 3.into();
    // Without the time that it may take to build the program.
    run(&json!({}));
    let begin = Instant::now();
    assert_eq!(run(&input), (Some(0), json!({ "success": true, "sentBatches": 1 })));
    assert!(begin.elapsed() >= Duration::from_secs(1), "it asked for a second");
    assert!(begin.elapsed() < Duration::from_secs(25), "no suite has the time");
    assert_eq!((endpoint.requests(), endpoint.taken().len()), (4, 1));
}

#[test]
fn an_input_that_cannot_be_followed_is_a_failure_that_says_why() {
    let receiver = Receiver::start().expect("a port");
    let page = json!({ "type": "page", "name": "Home" });
    for (input, error) in [
        (json!({ "sequences": [] }), "writeKey"),
        (json!({ "writeKey": "KEY", "apiHost": "http://example.com", "sequences": [] }), "plain http"),
        (json!({ "writeKey": "KEY", "apiHost": receiver.endpoint() }), "sequences"),
        (input(&receiver.endpoint(), &[track("a"), page]), "page"),
    ] {
        let (code, line) = run(&input);
        assert_eq!((code, &line["success"]), (Some(1), &false.into()), "{line}");
        assert!(line["error"].as_str().is_some_and(|text| text.contains(error)), "{line}");
    }
    assert_eq!(receiver.received().len(), 0);
}
