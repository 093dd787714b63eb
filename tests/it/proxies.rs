//! Hosts behind a proxy: the tunnel is asked for and TLS begins in it, so that the proxy sees the name
//! of the endpoint and nothing else. That whole requests arrive through one is shown in the runtime's
//! own tests: a host trusts no certificate that a test could have.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use usage_tests::{PATIENCE, World};

/// An endpoint that only a proxy could find.
const ENDPOINT: &str = "https://usage.invalid";

/// What a proxy was asked, and the beginning of what came through the tunnel.
struct Asked {
    head: String,
    tunnelled: Vec<u8>,
}

/// Starts a proxy that grants every tunnel and closes it after the first bytes.
fn proxy() -> (String, Receiver<Asked>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let (tell, asked) = channel();
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            if let Some(one) = serve(connection) {
                drop(tell.send(one));
            }
        }
    });
    (url, asked)
}

fn serve(mut connection: TcpStream) -> Option<Asked> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        connection.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    connection.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").ok()?;
    let mut tunnelled = vec![0; 4096];
    let read = connection.read(&mut tunnelled).ok()?;
    tunnelled.truncate(read);
    Some(Asked { head: String::from_utf8(head).ok()?, tunnelled })
}

fn behind(variables: &[(&str, &str)]) -> World {
    variables.iter().fold(crate::host(), |world, (name, value)| world.with(name, value))
}

#[test]
fn a_proxy_gets_the_name_of_the_endpoint_and_a_tunnel_that_it_cannot_look_into() {
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let (url, asked) = proxy();
        let world = behind(&[("NML_USAGE_ENDPOINT", ENDPOINT), (variable, &url)]);
        let told = world.run_well(&["inner", "explain"]);
        let asked = asked.recv_timeout(PATIENCE).expect("the proxy is asked");
        assert!(asked.head.starts_with("CONNECT usage.invalid:443 HTTP/1.1\r\n"), "{}", asked.head);
        assert!(!asked.head.contains("Authorization"), "{}", asked.head);
        assert_eq!(asked.tunnelled.first(), Some(&22), "TLS begins with a handshake");
        let inside = String::from_utf8_lossy(&asked.tunnelled);
        assert!(inside.contains("usage.invalid") && !inside.contains("WRITE_KEY"), "{inside}");
        assert!(told.contains("1 waiting"), "{told}");
    }
}

#[test]
fn what_is_exempt_is_not_asked_of_the_proxy() {
    let (url, asked) = proxy();
    let world = behind(&[
        ("NML_USAGE_ENDPOINT", ENDPOINT),
        ("HTTPS_PROXY", &url),
        ("NO_PROXY", "localhost, .invalid"),
    ]);
    let told = world.run_well(&["inner", "explain"]);
    assert!(told.contains("1 waiting") && told.contains("unknown host"), "{told}");
    assert!(asked.try_recv().is_err());
}

#[test]
fn an_endpoint_on_this_machine_is_reached_past_every_proxy() {
    let (url, asked) = proxy();
    let world = behind(&[("HTTP_PROXY", &url), ("HTTPS_PROXY", &url), ("ALL_PROXY", &url)]);
    world.run_well(&["inner", "explain"]);
    assert_eq!(world.events(), ["Inner"]);
    assert!(asked.try_recv().is_err());
}

#[test]
fn a_proxy_that_is_away_or_that_we_do_not_speak_is_not_gone_around() {
    for proxy in ["http://127.0.0.1:9", "socks5://127.0.0.1:9"] {
        let world = behind(&[("NML_USAGE_ENDPOINT", ENDPOINT), ("HTTPS_PROXY", proxy)]);
        let told = world.run_well(&["inner", "explain"]);
        assert!(told.contains("1 waiting") && !told.contains("unknown host"), "{proxy}: {told}");
    }
}
