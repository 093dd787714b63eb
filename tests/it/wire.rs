//! The requests as they arrive, held against golden files. `UPDATE_WIRE=1` writes them anew.

use std::collections::BTreeSet;
use std::path::Path;
use std::{env, fs};

use serde_json::{Value, json};
use usage_tests::{PATIENCE, World};

/// Events of the scenario "every field", which holds one call for each way a call can end, and some
/// beyond a budget.
const EVENTS: usize = 11;

#[test]
fn every_message_is_correct_to_the_last_field() {
    let messages = every_field(&crate::host());
    compare("messages.json", &Value::Array(messages.iter().map(without_what_varies).collect()));
}

#[test]
fn the_request_is_correct_to_the_last_header() {
    let world = crate::host();
    every_field(&world);
    let received = &world.receiver.received()[0];
    let mut body = received.request.json();
    body["batch"] = "see messages.json".into();
    body["sentAt"] = without_digits(&body["sentAt"]);
    let mut headers: Vec<_> = received.request.headers.clone();
    headers.retain(|(name, _)| !["host", "content-length"].contains(&name.as_str()));
    headers.sort();
    let library = concat!("usage-runtime/", env!("CARGO_PKG_VERSION"));
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.replace(library, "LIBRARY")))
        .collect();
    let request = &received.request;
    compare(
        "request.json",
        &json!({ "line": format!("{} {}", request.method, request.path), "headers": headers, "body": body }),
    );
}

#[test]
fn each_product_sends_its_own_key_version_and_id() {
    let world = crate::host();
    world.run_well(&["two products", "explain"]);
    let messages = world.receiver.wait_for_messages(2, PATIENCE);
    let of = |event: &str| messages.iter().find(|message| message["event"] == event).expect(event);
    let (first, other) = (of("Inner"), of("Other"));
    assert_eq!(first["properties"]["nannyml_version"], "0.13.1");
    assert_eq!(other["properties"]["other_product_version"], "2.0.0");
    assert_eq!(first["properties"].get("other_product_version"), None);
    assert_ne!(first["userId"], other["userId"]);
    let keys: BTreeSet<String> = world
        .receiver
        .received()
        .iter()
        .map(|received| received.request.json()["writeKey"].to_string())
        .collect();
    assert_eq!(keys, ["\"OTHER_KEY\"".to_owned(), "\"WRITE_KEY\"".to_owned()].into());
}

#[test]
fn measured_times_are_numbers_of_seconds_and_never_negative() {
    for message in every_field(&crate::host()) {
        for name in ["run_time", "process_run_time"] {
            // Of calls that were only counted nobody took the time.
            if message["properties"]["calls"] == 2 {
                assert_eq!(message["properties"].get(name), None, "{message}");
                continue;
            }
            let seconds = message["properties"][name].as_f64().expect("a float");
            assert!((0.0..60.0).contains(&seconds), "{message}");
        }
    }
}

#[test]
fn no_argument_field_error_text_or_panic_message_leaves() {
    let world = crate::host().with("SECRET_VARIABLE", "secret value");
    every_field(&world);
    for received in world.receiver.received() {
        let body = String::from_utf8(received.request.body).expect("UTF-8");
        assert!(!body.contains("secret"), "{body}");
        assert!(!body.contains(&*world.path("").to_string_lossy()), "{body}");
    }
}

/// The messages of the scenario "every field", none of them refused.
pub(crate) fn every_field(world: &World) -> Vec<Value> {
    assert!(world.run(&["every field", "explain"]).status.success());
    let messages = world.receiver.wait_for_messages(EVENTS, PATIENCE);
    for received in world.receiver.received() {
        assert_eq!(received.refusals, Vec::<String>::new());
    }
    assert_eq!((messages.len(), world.receiver.duplicates()), (EVENTS, 0));
    messages
}

/// The message with placeholders for what differs from run to run and from machine to machine.
fn without_what_varies(message: &Value) -> Value {
    let mut message = message.clone();
    for name in ["userId", "messageId", "timestamp"] {
        message[name] = without_digits(&message[name]);
    }
    message["context"]["library"]["version"] = "LIBRARY_VERSION".into();
    message["context"]["os"]["name"] = "OS".into();
    for name in ["run_time", "process_run_time"] {
        if let Some(seconds) = message["properties"].get_mut(name) {
            assert!(seconds.is_f64(), "{name}: {seconds}");
            *seconds = "SECONDS".into();
        }
    }
    for name in ["os_type", "runtime_environment", "rust_version", "identity"] {
        assert!(message["properties"][name].as_str().is_some_and(|value| !value.is_empty()), "{message}");
        message["properties"][name] = "OF THIS MACHINE".into();
    }
    message
}

/// The shape of an id or a timestamp: every hexadecimal digit is an `x`.
fn without_digits(value: &Value) -> Value {
    let text = value.as_str().unwrap_or_default();
    text.replace(|letter: char| letter.is_ascii_digit() || ('a'..='f').contains(&letter), "x").into()
}

/// Compares with the golden file, or writes it when asked to.
fn compare(name: &str, value: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("wire").join(name);
    let text = format!("{value:#}\n");
    if env::var_os("UPDATE_WIRE").is_some() {
        fs::write(&path, &text).expect("the golden file can be written");
    }
    assert_eq!(text, fs::read_to_string(&path).unwrap_or_default(), "differs from {}", path.display());
}
