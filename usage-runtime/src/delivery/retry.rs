//! What an answer means for a batch: Segment's shared rules of 2026, and what a process that may
//! end at any moment makes of them. Pure: no clock, no network, no file.

use std::fmt;
use std::time::{Duration, SystemTime};

use crate::execution::clock::Timestamp;
use crate::json::Json;

/// What came back from one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The server's answer, its body cut after 1 KiB.
    Status { status: u16, content_type: Option<String>, retry_after: Option<String>, body: Vec<u8> },
    /// There was none.
    Nothing(Failure),
}

/// Why a request got no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// The host's name could not be resolved.
    UnknownHost,
    /// The connection was refused, or broke off.
    Connection,
    /// There was no complete answer in time.
    Timeout,
    /// The host could not prove who it is.
    Tls,
    /// The proxy that the environment names refused, or is of a kind that we do not speak.
    Proxy,
    /// What came back was not HTTP.
    NotHttp,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownHost => "unknown host",
            Self::Connection => "no connection",
            Self::Timeout => "timeout",
            Self::Tls => "not secure",
            Self::Proxy => "proxy refused",
            Self::NotHttp => "not HTTP",
        })
    }
}

/// What to do with a batch after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The server has it.
    Delivered,
    /// Keep it. `again` when this process may try once more at once; `after` when the server
    /// said how long to wait.
    Keep { again: bool, after: Option<Duration> },
    /// It is too large: send it in halves.
    Halve,
    /// Something in it is not accepted: look for it in halves, drop it when alone.
    Search,
    /// It will never be accepted: drop it.
    Drop,
}

/// The longest wait that a server can ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// Judges one answer that came at `now`.
pub(super) fn judge(answer: &Answer, now: SystemTime) -> Verdict {
    let Answer::Status { status, content_type, retry_after, body } = answer else {
        return Verdict::Keep { again: true, after: None };
    };
    let after = retry_after.as_deref().and_then(|text| wait_of(text, now));
    let content_type = content_type.as_deref().unwrap_or_default();
    let soon = Verdict::Keep { again: after.is_none(), after };
    let later = Verdict::Keep { again: false, after: None };
    match status {
        200..=299 if is_json(content_type) || is_segments(*status, body) => Verdict::Delivered,
        // A page for people: somebody in between answered.
        400..=499 if is_page(content_type) => later,
        // The server asked for patience: not once more now.
        429 => Verdict::Keep { again: false, after },
        413 => Verdict::Halve,
        400 | 422 => Verdict::Search,
        // 407 and 511 ask to log in, at a proxy or a portal: somebody in between answered.
        407 | 511 => later,
        408 | 410 | 460 => soon,
        401..=499 | 501 | 505 => Verdict::Drop,
        500..=599 => soon,
        // A redirect, or a success that is not of a tracking API.
        _ => later,
    }
}

/// Whether the body must be known to judge an answer.
pub(super) fn depends_on_body(status: u16, content_type: Option<&str>) -> bool {
    (200..=299).contains(&status) && !is_json(content_type.unwrap_or_default())
}

fn is_json(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let suffix = media_type.rsplit_once('+').map_or("", |(_, suffix)| suffix);
    media_type.eq_ignore_ascii_case("application/json") || suffix.eq_ignore_ascii_case("json")
}

fn is_page(content_type: &str) -> bool {
    const HTML: &str = "text/html";
    content_type.get(..HTML.len()).is_some_and(|start| start.eq_ignore_ascii_case(HTML))
}

/// Whether a success that is not JSON is one of a tracking API. Segment's body is
/// `{"success":true}`, `RudderStack`'s is `OK`, and 201 to 204 may have none; a captive portal answers
/// 200 with a page.
fn is_segments(status: u16, body: &[u8]) -> bool {
    let text = body.trim_ascii();
    let success = || Json::parse(text)?.get("success");
    text == b"OK" || (status != 200 && text.is_empty()) || success().is_some_and(Json::is_true)
}

/// `Retry-After` as seconds or as an HTTP date, at most five minutes. None for "at once", for a
/// moment that has passed and for what is neither: then our own backoff counts.
fn wait_of(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let wait = if is_number {
        text.parse().map_or(LONGEST_WAIT, Duration::from_secs)
    } else {
        http_date(text)?.duration_since(now).ok()?
    };
    (!wait.is_zero()).then_some(wait.min(LONGEST_WAIT))
}

/// The moment of an HTTP date in the one form that servers may send:
/// `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(text: &str) -> Option<SystemTime> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut words = text.split_once(", ")?.1.split(' ');
    let (day, month, year) = (words.next()?, words.next()?, words.next()?);
    let (time, zone) = (words.next()?, words.next()?);
    let month = MONTHS.iter().position(|name| *name == month)?.checked_add(1)?;
    (zone == "GMT").then(|| Timestamp::parse(&format!("{year}-{month:02}-{day}T{time}Z")))?
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    fn status(status: u16, content_type: &str, body: &str) -> Answer {
        let content_type = (!content_type.is_empty()).then(|| content_type.to_owned());
        Answer::Status { status, content_type, retry_after: None, body: body.into() }
    }

    fn asking_to_wait(code: u16, text: &str) -> Answer {
        let retry_after = Some(text.to_owned());
        Answer::Status { status: code, content_type: None, retry_after, body: Vec::new() }
    }

    fn verdict_of(code: u16) -> Verdict {
        judge(&status(code, "application/json", "{}"), NOW)
    }

    const ONCE_MORE: Verdict = Verdict::Keep { again: true, after: None };
    const LATER: Verdict = Verdict::Keep { again: false, after: None };

    #[test]
    fn a_success_counts_when_it_speaks_json_or_says_so() {
        for (code, content_type, body) in [
            (200, "application/json", ""),
            (200, "Application/JSON; charset=utf-8", "{}"),
            (200, "application/problem+json", "{}"),
            (200, "text/plain", r#"{"success": true}"#),
            (200, "", "{\"success\":true}\n"),
            (200, "text/plain; charset=utf-8", "OK"),
            (204, "", ""),
            (202, "application/json", "{}"),
        ] {
            let answer = status(code, content_type, body);
            assert_eq!(judge(&answer, NOW), Verdict::Delivered, "{answer:?}");
        }
    }

    #[test]
    fn a_success_that_a_portal_could_give_does_not_count() {
        for (code, content_type, body) in [
            (200, "text/html", "<html>Log in</html>"),
            (200, "text/html", "OK then"),
            (200, "", ""),
            (200, "text/plain", r#"{"success": false}"#),
            (202, "text/html", "<html>"),
            (302, "text/html", ""),
            (307, "application/json", "{}"),
            (511, "text/html", ""),
            (407, "text/html", ""),
            (403, "text/html; charset=utf-8", "<html>blocked</html>"),
        ] {
            let answer = status(code, content_type, body);
            assert_eq!(judge(&answer, NOW), LATER, "{answer:?}");
        }
    }

    #[test]
    fn what_may_pass_is_kept_and_tried_once_more() {
        for code in [408, 410, 460, 500, 502, 503, 504, 529] {
            assert_eq!(verdict_of(code), ONCE_MORE, "{code}");
        }
        for failure in [Failure::Connection, Failure::Timeout, Failure::UnknownHost, Failure::Tls] {
            assert_eq!(judge(&Answer::Nothing(failure), NOW), ONCE_MORE, "{failure:?}");
        }
    }

    #[test]
    fn what_will_never_pass_is_dropped_and_what_may_pass_in_parts_is_parted() {
        for code in [401, 403, 404, 405, 451, 501, 505] {
            assert_eq!(verdict_of(code), Verdict::Drop, "{code}");
        }
        assert_eq!(verdict_of(413), Verdict::Halve);
        assert_eq!(verdict_of(400), Verdict::Search);
        assert_eq!(verdict_of(422), Verdict::Search);
    }

    #[test]
    fn a_rate_limit_is_never_tried_again_at_once() {
        assert_eq!(verdict_of(429), LATER);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_and_five_minutes_at_most() {
        let seconds = |count| Some(Duration::from_secs(count));
        for (text, wait) in [
            ("10", seconds(10)),
            (" 10 ", seconds(10)),
            ("600", seconds(300)),
            ("99999999999999999999999", seconds(300)),
            ("0", None),
            ("-5", None),
            ("soon", None),
            ("", None),
            ("Thu, 01 Jan 1970 00:00:30 GMT", seconds(30)),
            ("Fri, 02 Jan 1970 00:00:00 GMT", seconds(300)),
            ("Thu, 01 Jan 1970 00:00:00 GMT", None),
            ("Thu, 32 Jan 1970 00:00:00 GMT", None),
            ("Thu, 01 Jan 1970 00:00:30 CET", None),
        ] {
            let expected = Verdict::Keep { again: false, after: wait };
            assert_eq!(judge(&asking_to_wait(429, text), NOW), expected, "{text:?}");
        }
        let expected = Verdict::Keep { again: false, after: seconds(7) };
        assert_eq!(judge(&asking_to_wait(503, "7"), NOW), expected);
    }
}
