//! The lines of a spool file, as text and as values. Pure.
//!
//! ```text
//! {"spool":1,"id":"…","product":"…","version":"…",…}          first: who recorded what follows
//! {"type":"track","event":"…",…}                              an event
//! {"environment":{"runtime_environment":"docker","ci":null,"agent":null}}  where that process ran
//! {"sent":4711}                                               all before this byte is settled
//! ```

use std::io::Write;

use super::ids::QueueId;
use super::segment::{LINE_START, is_event};
use super::shape::Shapes;
use crate::json::{Json, quoted};

const SPOOL_START: &str = r#"{"spool":"#;
const ENVIRONMENT_START: &str = r#"{"environment":"#;
const SENT_START: &str = r#"{"sent":"#;

/// The first line of a file: which process it belongs to. Adopters take the version from here,
/// not from themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) product: String,
    pub(super) version: String,
    pub(super) rust_version: String,
    pub(super) os_type: String,
    pub(super) endpoint: String,
    pub(super) library: String,
}

/// Where the recording process ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) runtime_environment: String,
    pub(super) ci: Option<String>,
    pub(super) agent: Option<String>,
}

/// What one line says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// An event, and at which byte of the line it starts: behind the rest of a write that failed
    /// half-way, it does not start at 0. What is not whole must not be sent.
    Event { start: usize, event: &'a [u8], is_whole: bool },
    /// Everything before this byte of the file is settled.
    Sent(u64),
    /// Where the process ran.
    Environment(Place),
    /// Nothing that concerns us.
    Other,
}

impl Header {
    /// The line, with its end, for the file called `id`.
    pub(super) fn to_line(&self, id: QueueId) -> String {
        let mut line = Vec::with_capacity(512);
        // Writing to memory cannot fail.
        let _ = write!(line, "{SPOOL_START}1,\"id\":\"{id}\"");
        for (name, value) in [
            (",\"product\":", &self.product),
            (",\"version\":", &self.version),
            (",\"rust_version\":", &self.rust_version),
            (",\"os_type\":", &self.os_type),
            (",\"endpoint\":", &self.endpoint),
            (",\"library\":", &self.library),
        ] {
            line.extend_from_slice(name.as_bytes());
            crate::json::append_string(&mut line, value);
        }
        line.extend_from_slice(b"}\n");
        String::from_utf8(line).unwrap_or_default()
    }

    /// Whether the line is a header of any form, be it one that this version does not know.
    pub(super) fn is_any(line: &[u8]) -> bool {
        Json::parse(line).and_then(|value| value.get("spool")?.as_u64()).is_some()
    }

    /// Reads the line; `None` if it is not whole, or of a form that this version does not know.
    pub(super) fn parse(line: &[u8]) -> Option<(QueueId, Self)> {
        let value = Json::parse(line)?;
        let text = |name: &str| value.get(name)?.as_str();
        let header = Self {
            product: text("product")?,
            version: text("version")?,
            rust_version: text("rust_version")?,
            os_type: text("os_type")?,
            endpoint: text("endpoint")?,
            library: text("library")?,
        };
        let is_known = value.get("spool")?.as_u64() == Some(1);
        is_known.then_some((QueueId::parse(&text("id")?)?, header))
    }
}

impl Place {
    /// The line, with its end.
    pub(super) fn to_line(&self) -> String {
        let [ci, agent] =
            [&self.ci, &self.agent].map(|word| word.as_deref().map_or_else(|| "null".to_owned(), quoted));
        let runtime_environment = quoted(&self.runtime_environment);
        format!(
            "{ENVIRONMENT_START}{{\"runtime_environment\":{runtime_environment},\"ci\":{ci},\"agent\":{agent}}}}}\n"
        )
    }

    fn parse(text: &str) -> Option<Self> {
        let value = Json::parse(text.as_bytes())?;
        let place = value.get("environment")?;
        let runtime_environment = place.get("runtime_environment")?.as_str()?;
        let word = |name| place.get(name).and_then(Json::as_str);
        Some(Self { runtime_environment, ci: word("ci"), agent: word("agent") })
    }
}

/// The line that says that everything before byte `end` is settled, with its end.
pub(super) fn sent(end: u64) -> String {
    format!("{SENT_START}{end}}}\n")
}

/// Reads the line that `bytes` begin with, and tells its length; `None` where it has no end yet.
pub(super) fn first<'a>(bytes: &'a [u8], shapes: &mut Shapes) -> Option<(Line<'a>, usize)> {
    let event = shapes.length_of_event(bytes).and_then(|length| bytes.split_at_checked(length));
    if let Some((event, [b'\n', ..])) = event {
        return Some((Line::Event { start: 0, event, is_whole: true }, event.len().checked_add(1)?));
    }
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    Some((read(bytes.get(..end)?), end.checked_add(1)?))
}

/// Reads one line without its end. A write that failed half-way leaves the beginning of a line,
/// and the next write continues there: what counts is the last line that starts in it. None of the
/// starts can stand inside of an event, for there the quotes would be escaped.
pub(super) fn read(line: &[u8]) -> Line<'_> {
    let Ok(text) = std::str::from_utf8(line) else { return Line::Other };
    let starts = [LINE_START, ENVIRONMENT_START, SENT_START];
    let mut objects = text.rmatch_indices('{').filter_map(|(start, _)| Some((start, text.get(start..)?)));
    let ours = |(_, text): &(usize, &str)| starts.iter().any(|start| text.starts_with(start));
    let Some((start, text)) = objects.find(ours) else { return Line::Other };
    if text.starts_with(LINE_START) {
        return Line::Event { start, event: text.as_bytes(), is_whole: is_event(text) };
    }
    if let Some(end) = text.strip_prefix(SENT_START).and_then(|rest| rest.strip_suffix('}')) {
        return end.parse().map_or(Line::Other, Line::Sent);
    }
    Place::parse(text).map_or(Line::Other, Line::Environment)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = r#"{"type":"track","event":"a","properties":{"b":1}}"#;

    fn whole(start: usize, text: &str) -> Line<'_> {
        Line::Event { start, event: text.as_bytes(), is_whole: true }
    }

    fn header() -> Header {
        Header {
            product: "nannyml".to_owned(),
            version: "1\"2".to_owned(),
            rust_version: "1.95.0".to_owned(),
            os_type: "Linux".to_owned(),
            endpoint: "https://api.segment.io".to_owned(),
            library: "0.1.0".to_owned(),
        }
    }

    #[test]
    fn a_header_reads_back_as_it_was_written() {
        let id = QueueId::random().unwrap();
        let line = header().to_line(id);
        assert!(line.starts_with(r#"{"spool":1,"#) && line.ends_with("}\n"), "{line}");
        assert_eq!(Header::parse(line.trim_end().as_bytes()), Some((id, header())));
    }

    #[test]
    fn a_header_that_is_torn_or_of_another_form_is_none() {
        let line = header().to_line(QueueId::random().unwrap());
        assert_eq!(Header::parse(&line.as_bytes()[..line.len() - 9]), None);
        let newer = line.replace(r#""spool":1"#, r#""spool":2"#);
        assert_eq!(Header::parse(newer.trim_end().as_bytes()), None);
        assert!(Header::is_any(newer.trim_end().as_bytes()) && !Header::is_any(EVENT.as_bytes()));
        assert_eq!(Header::parse(EVENT.as_bytes()), None);
    }

    #[test]
    fn each_line_reads_back_as_it_was_written() {
        let place = Place {
            runtime_environment: "docker".to_owned(),
            ci: Some("x".to_owned()),
            agent: Some("y".to_owned()),
        };
        assert_eq!(read(EVENT.as_bytes()), whole(0, EVENT));
        assert_eq!(read(sent(4711).trim_end().as_bytes()), Line::Sent(4711));
        assert_eq!(read(place.to_line().trim_end().as_bytes()), Line::Environment(place));
        let outside = Place { runtime_environment: "native".to_owned(), ci: None, agent: None };
        assert_eq!(read(outside.to_line().trim_end().as_bytes()), Line::Environment(outside));
    }

    #[test]
    fn junk_is_nothing() {
        for junk in
            [&b""[..], b"\xff\xfe", b"{", br#"{"sent":x}"#, br#"{"sent":1"#, br#"{"environment":{"ci":1}}"#]
        {
            assert_eq!(read(junk), Line::Other, "{junk:?}");
        }
    }

    #[test]
    fn a_line_behind_a_torn_one_is_not_lost() {
        let joined = format!("{}{EVENT}", &EVENT[..20]);
        assert_eq!(read(joined.as_bytes()), whole(20, EVENT));
        let joined = format!("{}{}", &EVENT[..30], sent(7).trim_end());
        assert_eq!(read(joined.as_bytes()), Line::Sent(7));
    }

    #[test]
    fn the_first_line_is_the_same_by_the_quick_look_and_by_the_slow_one() {
        let event = super::super::testing::event("a");
        let lines = [
            event.clone(),
            event.replace("\"a\"", "\"é\""),
            format!("{}{event}", &event[..31]),
            format!("{event}}}"),
            event[..40].to_owned(),
            sent(7).trim_end().to_owned(),
            String::new(),
        ];
        for line in &lines {
            let text = format!("{line}\n{event}\n");
            let shapes = &mut Shapes::default();
            assert_eq!(
                first(text.as_bytes(), shapes),
                Some((read(line.as_bytes()), line.len() + 1)),
                "{line}"
            );
            assert_eq!(first(line.as_bytes(), shapes), None, "{line}");
        }
        let is_whole = |line: &String| matches!(read(line.as_bytes()), Line::Event { is_whole: true, .. });
        assert_eq!(
            lines.iter().map(is_whole).collect::<Vec<_>>(),
            [true, true, true, false, false, false, false]
        );
    }

    #[test]
    fn an_event_whose_name_looks_like_a_line_is_one_event() {
        let name = quoted(r#"{"type":"track","event":"x"}"#);
        let event = format!(r#"{{"type":"track","event":{name},"properties":{{"b":1}}}}"#);
        assert_eq!(read(event.as_bytes()), whole(0, &event));
    }
}
