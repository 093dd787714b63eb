//! One product, a server on loopback that answers as written down, and a clock that moves only when
//! somebody waits: what the tests of the retry policy share.

use std::collections::VecDeque;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::endpoint::Endpoint;
use super::http::Http;
use super::outbox::Outbox;
use super::report::Destination;
use super::round::Round;
use super::testing::{Folder, PRODUCT, Told, event};
use super::testing_http::{OK, Server};

const OWN_FIRST_BACKOFF: Duration = Duration::from_secs(60);

/// One line of the script: a status with further headers, or nothing but a closed connection.
#[derive(Clone, Copy)]
pub(super) enum Says {
    Status(u16, &'static str),
    Nothing,
}

/// One product with some events, and a server that follows a script and then says 200.
pub(super) struct Case {
    pub(super) folder: Folder,
    pub(super) server: Server,
    pub(super) script: Arc<Mutex<VecDeque<Says>>>,
    pub(super) outbox: Outbox,
    pub(super) told: Told,
}

impl Case {
    pub(super) fn new(script: &[Says]) -> Self {
        let script = Arc::new(Mutex::new(script.iter().copied().collect::<VecDeque<_>>()));
        let lines = script.clone();
        let server = Server::start(move |_, connection| {
            let answer = match lines.lock().unwrap().pop_front() {
                None => OK.to_vec(),
                Some(Says::Nothing) => return,
                Some(Says::Status(status, headers)) => {
                    let head = "Content-Type: application/json\r\nConnection: close\r\nContent-Length: 2";
                    format!("HTTP/1.1 {status} x\r\n{head}\r\n{headers}\r\n{{}}").into_bytes()
                }
            };
            drop(connection.write_all(&answer));
        });
        let folder = Folder::new();
        let outbox = outbox(&folder, &server.url);
        Self { folder, server, script, outbox, told: Told::new() }
    }

    /// The same with one event.
    pub(super) fn of_one(script: &[Says]) -> Self {
        let case = Self::new(script);
        case.record("e0");
        case
    }

    pub(super) fn record(&self, name: &str) {
        assert!(self.outbox.record(&event(name)));
    }

    /// One turn of the sender; the wait until the next, if events have to wait.
    pub(super) fn turn(&self) -> Option<Duration> {
        turn(&self.outbox, &self.told)
    }

    /// Turn after turn with their waits in whole seconds, until nothing is left to do. The gate's file
    /// rounds a moment up to the next second.
    pub(super) fn turns(&self) -> Vec<Duration> {
        let mut waits = Vec::new();
        while let Some(wait) = self.turn() {
            waits.push(whole(wait));
            self.told.now.set(self.told.now.get() + wait);
            assert!(waits.len() < 1000, "it never ends");
        }
        waits
    }

    /// The `X-Retry-Count` of each request.
    pub(super) fn counts(&self) -> Vec<Option<u32>> {
        let count = |request: &String| {
            request
                .lines()
                .find_map(|line| line.to_ascii_lowercase().strip_prefix("x-retry-count: ")?.parse().ok())
        };
        self.server.requests().iter().map(count).collect()
    }

    pub(super) fn requests(&self) -> usize {
        self.server.requests().len()
    }

    /// Events: delivered, dropped, waiting.
    pub(super) fn fates(&self) -> (u64, u64, u64) {
        let report = self.outbox.report();
        (report.sent, report.dropped, report.waiting)
    }
}

pub(super) fn outbox(folder: &Folder, url: &str) -> Outbox {
    let destination = Destination::Endpoint(url.to_owned());
    Outbox::with(&PRODUCT, destination, Endpoint::parse(url).ok(), Some(folder.path().to_owned()))
}

pub(super) fn turn(outbox: &Outbox, told: &Told) -> Option<Duration> {
    let mut http = Http::new(outbox.endpoint.as_ref().unwrap());
    let mut round = Round { product: &PRODUCT, outbox, transport: &mut http, conditions: told };
    round.send_own().err().flatten()
}

pub(super) fn whole(wait: Duration) -> Duration {
    Duration::from_secs(wait.as_secs())
}

/// Whether a wait is our own after so many failures: jitter only ever shortens it, by half at most.
pub(super) fn is_own_backoff(wait: Duration, failures: u32) -> bool {
    let longest = OWN_FIRST_BACKOFF * 2_u32.pow(failures - 1) + Duration::from_secs(1);
    wait <= longest && wait + Duration::from_secs(1) >= longest / 2
}
