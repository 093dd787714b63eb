//! Where a product's events may go: the rules for a receiving host. Pure; opens no connection.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// A receiving host that keeps the rules: `https`, or plain `http` to this very machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Endpoint {
    url: String,
    host: String,
    is_loopback: bool,
}

/// Why a receiving host is refused. Nothing is recorded for a product whose host is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// It does not begin with `https://` or `http://`.
    NotHttp,
    /// It has no host, or the host or port is not well formed.
    NoHost,
    /// It carries a user name or a password (`@`).
    UserInfo,
    /// It carries something behind its path (`?`, `#`), or characters that no plain URL has.
    NotPlain,
    /// It is plain `http`, and not to this machine: events would travel in the open.
    NotEncrypted,
    /// The variable is set, but its value is not text.
    NotText,
}

impl Endpoint {
    /// Reads a host such as `https://api.segment.io` or `http://127.0.0.1:8080`, to which
    /// `/v1/batch` is added; slashes at its end do not count.
    pub(super) fn parse(text: &str) -> Result<Self, Refusal> {
        let (scheme, rest) = text.split_once("://").ok_or(Refusal::NotHttp)?;
        let scheme = scheme.to_ascii_lowercase();
        if scheme != "https" && scheme != "http" {
            return Err(Refusal::NotHttp);
        }
        let rest = rest.trim_end_matches('/');
        let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        if authority.contains('@') {
            return Err(Refusal::UserInfo);
        }
        if !path.chars().all(is_plain_in_path) {
            return Err(Refusal::NotPlain);
        }
        let authority = authority.to_ascii_lowercase();
        let host = host_of(&authority)?;
        let is_loopback = is_loopback(host);
        if scheme == "http" && !is_loopback {
            return Err(Refusal::NotEncrypted);
        }
        Ok(Self { url: format!("{scheme}://{authority}{path}"), host: host.to_owned(), is_loopback })
    }

    /// The URL as requests and spool files spell it: lower case host, no slash at the end.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// The host alone, without port, an IPv6 address without brackets.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// Whether it names this very machine.
    pub(super) fn is_loopback(&self) -> bool {
        self.is_loopback
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotHttp => "it is neither https nor http",
            Self::NoHost => "its host or port is not well formed",
            Self::UserInfo => "it carries a user name or password",
            Self::NotPlain => "it carries a query, a fragment or unusual characters",
            Self::NotEncrypted => "plain http is for this machine alone",
            Self::NotText => "its value is not text",
        })
    }
}

/// The host of `host`, `host:port`, `[v6]` or `[v6]:port`.
fn host_of(authority: &str) -> Result<&str, Refusal> {
    if let Some(bracketed) = authority.strip_prefix('[') {
        let (host, port) = bracketed.split_once(']').ok_or(Refusal::NoHost)?;
        host.parse::<Ipv6Addr>().map_err(|_| Refusal::NoHost)?;
        return if port.is_empty() || port.strip_prefix(':').is_some_and(is_port) {
            Ok(host)
        } else {
            Err(Refusal::NoHost)
        };
    }
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    if host.is_empty() || host.starts_with(['.', '-']) || !is_port(port) {
        return Err(Refusal::NoHost);
    }
    if host.chars().all(is_plain_in_host) { Ok(host) } else { Err(Refusal::NotPlain) }
}

fn is_port(text: &str) -> bool {
    text.chars().all(|letter| letter.is_ascii_digit()) && text.parse::<u16>().is_ok_and(|port| port != 0)
}

fn is_plain_in_host(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_')
}

fn is_plain_in_path(letter: char) -> bool {
    is_plain_in_host(letter) || matches!(letter, '/' | '~')
}

/// `localhost`, 127.0.0.0/8 and `::1`, each in its usual spelling alone.
fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        || host.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_hosts_are_taken_and_spelled_in_one_way() {
        for (text, url) in [
            ("https://api.segment.io", "https://api.segment.io"),
            ("https://api.segment.io/", "https://api.segment.io"),
            ("HTTPS://Events.EU1.segmentapis.com//", "https://events.eu1.segmentapis.com"),
            ("https://usage.example.com:8443/segment/", "https://usage.example.com:8443/segment"),
            ("https://192.0.2.1", "https://192.0.2.1"),
            ("https://[2001:db8::1]:443", "https://[2001:db8::1]:443"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://127.255.0.9", "http://127.255.0.9"),
            ("http://localhost:80/", "http://localhost:80"),
            ("http://[::1]:9", "http://[::1]:9"),
        ] {
            assert_eq!(Endpoint::parse(text).as_ref().map(Endpoint::url), Ok(url), "{text}");
        }
    }

    #[test]
    fn bad_hosts_are_refused_with_the_reason() {
        for (text, reason) in [
            ("", Refusal::NotHttp),
            ("api.segment.io", Refusal::NotHttp),
            ("ftp://api.segment.io", Refusal::NotHttp),
            (" https://api.segment.io", Refusal::NotHttp),
            ("https://", Refusal::NoHost),
            ("https:///v1", Refusal::NoHost),
            ("https://:443", Refusal::NoHost),
            ("https://host:0", Refusal::NoHost),
            ("https://host:65536", Refusal::NoHost),
            ("https://host:+80", Refusal::NoHost),
            ("https://host:", Refusal::NoHost),
            ("https://[::1", Refusal::NoHost),
            ("https://[::1]x", Refusal::NoHost),
            ("https://key@host", Refusal::UserInfo),
            ("http://127.0.0.1@evil.example", Refusal::UserInfo),
            ("https://host?x=1", Refusal::NotPlain),
            ("https://host/#x", Refusal::NotPlain),
            ("https://host/a b", Refusal::NotPlain),
            ("https://hôte.example", Refusal::NotPlain),
            ("https://host\r\nX-Evil: 1", Refusal::NoHost),
            ("https://host\\.evil", Refusal::NotPlain),
            ("http://api.segment.io", Refusal::NotEncrypted),
            ("http://127.0.0.1.evil.example", Refusal::NotEncrypted),
            ("http://localhost.evil.example", Refusal::NotEncrypted),
            ("http://127.1", Refusal::NotEncrypted),
            ("http://0.0.0.0", Refusal::NotEncrypted),
            ("http://[::ffff:127.0.0.1]", Refusal::NotEncrypted),
            ("http://10.0.0.1", Refusal::NotEncrypted),
        ] {
            assert_eq!(Endpoint::parse(text), Err(reason), "{text}");
        }
    }

    #[test]
    fn the_host_is_known_without_port_and_brackets() {
        let host = |text| Endpoint::parse(text).unwrap().host().to_owned();
        assert_eq!(host("https://Usage.example.com:8443/x"), "usage.example.com");
        assert_eq!(host("http://[::1]:9"), "::1");
    }
}
