//! What the tests of delivery share: a folder that goes with the test, events, surroundings that do
//! as told, and a transport that never leaves memory.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use super::attempt::Surroundings;
use super::endpoint::Endpoint;
use super::line::{Header, Place};
use super::outbox::Outbox;
use super::report::Destination;
use super::retry::Answer;
use super::round::Known;
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
    in_tests: true,
};

/// A new folder that is removed with the value.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("usage-delivery-{}-{number}", std::process::id()));
        crate::state_folder::make(&path).unwrap();
        Self(path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// The names in it, sorted.
    pub(super) fn names(&self) -> Vec<String> {
        let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
        let mut names: Vec<_> = fs::read_dir(&self.0).unwrap().map(|entry| name(entry.unwrap())).collect();
        names.sort();
        names
    }

    /// The only spool file in it.
    pub(super) fn only_spool(&self) -> PathBuf {
        let spools: Vec<_> = self.names().into_iter().filter(|name| name.ends_with(".jsonl")).collect();
        assert_eq!(spools.len(), 1, "{spools:?}");
        self.0.join(&spools[0])
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// An event line whose event is `name`.
pub(super) fn event(name: &str) -> String {
    format!(r#"{{"type":"track","event":"{name}","timestamp":"t","properties":{{"run_time":0.1}}}}"#)
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

pub(super) fn known() -> Known {
    Known { user: user(), place: Place { runtime_environment: "native".to_owned(), ci: None } }
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
    let body: serde_json::Value = serde_json::from_str(&request.body).unwrap();
    let messages = body["batch"].as_array().unwrap();
    messages.iter().map(|message| message[field].as_str().unwrap().to_owned()).collect()
}

impl Transport for Memory {
    fn send(&mut self, request: &Request) -> Answer {
        self.requests.push(request.clone());
        if let Some(act) = &self.meanwhile {
            act();
        }
        let refused = self.refuses.iter().find(|(text, _)| request.body.contains(text));
        refused
            .map(|(_, code)| status(*code))
            .or_else(|| self.answers.pop_front())
            .unwrap_or_else(|| status(200))
    }
}

/// Surroundings that do as told, with a clock that moves only when somebody waits.
pub(super) struct Told {
    pub(super) may_send: Cell<bool>,
    pub(super) is_ending: Cell<bool>,
    pub(super) now: Cell<SystemTime>,
    pub(super) pauses: RefCell<Vec<Duration>>,
}

impl Told {
    pub(super) fn new() -> Self {
        Self {
            may_send: Cell::new(true),
            is_ending: Cell::new(false),
            now: Cell::new(SystemTime::now()),
            pauses: RefCell::default(),
        }
    }
}

impl Surroundings for Told {
    fn may_send(&self) -> bool {
        self.may_send.get()
    }

    fn pause(&self, wait: Duration) -> bool {
        self.pauses.borrow_mut().push(wait);
        self.now.set(self.now.get() + wait);
        !self.is_ending.get()
    }

    fn now(&self) -> SystemTime {
        self.now.get()
    }
}
