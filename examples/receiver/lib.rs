//! A small receiver on loopback that speaks Segment's tracking API: it keeps every request as it
//! arrived and refuses, with the reason, what Segment's rules do not allow. For looking and for
//! tests; it is no server for the open network.

mod http;
pub mod rules;

use std::collections::HashSet;
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::Value;

pub use http::Request;
pub use http::read as read_request;

/// A running receiver; it ends with the process.
#[derive(Clone, Debug)]
pub struct Receiver {
    address: SocketAddr,
    shared: Arc<Shared>,
}

/// A request as it arrived, and what the receiver said to it.
#[derive(Clone, Debug)]
pub struct Received {
    /// The request.
    pub request: Request,
    /// Why the receiver refused it; empty where it did not.
    pub refusals: Vec<String>,
}

#[derive(Debug, Default)]
struct Shared {
    received: Mutex<Vec<Received>>,
    arrived: Condvar,
}

impl Receiver {
    /// Starts to listen on a free port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// When loopback cannot be listened on.
    pub fn start() -> io::Result<Self> {
        Self::start_on(TcpListener::bind(("127.0.0.1", 0))?)
    }

    /// Starts to accept what arrives at `listener`.
    ///
    /// # Errors
    ///
    /// When the listener has no address.
    pub fn start_on(listener: TcpListener) -> io::Result<Self> {
        let receiver = Self { address: listener.local_addr()?, shared: Arc::default() };
        let serving = receiver.clone();
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let serving = serving.clone();
                thread::spawn(move || serving.serve(&connection));
            }
        });
        Ok(receiver)
    }

    /// What a product's endpoint has to be set to.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All requests so far, in the order in which they arrived.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        self.lock().clone()
    }

    /// All messages of the requests that were not refused, in the order in which they arrived; as at
    /// Segment, one whose `messageId` came before does not count.
    #[must_use]
    pub fn messages(&self) -> Vec<Value> {
        messages(&self.lock()).0
    }

    /// How many messages did not count, since their `messageId` came before.
    #[must_use]
    pub fn duplicates(&self) -> usize {
        messages(&self.lock()).1
    }

    /// Waits until at least `count` messages arrived, `timeout` at most; returns those there are.
    #[must_use]
    pub fn wait_for_messages(&self, count: usize, timeout: Duration) -> Vec<Value> {
        let waited = self
            .shared
            .arrived
            .wait_timeout_while(self.lock(), timeout, |received| messages(received).0.len() < count);
        let (received, _) = waited.unwrap_or_else(PoisonError::into_inner);
        messages(&received).0
    }

    /// Answers the requests of one connection, one after the other.
    fn serve(&self, connection: &TcpStream) {
        while let Ok(Some(request)) = http::read(connection) {
            let refusals = rules::refusals(&request);
            let (status, answer) = match refusals.first() {
                None => ("200 OK", serde_json::json!({ "success": true })),
                Some(_) => ("400 Bad Request", serde_json::json!({ "success": false, "message": refusals })),
            };
            self.lock().push(Received { request, refusals });
            self.shared.arrived.notify_all();
            if http::answer(connection, status, &answer).is_err() {
                return;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Received>> {
        self.shared.received.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The messages that count, and how many do not.
fn messages(received: &[Received]) -> (Vec<Value>, usize) {
    let accepted = received.iter().filter(|received| received.refusals.is_empty());
    let all: Vec<Value> = accepted.flat_map(|received| received.request.messages()).collect();
    let (count, mut seen) = (all.len(), HashSet::new());
    let is_new = |message: &Value| seen.insert(message["messageId"].to_string());
    let counting: Vec<Value> = all.into_iter().filter(is_new).collect();
    let duplicates = count - counting.len();
    (counting, duplicates)
}
