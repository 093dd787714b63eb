//! The clients that ours is measured beside are counted by what they really write.

use usage_receiver::Request;
use usage_tests::clients::ids;

fn request(body: &str) -> Request {
    let (method, path) = ("POST".to_owned(), "/".to_owned());
    Request { method, path, headers: Vec::new(), body: body.as_bytes().to_vec() }
}

#[test]
fn the_events_of_every_client_are_counted() {
    let ours = r#"{"batch":[{"event":"Call","messageId":"a"},{"event":"Call","messageId":"b"}]}"#;
    let segment = r#"{"batch":[{"type":"track","event":"Call 0"},{"type":"track","event":"Call 1"}]}"#;
    let posthog = r#"{"api_key":"k","batch":[{"event":"Call 0","uuid":"c"}]}"#;
    let sentry = "{\"event_id\":\"d\"}\n{\"type\":\"event\",\"length\":2}\n{}\n";
    assert_eq!(ids(&request(ours)), ["a", "b"]);
    assert_eq!(ids(&request(segment)), ["Call 0", "Call 1"]);
    assert_eq!(ids(&request(posthog)), ["c"]);
    assert_eq!(ids(&request(sentry)), ["d"]);
    assert_eq!(ids(&request("")), [""; 0]);
}
