//! Tests of HTTPS from an outbox to a real server on loopback, whose certificate is its own; at once, and
//! through a proxy.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};
use ureq::tls::Certificate;

use super::super::outbox::Outbox;
use super::super::report::{Destination, LastAnswer};
use super::super::round::Round;
use super::super::testing::{Folder, PRODUCT, Told, event};
use super::super::testing_http::{OK, read_request};
use super::*;

/// Of 127.0.0.1 and of `usage.invalid`, for a hundred years, for tests alone: made by `openssl req -x509
/// -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -addext
/// subjectAltName=IP:127.0.0.1,DNS:usage.invalid -addext basicConstraints=critical,CA:FALSE`.
const CERTIFICATE_AND_KEY: &[u8] = include_bytes!("https_tests.pem");
const A_DAY: Duration = Duration::from_secs(24 * 3600);

struct Server {
    address: SocketAddr,
    url: String,
    /// Who trusts these trusts the server.
    roots: RootCerts,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// A server that proves to be `127.0.0.1`, to whom trusts it.
    fn start() -> Self {
        let certificate = CertificateDer::from_pem_slice(CERTIFICATE_AND_KEY).unwrap();
        let key = PrivateKeyDer::from_pem_slice(CERTIFICATE_AND_KEY).unwrap();
        let roots = [Certificate::from_der(&certificate).to_owned()].into();
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let url = format!("https://{address}");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let server = Self { address, url, roots, requests: requests.clone() };
        let config = Arc::new(config);
        thread::spawn(move || {
            for connection in listener.incoming() {
                let mut session = ServerConnection::new(config.clone()).unwrap();
                let mut connection = connection.unwrap();
                let mut stream = Stream::new(&mut session, &mut connection);
                let Some(request) = read_request(&mut stream) else { continue };
                requests.lock().unwrap().push(request);
                stream.write_all(OK).unwrap();
            }
        });
        server
    }
}

fn outbox(folder: &Folder, url: &str) -> Outbox {
    let destination = Destination::Endpoint(url.to_owned());
    Outbox::with(&PRODUCT, destination, Endpoint::parse(url).ok(), Some(folder.path().to_owned()))
}

/// Sends what waits, to a server that one of `roots` must vouch for.
fn send(outbox: &Outbox, roots: RootCerts, told: &Told) -> bool {
    send_where(outbox, roots, told, |_| None)
}

/// The same where the environment is this one.
fn send_where(
    outbox: &Outbox,
    roots: RootCerts,
    told: &Told,
    look_up: impl Fn(&str) -> Option<String>,
) -> bool {
    let endpoint = outbox.endpoint.as_ref().unwrap();
    let mut http = Http::trusting(roots, endpoint, Duration::from_secs(5), look_up);
    let mut round = Round { product: &PRODUCT, outbox, transport: &mut http, conditions: told };
    round.send_own().is_ok()
}

#[test]
fn a_server_for_whom_nobody_vouches_is_told_nothing_and_nothing_is_lost() {
    let (folder, server, told) = (Folder::new(), Server::start(), Told::new());
    let outbox = outbox(&folder, &server.url);
    assert!(outbox.record(&event("a")));
    assert!(!send(&outbox, roots(), &told));
    assert_eq!(outbox.report().last, Some(LastAnswer::Failed(Failure::Tls)));
    assert_eq!((outbox.report().waiting, folder.spools().len()), (1, 1));

    // The same server, for whom somebody now vouches, when the gate is open again.
    told.now.set(told.now.get() + A_DAY);
    assert!(send(&outbox, server.roots.clone(), &told));
    let requests = server.requests.lock().unwrap();
    assert_eq!((requests.len(), outbox.report().waiting), (1, 0), "none of the first attempts got through");
    assert!(requests[0].contains(r#""event":"a""#), "{requests:?}");
}

#[test]
fn a_server_that_proves_to_be_another_is_told_nothing() {
    let (folder, server) = (Folder::new(), Server::start());
    let outbox = outbox(&folder, &server.url.replace("127.0.0.1", "localhost"));
    assert!(outbox.record(&event("a")));
    assert!(!send(&outbox, server.roots.clone(), &Told::new()));
    assert_eq!(outbox.report().last, Some(LastAnswer::Failed(Failure::Tls)));
    assert_eq!((server.requests.lock().unwrap().len(), outbox.report().waiting), (0, 1));
}

/// The machine of a process is what its variables say; so that is one of its own.
#[test]
#[cfg(all(unix, not(target_vendor = "apple")))]
fn whom_somebody_added_to_the_machine_vouches_only_if_whoever_built_the_program_wants_that() {
    use std::process::Command;
    use std::{env, fs};
    const AS_CHILD: &str = "HTTPS_TESTS_SERVER";
    if let Ok(url) = env::var(AS_CHILD) {
        let endpoint = Endpoint::parse(&url).unwrap();
        let request = super::super::testing::request(endpoint.url(), "{}", 0);
        return println!("{:?}", Http::new(&endpoint).send(&request));
    }
    let (folder, server) = (Folder::new(), Server::start());
    let added = folder.path().join("added.pem");
    let certificate = CERTIFICATE_AND_KEY
        .split_inclusive(|byte| *byte == b'\n')
        .take_while(|line| !line.starts_with(b"-----BEGIN PRIVATE"));
    fs::write(&added, certificate.flatten().copied().collect::<Vec<u8>>()).unwrap();
    let this = thread::current().name().unwrap().to_owned();
    let child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "--nocapture", &this])
        .env(AS_CHILD, &server.url)
        .env("SSL_CERT_FILE", added)
        .output()
        .unwrap();
    let is_wanted = cfg!(any(feature = "platform-verifier", not(feature = "rustls")));
    let said = String::from_utf8(child.stdout).unwrap();
    assert_eq!(said.contains("status: 200"), is_wanted, "{said}");
    assert_eq!(said.contains("Nothing(Tls)"), !is_wanted, "{said}");
    assert_eq!(server.requests.lock().unwrap().len(), usize::from(is_wanted));
}

/// A proxy that leads every tunnel to `address`, whatever is asked for; and what it was asked.
fn proxy(address: SocketAddr) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heads = asked.clone();
    thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.unwrap();
            heads.lock().unwrap().push(read_request(&mut client).unwrap());
            client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").unwrap();
            let server = TcpStream::connect(address).unwrap();
            let ways = [(&client, &server), (&server, &client)];
            for (mut from, mut to) in
                ways.map(|(from, to)| (from.try_clone().unwrap(), to.try_clone().unwrap()))
            {
                thread::spawn(move || {
                    let _ = io::copy(&mut from, &mut to);
                    let _ = to.shutdown(std::net::Shutdown::Write);
                });
            }
        }
    });
    (url, asked)
}

#[test]
fn through_a_proxy_whole_requests_arrive_of_which_it_sees_the_endpoints_name_alone() {
    let (folder, server) = (Folder::new(), Server::start());
    let (proxy, asked) = proxy(server.address);
    let outbox = outbox(&folder, "https://usage.invalid");
    assert!(outbox.record(&event("a")) && outbox.record(&event("b")));
    let look_up = |name: &str| (name == "HTTPS_PROXY").then(|| proxy.clone());
    assert!(send_where(&outbox, server.roots.clone(), &Told::new(), look_up));
    let requests = server.requests.lock().unwrap();
    assert!(requests.len() == 1 && requests[0].contains(r#""event":"b""#), "{requests:?}");
    assert!(requests[0].to_ascii_lowercase().contains("host: usage.invalid\r\n"), "{requests:?}");
    let asked = asked.lock().unwrap();
    assert!(asked.len() == 1 && asked[0].starts_with("CONNECT usage.invalid:443 HTTP/1.1\r\n"), "{asked:?}");
    assert!(!asked[0].contains("Authorization"), "{asked:?}");
    assert_eq!((outbox.report().sent, outbox.report().waiting), (2, 0));
}

#[test]
fn a_proxy_that_leads_elsewhere_is_told_nothing() {
    let (folder, server) = (Folder::new(), Server::start());
    let (proxy, _) = proxy(server.address);
    let outbox = outbox(&folder, "https://api.segment.io");
    assert!(outbox.record(&event("a")));
    let look_up = |name: &str| (name == "https_proxy").then(|| proxy.clone());
    assert!(!send_where(&outbox, server.roots.clone(), &Told::new(), look_up));
    assert_eq!(outbox.report().last, Some(LastAnswer::Failed(Failure::Tls)));
    assert_eq!((server.requests.lock().unwrap().len(), outbox.report().waiting), (0, 1));
}
