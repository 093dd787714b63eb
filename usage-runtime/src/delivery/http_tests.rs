//! Tests of HTTP against real sockets on loopback.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::time::Instant;

use super::super::retry::{self, Verdict};
use super::super::testing::request;
use super::super::testing_http::{OK, Server, read_request};
use super::*;

fn post_to(url: &str, limit: Duration) -> Answer {
    let endpoint = Endpoint::parse(url).unwrap();
    let request = request(endpoint.url(), "{}", 1);
    Http::with_time_limit(&endpoint, limit, |_| None).send(&request)
}

fn post(server: &Server) -> Answer {
    post_to(&server.url, Duration::from_secs(5))
}

fn answered(bytes: &'static [u8]) -> Answer {
    post(&Server::answering(bytes))
}

#[test]
fn the_request_arrives_as_it_was_built() {
    let server = Server::answering(OK);
    let Answer::Status { status, content_type, .. } = post(&server) else { panic!("no answer") };
    assert_eq!((status, content_type.as_deref()), (200, Some("application/json")));
    let request = server.requests().remove(0).to_ascii_lowercase();
    assert!(request.starts_with("post /v1/batch http/1.1\r\n"), "{request}");
    for header in [
        "authorization: basic s0vzog==\r\n",
        "content-type: application/json\r\n",
        concat!("user-agent: usage-runtime/", env!("CARGO_PKG_VERSION"), "\r\n"),
        "x-retry-count: 1\r\n",
    ] {
        assert!(request.contains(header), "{header} {request}");
    }
    assert!(!request.contains("transfer-encoding") && !request.contains("100-continue"));
}

#[test]
fn a_redirect_is_not_followed() {
    let target = Server::answering(OK);
    let location = target.url.clone();
    let server = Server::start(move |_, connection| {
        let answer = format!("HTTP/1.1 302 Found\r\nLocation: {location}/login\r\nContent-Length: 0\r\n\r\n");
        drop(connection.write_all(answer.as_bytes()));
    });
    assert!(matches!(post(&server), Answer::Status { status: 302, .. }));
    assert_eq!(target.requests().len(), 0);
}

#[test]
fn any_status_is_an_answer_with_what_the_server_asks_for() {
    let answer = answered(b"HTTP/1.1 429 Slow down\r\nRetry-After: 10\r\nContent-Length: 0\r\n\r\n");
    let Answer::Status { status, retry_after, .. } = answer else { panic!("no answer") };
    assert_eq!((status, retry_after.as_deref()), (429, Some("10")));
    assert!(matches!(
        answered(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"),
        Answer::Status { status: 500, .. }
    ));
}

#[test]
fn of_a_body_without_end_only_the_beginning_is_read() {
    let server = Server::start(|_, connection| {
        drop(connection.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"));
        while connection.write_all(&[b'x'; 4096]).is_ok() {}
    });
    let Answer::Status { body, .. } = post(&server) else { panic!("no answer") };
    assert_eq!(body.len() as u64, MOST_OF_A_BODY);
}

#[test]
fn a_body_that_does_not_matter_is_not_waited_for() {
    let server = Server::start(|_, connection| {
        let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n";
        drop(connection.write_all(head));
        // Nothing more comes until the client has gone.
        let _ = Read::read(connection, &mut [0]);
    });
    let begin = Instant::now();
    let answer = post_to(&server.url, Duration::from_secs(20));
    assert_eq!(retry::judge(&answer, std::time::SystemTime::UNIX_EPOCH), Verdict::Delivered);
    assert!(begin.elapsed() < Duration::from_secs(10));
}

#[test]
fn requests_share_a_connection_though_nobody_waits_for_the_end_of_an_answer() {
    let server = Server::start(|_, connection| {
        for _ in 0..2 {
            connection.write_all(OK).unwrap();
            read_request(connection).unwrap();
        }
        connection.write_all(OK).unwrap();
    });
    let endpoint = Endpoint::parse(&server.url).unwrap();
    let request = request(endpoint.url(), "{}", 0);
    let mut http = Http::with_time_limit(&endpoint, Duration::from_secs(5), |_| None);
    for _ in 0..3 {
        assert!(matches!(http.send(&request), Answer::Status { status: 200, .. }));
    }
    // One for each connection.
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_server_that_never_answers_costs_the_time_limit_and_no_more() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let begin = Instant::now();
    let url = format!("http://{}", silent.local_addr().unwrap());
    assert_eq!(post_to(&url, Duration::from_millis(200)), Answer::Nothing(Failure::Timeout));
    assert!(begin.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_head_that_trickles_costs_the_time_limit_in_all() {
    let server = Server::start(|_, connection| {
        for byte in OK.iter().cycle() {
            if connection.write_all(&[*byte]).is_err() {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    let begin = Instant::now();
    assert_eq!(post_to(&server.url, Duration::from_millis(200)), Answer::Nothing(Failure::Timeout));
    assert!(begin.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_connection_that_is_refused_or_breaks_off_is_no_answer() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(
        post_to(&format!("http://{closed}"), Duration::from_secs(5)),
        Answer::Nothing(Failure::Connection)
    );
    assert!(matches!(post(&Server::start(|_, _| ())), Answer::Nothing(_)));
}

#[test]
fn what_is_no_http_is_no_answer() {
    assert!(matches!(answered(b"SSH-2.0-OpenSSH_9.6\r\n\r\n\r\n"), Answer::Nothing(_)));
}

#[test]
fn a_captive_portals_page_is_not_taken_for_a_delivery() {
    let answer = answered(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>");
    let verdict = retry::judge(&answer, std::time::SystemTime::UNIX_EPOCH);
    assert_eq!(verdict, Verdict::Keep { again: false, after: None });
}

#[test]
fn a_host_that_speaks_no_tls_gets_nothing_over_https() {
    let server = Server::answering(OK);
    let url = server.url.replace("http://", "https://");
    assert!(matches!(post_to(&url, Duration::from_secs(2)), Answer::Nothing(_)));
    assert_eq!(server.requests().len(), 0);
}

/// What the proxy of the variables `set` was asked when a request went to a host that no name
/// server knows.
fn asked_of_proxy(set: impl Fn(&str, &str) -> Option<String>) -> (Answer, Vec<String>) {
    let proxy = Server::start(|_, connection: &mut TcpStream| {
        drop(connection.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
    });
    let endpoint = Endpoint::parse("https://usage.invalid").unwrap();
    let request = request(endpoint.url(), "{}", 0);
    let answer =
        Http::with_time_limit(&endpoint, Duration::from_secs(5), |name| set(name, &proxy.url)).send(&request);
    (answer, proxy.requests())
}

#[test]
fn a_proxy_is_asked_for_a_tunnel_and_never_sees_the_request() {
    let (answer, asked) = asked_of_proxy(|name, url| {
        (name == "HTTPS_PROXY").then(|| url.replace("http://", "http://user:pass@"))
    });
    assert_eq!((answer, asked.len()), (Answer::Nothing(Failure::Proxy), 1));
    assert!(asked[0].starts_with("CONNECT usage.invalid:443 HTTP/1.1\r\n"), "{}", asked[0]);
    assert!(asked[0].contains("Proxy-Authorization: Basic dXNlcjpwYXNz\r\n"));
    assert!(!asked[0].contains("S0VZOg=="), "the write key is not for the proxy");
}

#[test]
fn an_exempt_host_is_not_asked_of_the_proxy() {
    let (answer, asked) = asked_of_proxy(|name, url| match name {
        "HTTPS_PROXY" => Some(url.to_owned()),
        "NO_PROXY" => Some("localhost, .invalid".to_owned()),
        _ => None,
    });
    assert_eq!((answer, asked.len()), (Answer::Nothing(Failure::UnknownHost), 0));
}

#[test]
fn a_proxy_that_we_do_not_speak_is_not_gone_around() {
    for proxy in ["socks5h://127.0.0.1:1", "http://", "http://[broken"] {
        let (answer, asked) = asked_of_proxy(|name, _| (name == "ALL_PROXY").then(|| proxy.to_owned()));
        assert_eq!((answer, asked.len()), (Answer::Nothing(Failure::Proxy), 0), "{proxy}");
    }
}

#[test]
fn this_machine_is_reached_without_a_proxy() {
    let server = Server::answering(OK);
    let endpoint = Endpoint::parse(&server.url).unwrap();
    let request = request(endpoint.url(), "{}", 0);
    let mut http =
        Http::with_time_limit(&endpoint, Duration::from_secs(5), |_| Some("http://127.0.0.1:1".to_owned()));
    assert!(matches!(http.send(&request), Answer::Status { status: 200, .. }));
}

#[test]
fn a_name_is_looked_up_once() {
    let resolver = OnThisThread { loopback_only: true, last: Mutex::default() };
    let (config, wait) = (Config::default(), NextTimeout::default());
    let [name, other] = ["http://localhost:1", "http://localhost:2"].map(Uri::from_static);
    let first = resolver.resolve(&name, &config, wait).unwrap();
    assert_eq!(first[0].port(), 1);
    // What was found is changed, so that it can be told from what is found anew.
    resolver.last.lock().unwrap().as_mut().unwrap().1[0].set_port(3);
    let port = |uri| resolver.resolve(uri, &config, wait).unwrap()[0].port();
    assert_eq!([&name, &other, &name].map(port), [3, 2, 1]);
}

#[test]
fn a_body_larger_than_every_buffer_arrives_as_it_is() {
    let server = Server::answering(OK);
    let endpoint = Endpoint::parse(&server.url).unwrap();
    let body = "0123456789".repeat(40_000);
    let request = request(endpoint.url(), &body, 0);
    assert!(matches!(Http::new(&endpoint).send(&request), Answer::Status { status: 200, .. }));
    assert!(server.requests()[0].ends_with(&format!("\r\n\r\n{body}")));
}
