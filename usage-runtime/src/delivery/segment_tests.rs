//! Golden tests of the wire.

use serde_json::Value;

use std::time::Duration;

use super::super::ids::QueueId;
use super::super::testing::body_text;
use super::*;

const LINE: &str = r#"{"type":"track","event":"DLE estimator plot","timestamp":"2026-11-23T19:48:41.285Z","properties":{"kind":"drift","run_time":0.000012345,"process_run_time":0.000011000,"exception_occurred":false}}"#;

fn recorder() -> Recorder {
    Recorder {
        product: "nannyml".to_owned(),
        version_property: "nannyml_version".to_owned(),
        version: "0.13.1".to_owned(),
        rust_version: "1.95.0".to_owned(),
        os_type: "Linux".to_owned(),
        library_version: "0.1.0".to_owned(),
        runtime_environment: "docker".to_owned(),
        ci: None,
        agent: None,
    }
}

fn user() -> User {
    User { id: "0a1b".to_owned(), identity: "machine".to_owned() }
}

/// The message of a line in the queue whose messages `message_id` is one of.
fn message(line: &str, recorder: &Recorder, user: &User) -> String {
    let (completion, mut message) = (Completion::new(recorder, user), Vec::new());
    completion.append(&mut message, line.as_bytes(), &QueueId::NONE.message_id(7));
    assert_eq!(message.len(), completion.length(line.as_bytes()));
    String::from_utf8(message).unwrap()
}

/// The request for these messages.
fn request(endpoint: &str, write_key: &str, messages: &str, attempt: u32, now: SystemTime) -> Request {
    let mut request = Request::to(endpoint, write_key);
    // As one that was tried before, and had another body.
    request.set(b"{}".into(), 7);
    request.set(body(write_key, messages.as_bytes(), now), attempt);
    request
}

#[test]
fn a_message_is_the_line_completed() {
    let expected = [
        r#"{"type":"track","event":"DLE estimator plot","timestamp":"2026-11-23T19:48:41.285Z","#,
        r#""properties":{"kind":"drift","run_time":0.000012345,"process_run_time":0.000011000,"#,
        r#""exception_occurred":false,"os_type":"Linux","runtime_environment":"docker","#,
        r#""rust_version":"1.95.0","nannyml_version":"0.13.1","identity":"machine"},"#,
        r#""userId":"0a1b","messageId":""#,
        QueueId::NONE.message_id(7).as_str(),
        r#"","context":{"library":{"name":"usage-runtime","version":"0.1.0"},"#,
        r#""app":{"name":"nannyml","version":"0.13.1"},"os":{"name":"Linux"}},"integrations":{}}"#,
    ]
    .concat();
    let message = message(LINE, &recorder(), &user());
    assert_eq!(message, expected);
    serde_json::from_str::<Value>(&message).unwrap();
}

#[test]
fn a_ci_is_named_where_there_is_one() {
    let recorder =
        Recorder { ci: Some("github_actions".to_owned()), agent: Some("codex".to_owned()), ..recorder() };
    let message = message(LINE, &recorder, &user());
    assert!(message.contains(
        r#""nannyml_version":"0.13.1","ci":"github_actions","agent":"codex","identity":"machine"}"#
    ));
}

#[test]
fn nothing_can_break_out_of_its_string() {
    let recorder = Recorder { version: "1\"},\"x\":\"\n\u{1}".to_owned(), ..recorder() };
    let message: Value = serde_json::from_str(&message(LINE, &recorder, &user())).unwrap();
    assert_eq!(message["properties"]["nannyml_version"], "1\"},\"x\":\"\n\u{1}");
    assert_eq!(message.as_object().unwrap().len(), 8);
}

#[test]
fn what_is_not_a_whole_event_is_no_event() {
    for line in [
        "",
        "{}",
        &LINE[..40],
        &LINE[1..],
        r#"{"spool":1,"id":"x"}"#,
        r#"{"type":"track","event":"x","properties":{}}"#,
        r#"{"type":"track","event":"x","context":{"a":1}}"#,
        r#"{"type":"track","event":"x","properties":{"a":1}}}}"#,
        r#"{"type":"identify","event":"x","properties":{"a":1}}"#,
    ] {
        assert!(!is_event(line), "{line}");
    }
}

#[test]
fn a_request_is_authenticated_in_both_ways() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(1_795_463_321_308);
    let first = request("https://api.segment.io", "KEY", "{1},{2}", 0, now);
    assert_eq!(first.url, "https://api.segment.io/v1/batch");
    assert_eq!(
        body_text(&first),
        r#"{"writeKey":"KEY","sentAt":"2026-11-23T19:48:41.308Z","batch":[{1},{2}]}"#
    );
    assert_eq!(
        first.headers,
        [
            ("Authorization", "Basic S0VZOg==".to_owned()),
            ("Content-Type", "application/json".to_owned()),
            ("User-Agent", "usage-runtime/0.1.0".to_owned()),
        ]
    );
}

#[test]
fn a_retry_says_which_one_it_is_and_when_it_is_sent() {
    let attempt = |count, seconds| {
        request("https://x", "KEY", "{}", count, SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
    };
    assert!(!attempt(0, 0).headers.iter().any(|(name, _)| *name == "X-Retry-Count"));
    assert!(attempt(1, 0).headers.contains(&("X-Retry-Count", "1".to_owned())));
    assert!(body_text(&attempt(1, 7)).contains(r#""sentAt":"1970-01-01T00:00:07.000Z""#));
}

#[test]
fn the_beginning_of_a_body_is_as_long_at_any_time() {
    let lengths =
        [0, 1, 999, 250_000_000_000].map(|seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
    let lengths = lengths.map(|now| body_start("K\"EY", now).len());
    assert_eq!(lengths, [lengths[0]; 4]);
}

#[test]
fn base64_is_that_of_the_standard() {
    for (text, encoded) in [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foobar", "Zm9vYmFy"),
        ("a?>~", "YT8+fg=="),
    ] {
        assert_eq!(base64(text.as_bytes()), encoded);
    }
}
