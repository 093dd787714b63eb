//! A server on loopback that answers with raw bytes, for the tests of HTTP and of the sender.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What a Segment-compatible server says.
pub(super) const OK: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"success\":true}";

pub(super) struct Server {
    pub(super) url: String,
    pub(super) requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Takes each request whole and has `answer` write to its connection; closes it then.
    pub(super) fn start(answer: impl Fn(&str, &mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let server = Self { url, requests: requests.clone() };
        thread::spawn(move || {
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let Some(request) = read_request(&mut connection) else { continue };
                requests.lock().unwrap().push(request.clone());
                answer(&request, &mut connection);
            }
        });
        server
    }

    /// Answers every request with these bytes.
    pub(super) fn answering(bytes: &'static [u8]) -> Self {
        Self::start(move |_, connection| drop(connection.write_all(bytes)))
    }

    pub(super) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// Head and body of one request; `None` if the peer went away before its end.
pub(super) fn read_request(connection: &mut impl Read) -> Option<String> {
    let (mut text, mut buffer) = (String::new(), [0; 4096]);
    loop {
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
        let read = connection.read(&mut buffer).ok().filter(|read| *read > 0)?;
        text.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
    }
}
