//! The wire: what Segment's tracking API is told about an event and about a batch. Pure text in,
//! text out; golden tests hold every byte. Decides nothing and sends nothing.

use std::fmt::Write;
use std::time::SystemTime;

use super::ids::MessageId;
use crate::execution::clock::Timestamp;
use crate::json::{Json, quoted};

/// This library's name in `context.library` and `User-Agent`.
pub(super) const LIBRARY: &str = env!("CARGO_PKG_NAME");

/// Its version.
pub(super) const LIBRARY_VERSION: &str = env!("CARGO_PKG_VERSION");

/// How every event line begins and ends; see `delivery::record`.
pub(super) const LINE_START: &str = r#"{"type":"track","event":""#;
pub(super) const LINE_END: &str = "}}";
/// How a body ends.
pub(super) const BODY_END: &str = "]}";

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
    pub(super) body: Vec<u8>,
}

/// Says that the events of a request were tried before, and how often.
const RETRY_COUNT: &str = "X-Retry-Count";

impl Request {
    /// To this endpoint, and without a body yet.
    pub(super) fn to(endpoint: &str, write_key: &str) -> Self {
        let headers = vec![
            ("Authorization", format!("Basic {}", base64(format!("{write_key}:").as_bytes()))),
            ("Content-Type", "application/json".to_owned()),
            ("User-Agent", format!("{LIBRARY}/{LIBRARY_VERSION}")),
        ];
        Self { url: format!("{endpoint}/v1/batch"), headers, body: Vec::new() }
    }

    /// Gives it a body. `attempt` counts from 0.
    pub(super) fn set(&mut self, body: Vec<u8>, attempt: u32) {
        self.body = body;
        self.headers.retain(|(name, _)| *name != RETRY_COUNT);
        if attempt > 0 {
            self.headers.push((RETRY_COUNT, attempt.to_string()));
        }
    }
}

/// What completes the events of one process, sent for one user: the same text for each of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Completion {
    /// From the last recorded property to the end.
    text: Vec<u8>,
    /// Where in it the message id goes.
    id: usize,
}

impl Completion {
    pub(super) fn new(recorder: &Recorder, user: &User) -> Self {
        let mut text = String::new();
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
                let _ = write!(text, ",{}:{}", quoted(name), quoted(value));
            }
        }
        let _ = write!(text, r#"}},"userId":{},"messageId":""#, quoted(&user.id));
        let id = text.len();
        text.push_str(MessageId::BLANK);
        let version = quoted(&recorder.library_version);
        let _ = write!(text, r#"","context":{{"library":{{"name":"{LIBRARY}","version":{version}}}"#);
        let (name, version) = (quoted(&recorder.product), quoted(&recorder.version));
        let _ = write!(text, r#","app":{{"name":{name},"version":{version}}}"#);
        let _ = write!(text, r#","os":{{"name":{}}}}},"integrations":{{}}}}"#, quoted(&recorder.os_type));
        Self { text: text.into_bytes(), id }
    }

    /// How long the message for one recorded line is.
    pub(super) fn length(&self, line: &[u8]) -> usize {
        recorded(line).len().saturating_add(self.text.len())
    }

    /// Appends the message for one recorded line, which is a whole event.
    pub(super) fn append(&self, messages: &mut Vec<u8>, line: &[u8], message_id: &MessageId) {
        messages.extend_from_slice(recorded(line));
        let id = messages.len().saturating_add(self.id);
        messages.extend_from_slice(&self.text);
        if let Some(place) = messages.get_mut(id..).and_then(|rest| rest.first_chunk_mut()) {
            *place = *message_id.as_ascii();
        }
    }
}

/// A line without its end, where its properties can be continued.
fn recorded(line: &[u8]) -> &[u8] {
    line.strip_suffix(LINE_END.as_bytes()).unwrap_or(line)
}

/// Whether a line is a whole event, as `delivery::record` takes them.
pub(super) fn is_event(line: &str) -> bool {
    let is_framed = line.starts_with(LINE_START) && line.ends_with(LINE_END);
    // Inside of a text the quotation marks would be escaped.
    let has_properties = || line.contains(r#","properties":{""#);
    is_framed && has_properties() && Json::parse(line.as_bytes()).is_some()
}

/// The body with these messages, which have commas between them.
pub(super) fn body(write_key: &str, messages: &[u8], now: SystemTime) -> Vec<u8> {
    [body_start(write_key, now).as_bytes(), messages, BODY_END.as_bytes()].concat()
}

/// How a body begins, before its first message. `now` is the time of this very attempt: Segment
/// corrects the clocks of its senders by the age of `sentAt`.
pub(super) fn body_start(write_key: &str, now: SystemTime) -> String {
    format!(r#"{{"writeKey":{},"sentAt":"{}","batch":["#, quoted(write_key), Timestamp(now))
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
