//! HTTP by ureq: the only file that names it, with the one below it. One `Http` serves one round of the
//! sender, so that nothing stays open between rounds and names are resolved anew.
//!
//! What ureq would do by itself, and must not: follow redirects with the write key, resolve names
//! on a thread whose spawning can panic, go around a proxy that it does not speak.

mod head_with_body;

use std::io::{ErrorKind, Read};
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ureq::config::Config;
use ureq::http::request::Parts;
use ureq::http::{self, Uri};
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{Connector, DefaultConnector, NextTimeout};
use ureq::{Agent, Body, Error, Proxy};

use super::endpoint::Endpoint;
use super::proxy::{Route, route};
use super::retry::{self, Answer, Failure};
use super::segment::Request;
use super::transport::Transport;
use head_with_body::HeadWithBody;

/// A request with its answer takes no longer, but for a name server that does not answer: that wait
/// is the platform's.
const TIME_LIMIT: Duration = Duration::from_secs(10);
/// Of an answer's body, no more is read, and nothing unless it matters: a body can take for ever.
const MOST_OF_A_BODY: u64 = 1024;
/// Room for an answer's head or for one TLS record, and for a usual request: with ureq's own sizes each
/// connection would begin with half a megabyte of zeros.
const MOST_RECEIVED: usize = 16 * 1024;
const MOST_SENT: usize = 64 * 1024;
/// ureq keeps this many addresses of a name.
const MOST_ADDRESSES: usize = 16;

/// Where both are built in, since two authors asked for one each, neither gets fewer promises than
/// it asked for.
const TLS: TlsProvider = if cfg!(feature = "rustls") { TlsProvider::Rustls } else { TlsProvider::NativeTls };

/// The way to one endpoint.
pub(super) struct Http {
    /// Nothing where the proxy is of a kind that cannot be used.
    agent: Option<Agent>,
    /// That of the last request: most have the same.
    head: Option<Head>,
    /// What was not read of the last answer. It is in the way of the next request alone: the fate of
    /// the events does not wait for it.
    unread: Option<Body>,
}

impl Http {
    pub(super) fn new(endpoint: &Endpoint) -> Self {
        Self::with_time_limit(endpoint, TIME_LIMIT, |name| std::env::var(name).ok())
    }

    fn with_time_limit(
        endpoint: &Endpoint,
        limit: Duration,
        look_up: impl Fn(&str) -> Option<String>,
    ) -> Self {
        Self::trusting(roots(), endpoint, limit, look_up)
    }

    fn trusting(
        roots: RootCerts,
        endpoint: &Endpoint,
        limit: Duration,
        look_up: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let route = if endpoint.is_loopback() { Route::Direct } else { route(endpoint.host(), look_up) };
        let proxy = match route {
            Route::Direct => None,
            Route::Proxy(url) => match Proxy::new(&url) {
                Ok(proxy) => Some(proxy),
                Err(_) => return Self { agent: None, head: None, unread: None },
            },
            Route::Unknown => return Self { agent: None, head: None, unread: None },
        };
        let last = HeadWithBody { is_proxied: proxy.is_some() };
        let config = Agent::config_builder()
            .proxy(proxy)
            .timeout_global(Some(limit))
            // Shorter, so that the kernel is not told anew for each request how much of the limit is left.
            .timeout_per_read(Some(limit.mul_f64(0.9)))
            .timeout_per_write(Some(limit.mul_f64(0.9)))
            .input_buffer_size(MOST_RECEIVED)
            .output_buffer_size(MOST_SENT)
            .http_status_as_error(false)
            .max_redirects(0)
            .tls_config(TlsConfig::builder().provider(TLS).root_certs(roots).build())
            .build();
        let resolver = OnThisThread { loopback_only: endpoint.is_loopback(), last: Mutex::default() };
        let agent = Agent::with_parts(config, DefaultConnector::default().chain(last), resolver);
        Self { agent: Some(agent), head: None, unread: None }
    }
}

/// Who may vouch for an endpoint: those whom Mozilla trusts, and nobody whom somebody added to this
/// machine, who could then read along; unless whoever built the program wants these.
fn roots() -> RootCerts {
    if cfg!(feature = "platform-verifier") || TLS == TlsProvider::NativeTls {
        RootCerts::PlatformVerifier
    } else {
        RootCerts::WebPki
    }
}

impl Transport for Http {
    fn send(&mut self, request: &Request) -> Answer {
        let Some(agent) = &self.agent else { return Answer::Nothing(Failure::Proxy) };
        // A connection serves the next request only if the last answer was read to its end.
        if let Some(unread) = self.unread.take() {
            let mut rest = unread.into_reader().take(MOST_OF_A_BODY);
            while rest.read(&mut [0; 64]).is_ok_and(|read| read > 0) {}
        }
        let head = self.head.take().filter(|head| head.is_of(request));
        let sent = head.map_or_else(|| Head::of(request), Ok).and_then(|head| {
            let parts = self.head.insert(head).parts.clone();
            agent.run(http::Request::from_parts(parts, &request.body))
        });
        match sent {
            Ok(response) => {
                let (answer, unread) = answer(response);
                self.unread = unread;
                answer
            }
            Err(error) => Answer::Nothing(failure(&error)),
        }
    }
}

/// A request without its body, and what it was made of.
struct Head {
    url: String,
    headers: Vec<(&'static str, String)>,
    parts: Parts,
}

impl Head {
    fn of(Request { url, headers, .. }: &Request) -> Result<Self, Error> {
        let post = http::Request::post(url);
        let post = headers.iter().fold(post, |post, (name, value)| post.header(*name, value));
        let (parts, ()) = post.body(())?.into_parts();
        Ok(Self { url: url.clone(), headers: headers.clone(), parts })
    }

    fn is_of(&self, request: &Request) -> bool {
        self.url == request.url && self.headers == request.headers
    }
}

/// The answer, and its body if that does not matter.
fn answer(response: http::Response<Body>) -> (Answer, Option<Body>) {
    let (parts, body) = response.into_parts();
    let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (status, content_type) = (parts.status.as_u16(), header("content-type"));
    let (start, unread) = if retry::depends_on_body(status, content_type.as_deref()) {
        (beginning(body), None)
    } else {
        (Vec::new(), Some(body))
    };
    (Answer::Status { status, content_type, retry_after: header("retry-after"), body: start }, unread)
}

fn beginning(body: Body) -> Vec<u8> {
    let mut start = Vec::new();
    // An error here means that the body is not whole; what there is of it will be judged.
    let _ = body.into_reader().take(MOST_OF_A_BODY).read_to_end(&mut start);
    start
}

fn failure(error: &Error) -> Failure {
    match error {
        Error::HostNotFound => Failure::UnknownHost,
        Error::Timeout(_) => Failure::Timeout,
        Error::Tls(_) | Error::TlsRequired | Error::Pem(_) => Failure::Tls,
        #[cfg(feature = "rustls")]
        Error::Rustls(_) => Failure::Tls,
        #[cfg(feature = "native-tls")]
        Error::NativeTls(_) | Error::Der(_) => Failure::Tls,
        Error::InvalidProxyUrl | Error::ConnectProxyFailed(_) => Failure::Proxy,
        Error::Protocol(_) | Error::Http(_) | Error::LargeResponseHeader(..) => Failure::NotHttp,
        // How rustls speaks through the stream that it wraps.
        Error::Io(io) if io.kind() == ErrorKind::InvalidData => Failure::Tls,
        _ => Failure::Connection,
    }
}

/// Resolves on the sender's own thread, and plain `http` to nothing but this machine, whatever a
/// hosts file makes of `localhost`. A name once, though ureq asks before each request.
#[derive(Debug)]
struct OnThisThread {
    loopback_only: bool,
    last: Mutex<Option<(Uri, ResolvedSocketAddrs)>>,
}

impl Resolver for OnThisThread {
    fn resolve(&self, uri: &Uri, config: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, addresses)) = last.as_ref().filter(|(known, _)| known == uri) {
            return Ok(addresses.clone());
        }
        let addresses = self.look_up(uri, config)?;
        *last = Some((uri.clone(), addresses.clone()));
        Ok(addresses)
    }
}

impl OnThisThread {
    fn look_up(&self, uri: &Uri, config: &Config) -> Result<ResolvedSocketAddrs, Error> {
        let is_https = uri.scheme_str() == Some("https");
        let host = uri.host().ok_or(Error::HostNotFound)?.trim_matches(['[', ']']);
        let port = uri.port_u16().unwrap_or(if is_https { 443 } else { 80 });
        let found = (host, port).to_socket_addrs().map_err(|_| Error::HostNotFound)?;
        let wanted = |address: &SocketAddr| !self.loopback_only || address.ip().is_loopback();
        let mut addresses = self.empty();
        for address in config.ip_family().keep_wanted(found).filter(wanted).take(MOST_ADDRESSES) {
            addresses.push(address);
        }
        if addresses.is_empty() { Err(Error::HostNotFound) } else { Ok(addresses) }
    }
}

#[cfg(test)]
#[path = "http_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "https_tests.rs"]
mod https_tests;
