//! Golden tests of the wire.

use serde_json::Value;

use std::time::Duration;

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

fn message(line: &str, recorder: &Recorder, user: &User, message_id: &str) -> Option<String> {
    Completion::new(recorder, user).message(line, message_id)
}

#[test]
fn a_message_is_the_line_completed() {
    let expected = concat!(
        r#"{"type":"track","event":"DLE estimator plot","timestamp":"2026-11-23T19:48:41.285Z","#,
        r#""properties":{"kind":"drift","run_time":0.000012345,"process_run_time":0.000011000,"#,
        r#""exception_occurred":false,"os_type":"Linux","runtime_environment":"docker","#,
        r#""rust_version":"1.95.0","nannyml_version":"0.13.1","identity":"machine"},"#,
        r#""userId":"0a1b","messageId":"m-1","context":{"library":{"name":"usage-runtime","version":"0.1.0"},"#,
        r#""app":{"name":"nannyml","version":"0.13.1"},"os":{"name":"Linux"}},"integrations":{}}"#
    );
    let message = message(LINE, &recorder(), &user(), "m-1").unwrap();
    assert_eq!(message, expected);
    serde_json::from_str::<Value>(&message).unwrap();
}

#[test]
fn a_ci_is_named_where_there_is_one() {
    let recorder =
        Recorder { ci: Some("github_actions".to_owned()), agent: Some("codex".to_owned()), ..recorder() };
    let message = message(LINE, &recorder, &user(), "m-1").unwrap();
    assert!(message.contains(
        r#""nannyml_version":"0.13.1","ci":"github_actions","agent":"codex","identity":"machine"}"#
    ));
}

#[test]
fn nothing_can_break_out_of_its_string() {
    let recorder = Recorder { version: "1\"},\"x\":\"\n\u{1}".to_owned(), ..recorder() };
    let message: Value = serde_json::from_str(&message(LINE, &recorder, &user(), "m").unwrap()).unwrap();
    assert_eq!(message["properties"]["nannyml_version"], "1\"},\"x\":\"\n\u{1}");
    assert_eq!(message.as_object().unwrap().len(), 8);
}

#[test]
fn what_is_not_a_whole_event_is_no_message() {
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
        assert_eq!(message(line, &recorder(), &user(), "m"), None, "{line}");
    }
}

#[test]
fn a_request_is_authenticated_in_both_ways() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(1_795_463_321_308);
    let first = request("https://api.segment.io", "KEY", ["{1}", "{2}"], 0, now);
    assert_eq!(first.url, "https://api.segment.io/v1/batch");
    assert_eq!(first.body, r#"{"writeKey":"KEY","sentAt":"2026-11-23T19:48:41.308Z","batch":[{1},{2}]}"#);
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
        request("https://x", "KEY", ["{}"], count, SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
    };
    assert!(!attempt(0, 0).headers.iter().any(|(name, _)| *name == "X-Retry-Count"));
    assert!(attempt(1, 0).headers.contains(&("X-Retry-Count", "1".to_owned())));
    assert!(attempt(1, 7).body.contains(r#""sentAt":"1970-01-01T00:00:07.000Z""#));
}

#[test]
fn the_envelope_is_measured_and_not_guessed() {
    let body = request("https://x", "K\"EY", ["{1}", "{22}"], 0, SystemTime::UNIX_EPOCH).body;
    assert_eq!(body.len(), envelope_size("K\"EY") + "{1}".len() + "{22}".len() + ",".len());
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
