//! The wire: what Segment's tracking API is told about an event and about a batch. Pure text in,
//! text out; golden tests hold every byte. Decides nothing and sends nothing.

use std::fmt::Write;
use std::time::SystemTime;

use crate::execution::clock::Timestamp;
use crate::json::{Json, quoted};

/// This library's name in `context.library` and `User-Agent`.
pub(super) const LIBRARY: &str = env!("CARGO_PKG_NAME");

/// Its version.
pub(super) const LIBRARY_VERSION: &str = env!("CARGO_PKG_VERSION");

/// How every event line begins and ends; see `delivery::record`.
pub(super) const LINE_START: &str = r#"{"type":"track","event":""#;
const LINE_END: &str = "}}";

/// The process that recorded an event: what its events are completed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Recorder {
    pub(super) product: String,
    /// The name of the property that carries the product's version.
    pub(super) version_property: String,
    pub(super) version: String,
    pub(super) rust_version: String,
    pub(super) os_type: String,
    pub(super) library_version: String,
    pub(super) runtime_environment: String,
    pub(super) ci: Option<String>,
    pub(super) agent: Option<String>,
}

/// Who the events come from, as the sending process knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) identity: String,
}

/// One complete request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) url: String,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
}

/// What completes the events of one process, sent for one user: the same text for each of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Completion {
    /// From the last recorded property to the message id.
    before_id: String,
    /// From the message id to the end.
    after_id: String,
}

impl Completion {
    pub(super) fn new(recorder: &Recorder, user: &User) -> Self {
        let mut before_id = String::new();
        for (name, value) in [
            ("os_type", Some(&recorder.os_type)),
            ("runtime_environment", Some(&recorder.runtime_environment)),
            ("rust_version", Some(&recorder.rust_version)),
            (recorder.version_property.as_str(), Some(&recorder.version)),
            ("ci", recorder.ci.as_ref()),
            ("agent", recorder.agent.as_ref()),
            ("identity", Some(&user.identity)),
        ] {
            if let Some(value) = value {
                let _ = write!(before_id, ",{}:{}", quoted(name), quoted(value));
            }
        }
        let _ = write!(before_id, r#"}},"userId":{},"messageId":""#, quoted(&user.id));
        let mut after_id = format!(
            r#"","context":{{"library":{{"name":"{LIBRARY}","version":{}}}"#,
            quoted(&recorder.library_version)
        );
        let (name, version) = (quoted(&recorder.product), quoted(&recorder.version));
        let _ = write!(after_id, r#","app":{{"name":{name},"version":{version}}}"#);
        let _ = write!(after_id, r#","os":{{"name":{}}}}},"integrations":{{}}}}"#, quoted(&recorder.os_type));
        Self { before_id, after_id }
    }

    /// The message for one recorded line; `None` if the line is not one that we wrote.
    pub(super) fn message(&self, line: &str, message_id: &str) -> Option<String> {
        let recorded = line.strip_suffix(LINE_END).filter(|_| is_event(line))?;
        Some([recorded, &self.before_id, message_id, &self.after_id].concat())
    }
}

/// Whether a line is a whole event, as `delivery::record` takes them.
pub(super) fn is_event(line: &str) -> bool {
    let is_framed = line.starts_with(LINE_START) && line.ends_with(LINE_END);
    // Inside of a text the quotation marks would be escaped.
    let has_properties = || line.contains(r#","properties":{""#);
    is_framed && has_properties() && Json::parse(line.as_bytes()).is_some()
}

/// The request for a batch of messages. `attempt` counts from 0, and `now` is the time of this
/// very attempt: Segment corrects the clocks of its senders by the age of `sentAt`.
pub(super) fn request<'a>(
    endpoint: &str,
    write_key: &str,
    messages: impl IntoIterator<Item = &'a str>,
    attempt: u32,
    now: SystemTime,
) -> Request {
    let mut headers = vec![
        ("Authorization", format!("Basic {}", base64(format!("{write_key}:").as_bytes()))),
        ("Content-Type", "application/json".to_owned()),
        ("User-Agent", format!("{LIBRARY}/{LIBRARY_VERSION}")),
    ];
    if attempt > 0 {
        headers.push(("X-Retry-Count", attempt.to_string()));
    }
    Request { url: format!("{endpoint}/v1/batch"), headers, body: body(write_key, messages, now) }
}

/// How many bytes a body has beside its messages and the commas between them.
pub(super) fn envelope_size(write_key: &str) -> usize {
    body(write_key, [], SystemTime::UNIX_EPOCH).len()
}

fn body<'a>(write_key: &str, messages: impl IntoIterator<Item = &'a str>, now: SystemTime) -> String {
    let mut body = format!(r#"{{"writeKey":{},"sentAt":"{}","batch":["#, quoted(write_key), Timestamp(now));
    for (index, message) in messages.into_iter().enumerate() {
        if index > 0 {
            body.push(',');
        }
        body.push_str(message);
    }
    body.push_str("]}");
    body
}

/// Base64 with padding, for the one header that needs it.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0_u32, |group, byte| group << 8 | u32::from(*byte));
        let missing = 3_usize.saturating_sub(chunk.len());
        let group = group << 8_u32.saturating_mul(u32::try_from(missing).unwrap_or(0));
        for (place, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let letter = usize::try_from(group >> shift & 63).ok().and_then(|index| LETTERS.get(index));
            let is_padding = place.saturating_add(missing) > 3;
            text.push(letter.filter(|_| !is_padding).map_or('=', |letter| char::from(*letter)));
        }
    }
    text
}

#[cfg(test)]
#[path = "segment_tests.rs"]
mod tests;
