//! Segment's rules for one request, and those of Mixpanel behind it. Pure.
//!
//! Sources: Segment's HTTP API page (authentication, limits, errors), its common fields, and
//! Mixpanel's import page (banned ids, reserved properties, lengths).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;

use crate::http::Request;

/// Bytes of a body; Segment says 500 KB and does not say of which kind, so: the smaller.
const BODY: usize = 500_000;
/// Bytes of one message; Segment says 32 KB, see above.
const MESSAGE: usize = 32_000;
/// Messages of one body; the excess would be answered with 200 and thrown away.
const MESSAGES: usize = 2_500;
/// Characters of a string; Mixpanel cuts what is longer.
const STRING: usize = 255;

/// Property names that Segment or Mixpanel keep for themselves.
const RESERVED: [&str; 14] = [
    "revenue",
    "currency",
    "value",
    "time",
    "id",
    "distinct_id",
    "token",
    "ip",
    "bucket",
    "$anon_id",
    "$group_id",
    "$insert_id",
    "$user_id",
    "$ignore",
];

/// Ids that Mixpanel takes for nobody's.
const BANNED_IDS: [&str; 6] =
    ["00000000-0000-0000-0000-000000000000", "anonymous", "unknown", "null", "none", "0"];

/// Why the request is not as it must be; empty where it is.
#[must_use]
pub fn refusals(request: &Request) -> Vec<String> {
    let body = request.json();
    let mut refusals = Vec::new();
    let mut must = |holds: bool, refusal: &str| {
        if !holds {
            refusals.push(refusal.to_owned());
        }
    };
    must(request.method == "POST" && request.path == "/v1/batch", "the request is not POST /v1/batch");
    must(request.header("content-type") == Some("application/json"), "Content-Type is not application/json");
    must(request.body.len() <= BODY, "the body is longer than 500 KB");
    must(body.is_object(), "the body is not a JSON object");
    let key = body["writeKey"].as_str().unwrap_or_default();
    must(!key.is_empty(), "the body has no writeKey");
    let basic = format!("Basic {}", BASE64.encode(format!("{key}:")));
    must(
        request.header("authorization") == Some(&basic),
        "Authorization is not Basic with the writeKey and a colon",
    );
    let product = request.header("user-agent").and_then(|agent| agent.split_once('/'));
    must(
        product.is_some_and(|(name, version)| !name.is_empty() && !version.is_empty()),
        "User-Agent is not name/version",
    );
    must(is_timestamp(&body["sentAt"]), "sentAt is not an ISO 8601 timestamp in UTC with milliseconds");
    let messages = request.messages();
    must(!messages.is_empty(), "the batch is empty");
    must(messages.len() <= MESSAGES, "the batch has more than 2500 messages");
    for (place, message) in messages.iter().enumerate() {
        refusals.extend(
            message_refusals(message).into_iter().map(|refusal| format!("message {place}: {refusal}")),
        );
    }
    refusals
}

fn message_refusals(message: &Value) -> Vec<String> {
    let mut refusals = Vec::new();
    let mut must = |holds: bool, refusal: &str| {
        if !holds {
            refusals.push(refusal.to_owned());
        }
    };
    must(message.to_string().len() <= MESSAGE, "it is longer than 32 KB");
    must(message["type"] == "track", "its type is not track");
    must(message["event"].as_str().is_some_and(|event| !event.is_empty()), "it has no event");
    must(
        is_id(&message["userId"]) || is_id(&message["anonymousId"]),
        "it has neither userId nor anonymousId",
    );
    let absent = |name: &str| message.get(name).is_none_or(|id| !id.is_null());
    must(absent("userId") && absent("anonymousId"), "an absent id is sent as null");
    must(message["messageId"].as_str().is_some_and(is_random_uuid), "its messageId is not a random UUID");
    must(is_timestamp(&message["timestamp"]), "its timestamp is not ISO 8601 in UTC with milliseconds");
    let library = &message["context"]["library"];
    must(library["name"].is_string() && library["version"].is_string(), "it has no context.library");
    must(
        message["context"].get("ip").is_none() && message["context"].get("direct").is_none(),
        "it asks for an IP",
    );
    match message["properties"].as_object() {
        None => must(false, "its properties are not an object"),
        Some(properties) => {
            for (name, value) in properties {
                let free =
                    !RESERVED.contains(&name.as_str()) && !name.starts_with('$') && !name.starts_with("mp_");
                must(free, &format!("property {name} is reserved"));
                must(is_flat(value), &format!("property {name} is null, nested or too long"));
            }
        }
    }
    refusals
}

fn is_id(id: &Value) -> bool {
    id.as_str().is_some_and(|id| !id.is_empty() && !BANNED_IDS.contains(&id))
}

/// A bool, a number, a string of at most 255 characters, or a list of these.
fn is_flat(value: &Value) -> bool {
    match value {
        Value::Bool(_) | Value::Number(_) => true,
        Value::String(text) => text.chars().count() <= STRING,
        Value::Array(list) => {
            list.len() < STRING && list.iter().all(|item| !item.is_array() && is_flat(item))
        }
        Value::Null | Value::Object(_) => false,
    }
}

fn is_random_uuid(id: &str) -> bool {
    let shape = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
    let fits = |(byte, place): (u8, u8)| match place {
        b'x' => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        b'y' => matches!(byte, b'8' | b'9' | b'a' | b'b'),
        exact => byte == exact,
    };
    id.len() == shape.len() && id.bytes().zip(shape.bytes()).all(fits)
}

fn is_timestamp(moment: &Value) -> bool {
    let shape = "0000-00-00T00:00:00.000Z";
    let fits = |(byte, place): (u8, u8)| if place == b'0' { byte.is_ascii_digit() } else { byte == place };
    moment.as_str().is_some_and(|text| text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(fits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(change: impl Fn(&mut Value)) -> Request {
        let mut body = serde_json::json!({
            "writeKey": "key", "sentAt": "2026-11-23T19:48:41.308Z",
            "batch": [{
                "type": "track", "event": "DLE estimator plot",
                "userId": "9c1b7f9e-41a4-4b0b-8a35-5d0bb1a0b8b2", "messageId": "3f0e6f2e-7d0c-4c0f-9a3a-0f6f0a1b2c3d",
                "timestamp": "2026-11-23T19:48:41.285Z", "properties": { "kind": "drift" }, "integrations": {},
                "context": { "library": { "name": "usage-runtime", "version": "0.1.0" } }
            }]
        });
        change(&mut body);
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Request {
            method: "POST".into(),
            path: "/v1/batch".into(),
            headers: vec![
                header("content-type", "application/json"),
                header("authorization", "Basic a2V5Og=="),
                header("user-agent", "usage-runtime/0.1.0"),
            ],
            body: body.to_string().into_bytes(),
        }
    }

    #[test]
    fn a_request_by_the_rules_is_not_refused() {
        assert_eq!(refusals(&request(|_| ())), Vec::<String>::new());
    }

    #[test]
    fn each_broken_rule_is_one_refusal_that_names_it() {
        type Break = fn(&mut Value);
        let cases: [(&str, Break); 12] = [
            ("Authorization", |body| body["writeKey"] = "other".into()),
            ("sentAt", |body| body["sentAt"] = "2026-11-23T19:48:41Z".into()),
            ("empty", |body| body["batch"] = Value::Array(Vec::new())),
            ("longer than 32", |body| body["batch"][0]["context"]["app"] = "x".repeat(MESSAGE).into()),
            ("type", |body| body["batch"][0]["type"] = "page".into()),
            ("no event", |body| body["batch"][0]["event"] = "".into()),
            ("neither", |body| body["batch"][0]["userId"] = BANNED_IDS[0].into()),
            ("null", |body| body["batch"][0]["anonymousId"] = Value::Null),
            ("messageId", |body| body["batch"][0]["messageId"] = "7".into()),
            ("IP", |body| body["batch"][0]["context"]["ip"] = "127.0.0.1".into()),
            ("reserved", |body| body["batch"][0]["properties"]["revenue"] = 1.into()),
            ("kind is null", |body| body["batch"][0]["properties"]["kind"] = Value::Null),
        ];
        for (named, change) in cases {
            let refusals = refusals(&request(change));
            assert!(refusals.len() == 1 && refusals[0].contains(named), "{named}: {refusals:?}");
        }
    }

    #[test]
    fn a_request_that_is_not_json_is_refused() {
        let mut request = request(|_| ());
        request.body = b"not json".to_vec();
        assert!(refusals(&request).contains(&"the body is not a JSON object".to_owned()));
    }
}
