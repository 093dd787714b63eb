//! Events whose names and properties come from the input. No other program can have such: elsewhere
//! the attribute takes names from source code alone, so this file calls what the attribute calls.

use serde_json::Value;
use usage_runtime::__private_0_1_0::{Call, call_site};
use usage_runtime::UsageLogger;

/// A text that lives as long as the program, as all names and values of events do.
pub(crate) fn leaked(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

/// Whether the event is one that this client can send.
pub(crate) fn check(event: &Value) -> Result<(), String> {
    match (event["type"].as_str(), event["event"].as_str()) {
        (Some("track"), Some(_)) => Ok(()),
        (Some("track"), None) => Err("an event has no name".to_owned()),
        (kind, _) => {
            Err(format!("{} is not sent by this client, which tracks alone", kind.unwrap_or("no type")))
        }
    }
}

/// Records the event, as a function would that is annotated with it.
pub(crate) fn record(logger: &'static UsageLogger, event: &Value) {
    // In the place of what stands before an event's name in a line of the catalogue.
    let upto_event = format!("{:60}{}", "", event["event"]);
    let line = leaked(&format!("{upto_event},\"crate\":\"e2e_cli\""));
    let site = Box::leak(Box::new(call_site(logger, line, upto_event.len(), &[b' '; 63])));
    let mut call = Call::enter(site);
    let mut values = call.values();
    for (name, value) in event["properties"].as_object().into_iter().flatten() {
        let name = leaked(name);
        match value {
            Value::Bool(value) => values.add::<0, _>(name, value),
            Value::String(text) => values.add::<0, _>(name, &leaked(text)),
            Value::Array(list) => {
                let texts: Option<Vec<&'static str>> =
                    list.iter().map(|item| item.as_str().map(leaked)).collect();
                values.add::<0, _>(name, &texts);
            }
            // Numbers and objects could be anything about anyone.
            Value::Null | Value::Number(_) | Value::Object(_) => {}
        }
    }
}
