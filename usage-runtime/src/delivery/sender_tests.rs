//! Tests of the real thread, with real files and real sockets.

use std::sync::atomic::AtomicBool;

use super::super::endpoint::Endpoint;
use super::super::outbox::Outbox;
use super::super::report::{Destination, LastAnswer};
use super::super::retry::Failure;
use super::super::testing::{Folder, PRODUCT, event};
use super::super::testing_http::{OK, Server};
use super::super::{discard, flush, record, report};
use super::*;
use crate::logger::UsageLogger;

const PATIENCE: Duration = Duration::from_secs(30);

/// The outbox of a process that uses this folder.
fn outbox(folder: &Folder, url: &str) -> Outbox {
    let destination = Destination::Endpoint(url.to_owned());
    Outbox::with(&PRODUCT, destination, Endpoint::parse(url).ok(), Some(folder.path().to_owned()))
}

/// A logger of its own for each test: loggers are statics, and never go away.
fn logger(folder: &Folder, url: &str) -> &'static UsageLogger {
    let logger: &'static UsageLogger =
        Box::leak(Box::new(UsageLogger::new("nannyml", "0.13.1").write_key("KEY").log_in_tests()));
    logger.outbox().get_or_make(|| outbox(folder, url));
    assert!(logger.decide().is_on(), "DO_NOT_TRACK must not be set for these tests");
    logger
}

fn event_names(server: &Server) -> Vec<String> {
    let name = |message: &serde_json::Value| message["event"].as_str().unwrap().to_owned();
    let names = |request: &String| -> Vec<String> {
        let body: serde_json::Value =
            serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap();
        body["batch"].as_array().unwrap().iter().map(name).collect()
    };
    server.requests().iter().flat_map(names).collect()
}

#[test]
fn a_sender_that_began_to_look_rests_until_it_is_signalled_anew() {
    let sender = Sender::new();
    sender.is_signalled.store(true, Ordering::SeqCst);
    sender.is_urgent.store(true, Ordering::SeqCst);
    sender.wait(None);
    sender.begin();
    assert!(!sender.is_signalled.load(Ordering::SeqCst) && !sender.is_urgent.load(Ordering::SeqCst));
}

#[test]
fn what_is_recorded_arrives_by_itself() {
    let (folder, server) = (Folder::new(), Server::answering(OK));
    let logger = logger(&folder, &server.url);
    record(logger, &event("a"));
    record(logger, &event("b"));
    wait_for(PATIENCE, || report(logger).last == Some(LastAnswer::Delivered) && report(logger).sent == 2);
    assert_eq!(event_names(&server), ["a", "b"]);
}

#[test]
fn a_flush_does_not_wait_for_others_to_come() {
    let (folder, server) = (Folder::new(), Server::answering(OK));
    let logger = logger(&folder, &server.url);
    assert!(flush(logger, Duration::ZERO), "nothing was recorded");
    record(logger, &event("a"));
    assert!(flush(logger, PATIENCE));
    assert_eq!(event_names(&server), ["a"]);
}

#[test]
fn a_flush_in_vain_ends_early_and_says_so() {
    let folder = Folder::new();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let logger = logger(&folder, &format!("http://{closed}"));
    record(logger, &event("a"));
    let begin = Instant::now();
    assert!(!flush(logger, PATIENCE));
    assert!(!flush(logger, PATIENCE), "the gate is closed");
    assert!(begin.elapsed() < PATIENCE);
    assert_eq!(report(logger).waiting, 1);
    assert!(matches!(
        report(logger).last,
        Some(LastAnswer::GateClosed | LastAnswer::Failed(Failure::Connection))
    ));
}

#[test]
fn the_backlog_of_processes_that_are_gone_arrives_too() {
    let (folder, server) = (Folder::new(), Server::answering(OK));
    // Before there is a logger for this folder: all tests share one sender, and it may look at once.
    let gone = outbox(&folder, &server.url);
    gone.record(&event("gone"));
    drop(gone);
    let logger = logger(&folder, &server.url);
    record(logger, &event("own"));
    wait_for(PATIENCE, || report(logger).adopted == 1 && report(logger).sent == 1);
    let mut names = event_names(&server);
    names.sort();
    assert_eq!(names, ["gone", "own"]);
    // Counted when the server has it, removed after that.
    wait_for(PATIENCE, || folder.names().len() == 1);
    assert_eq!(folder.names().len(), 1, "what was adopted is removed");
}

#[test]
fn threads_that_record_while_the_sender_sends_lose_and_double_nothing() {
    const THREADS: usize = 3;
    const EVENTS: usize = 400;
    let (folder, server) = (Folder::new(), Server::answering(OK));
    let logger = logger(&folder, &server.url);
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                flush(logger, PATIENCE);
            }
        });
        let record_all = |thread: usize| {
            (0..EVENTS).for_each(|n| assert!(record(logger, &event(&format!("{thread}-{n}")))));
        };
        let threads: Vec<_> = (0..THREADS).map(|thread| scope.spawn(move || record_all(thread))).collect();
        for thread in threads {
            thread.join().unwrap();
        }
        is_over.store(true, Ordering::Relaxed);
    });
    assert!(flush(logger, PATIENCE));
    let mut names = event_names(&server);
    assert_eq!(names.len(), THREADS * EVENTS);
    names.sort();
    names.dedup();
    assert_eq!(names.len(), THREADS * EVENTS);
}

#[test]
fn discarding_while_a_request_is_on_its_way_deletes_the_rest() {
    let folder = Folder::new();
    let (arrived, go_on) = (std::sync::mpsc::channel(), std::sync::mpsc::channel::<()>());
    let server = Server::start(move |_, connection| {
        arrived.0.send(()).unwrap();
        let _ = go_on.1.recv();
        drop(std::io::Write::write_all(connection, OK));
    });
    let logger = logger(&folder, &server.url);
    (0..150).for_each(|n| assert!(record(logger, &event(&n.to_string()))));
    arrived.1.recv().unwrap();
    discard(logger);
    assert_eq!(folder.names(), [""; 0]);
    go_on.0.send(()).unwrap();
    wait_for(PATIENCE, || report(logger).sent == 100);
    let report = report(logger);
    assert_eq!((report.sent, report.discarded, report.waiting), (100, 50, 0));
}
