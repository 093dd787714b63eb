//! What the tests of delivery share: a folder that goes with the test, events, conditions that do
//! as told, and a transport that never leaves memory.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use super::conditions::{Conditions, Consent, Known};
use super::endpoint::Endpoint;
use super::line::{Header, Place};
use super::outbox::Outbox;
use super::queue::{Queue, Reader, Waiting};
use super::report::{Destination, LastAnswer};
use super::retry::Answer;
use super::segment::{Recorder, Request, User};
use super::transport::Transport;
use crate::product::Product;

pub(super) const ENDPOINT: &str = "https://usage.example";

pub(super) const PRODUCT: Product = Product {
    name: "nannyml",
    version: "0.13.1",
    write_key: "KEY",
    env_prefix: None,
    endpoint: ENDPOINT,
    data_sheet: None,
    has_identity: true,
    in_tests: true,
    error_crates: &[],
    budget: None,
};

/// A new folder that goes with the value.
pub(super) struct Folder(TempDir);

impl Folder {
    pub(super) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    /// The names in it, sorted.
    pub(super) fn names(&self) -> Vec<String> {
        let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
        let mut names: Vec<_> =
            fs::read_dir(self.path()).unwrap().map(|entry| name(entry.unwrap())).collect();
        names.sort();
        names
    }

    /// The spool files in it.
    pub(super) fn spools(&self) -> Vec<PathBuf> {
        super::folder::files(self.path())
    }
}

/// An event line whose event is `name`.
pub(super) fn event(name: &str) -> String {
    format!(r#"{{"type":"track","event":"{name}","timestamp":"t","properties":{{"run_time":0.1}}}}"#)
}

/// One waiting event, taken out of its queue.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    pub(super) position: u64,
    pub(super) end: u64,
    pub(super) line: String,
}

/// The first unsettled events, `most` at most.
pub(super) fn next(queue: &dyn Queue, most: usize) -> Vec<Taken> {
    next_by(&mut Reader::default(), queue, most)
}

/// The same, by somebody who reads that queue for one body after the other.
pub(super) fn next_by(reader: &mut Reader, queue: &dyn Queue, most: usize) -> Vec<Taken> {
    let mut taken = Vec::new();
    let mut take = |event: &Waiting<'_>| {
        let has_room = taken.len() < most;
        if has_room {
            taken.push(Taken {
                position: event.position,
                end: event.end,
                line: String::from_utf8(event.line.to_owned()).unwrap(),
            });
        }
        has_room
    };
    queue.next(reader, &mut take).unwrap();
    taken
}

/// Their lines.
pub(super) fn lines_of(taken: &[Taken]) -> Vec<String> {
    taken.iter().map(|event| event.line.clone()).collect()
}

/// The request with this body.
pub(super) fn request(endpoint: &str, body: &str, attempt: u32) -> Request {
    let mut request = Request::to(endpoint, "KEY");
    request.set(body.into(), attempt);
    request
}

/// The header of the tests' product.
pub(super) fn header() -> Header {
    outbox(None).header
}

/// An outbox of the tests' product.
pub(super) fn outbox(folder: Option<&Folder>) -> Outbox {
    let destination = Destination::Endpoint(ENDPOINT.to_owned());
    let folder = folder.map(|folder| folder.path().to_owned());
    Outbox::with(&PRODUCT, destination, Endpoint::parse(ENDPOINT).ok(), folder)
}

pub(super) fn user() -> User {
    User { id: "u-1".to_owned(), identity: "machine".to_owned() }
}

pub(super) fn recorder() -> Recorder {
    Recorder {
        product: PRODUCT.name.to_owned(),
        version_property: "nannyml_version".to_owned(),
        version: PRODUCT.version.to_owned(),
        rust_version: "1.95.0".to_owned(),
        os_type: "Linux".to_owned(),
        library_version: "0.1.0".to_owned(),
        runtime_environment: "native".to_owned(),
        ci: None,
        agent: None,
    }
}

/// The answer of a server with nothing to say but a status.
pub(super) fn status(status: u16) -> Answer {
    let content_type = Some("application/json".to_owned());
    Answer::Status { status, content_type, retry_after: None, body: Vec::new() }
}

/// A transport that keeps the requests and answers as told, with 200 when it was told nothing more.
#[derive(Default)]
pub(super) struct Memory {
    pub(super) requests: Vec<Request>,
    pub(super) answers: VecDeque<Answer>,
    /// Answers every body that holds one of these texts with the status beside it.
    pub(super) refuses: Vec<(String, u16)>,
    /// Run while a request is on its way.
    pub(super) meanwhile: Option<Box<dyn Fn()>>,
}

impl Memory {
    pub(super) fn answering(answers: impl IntoIterator<Item = u16>) -> Self {
        Self { answers: answers.into_iter().map(status).collect(), ..Self::default() }
    }

    /// The values of `field` in all messages of all requests.
    pub(super) fn all(&self, field: &str) -> Vec<String> {
        self.requests.iter().flat_map(|request| texts(request, field)).collect()
    }
}

/// The values of `field` in all messages of one request.
pub(super) fn texts(request: &Request, field: &str) -> Vec<String> {
    let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
    let messages = body["batch"].as_array().unwrap();
    messages.iter().map(|message| message[field].as_str().unwrap().to_owned()).collect()
}

pub(super) fn body_text(request: &Request) -> &str {
    std::str::from_utf8(&request.body).unwrap()
}

impl Transport for Memory {
    fn send(&mut self, request: &Request) -> Answer {
        self.requests.push(request.clone());
        if let Some(act) = &self.meanwhile {
            act();
        }
        let refused = self.refuses.iter().find(|(text, _)| body_text(request).contains(text));
        refused
            .map(|(_, code)| status(*code))
            .or_else(|| self.answers.pop_front())
            .unwrap_or_else(|| status(200))
    }
}

/// Conditions that do as told, with a clock that moves only when somebody waits.
pub(super) struct Told {
    pub(super) consent: Cell<Consent>,
    pub(super) is_ending: Cell<bool>,
    pub(super) now: Cell<SystemTime>,
    pub(super) pauses: RefCell<Vec<Duration>>,
    pub(super) last: Cell<Option<LastAnswer>>,
}

impl Told {
    pub(super) fn new() -> Self {
        Self {
            consent: Cell::new(Consent::Given),
            is_ending: Cell::new(false),
            now: Cell::new(SystemTime::now()),
            pauses: RefCell::default(),
            last: Cell::default(),
        }
    }
}

impl Conditions for Told {
    fn consent(&self) -> Consent {
        self.consent.get()
    }

    fn known(&self) -> Known {
        Known {
            user: user(),
            place: Place { runtime_environment: "native".to_owned(), ci: None, agent: None },
        }
    }

    fn pause(&self, wait: Duration) -> bool {
        self.pauses.borrow_mut().push(wait);
        self.now.set(self.now.get() + wait);
        !self.is_ending.get()
    }

    fn now(&self) -> SystemTime {
        self.now.get()
    }

    fn answered(&self, last: LastAnswer) {
        self.last.set(Some(last));
    }
}
