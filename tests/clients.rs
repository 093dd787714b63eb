//! The faults again, for the clients that authors use today: their programs are in `peers`, a workspace of
//! its own, and are built from the registries. Ours is one of them, so that all are measured alike.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use tempfile::TempDir;
use usage_receiver::Request;

use crate::at_home;
use crate::endpoint::{Endpoint, Fault};
use crate::faults::spool;

/// A program that has not ended so long after its start is killed.
pub const BOUND: Duration = Duration::from_secs(20);
/// What ends sooner is run again and again.
const SOON: Duration = Duration::from_secs(1);
const RUNS: usize = 5;
/// How long a later process may have nothing more to deliver before it is ended.
const QUIET: Duration = Duration::from_secs(2);

/// A program with one client.
#[derive(Debug)]
pub struct Client {
    /// How it is called.
    pub name: &'static str,
    /// The program, and what comes before the arguments of all.
    command: Vec<PathBuf>,
}

/// How a program ends after its last event.
#[derive(Clone, Copy, Debug)]
pub enum End {
    /// It returns from `main`, and has its client flush if that has a way to.
    Return,
    /// It calls `process::exit`.
    Exit,
    /// `kill -9` comes.
    Killed,
}

/// Builds or installs the programs, ours first; of those that cannot be, the names.
#[must_use]
pub fn build() -> (Vec<Client>, Vec<&'static str>) {
    let rust = [
        ("this one", "usage-rustls", "usage"),
        ("`segment` (Rust), with `flush`", "segment", "segment"),
        ("posthog-rs", "posthog", "posthog"),
        ("sentry (Rust)", "sentry", "sentry"),
    ];
    let python = [("segment-analytics-python 2.4.0", "2.4.0"), ("segment-analytics-python 2.3.5", "2.3.5")];
    let built = rust.map(|(name, feature, program)| (name, built(feature, program)));
    let installed = python.map(|(name, version)| (name, installed(version)));
    let (mut clients, mut missing) = (Vec::new(), Vec::new());
    for (name, command) in built.into_iter().chain(installed) {
        match command {
            Some(command) => clients.push(Client { name, command }),
            None => missing.push(name),
        }
    }
    (clients, missing)
}

fn peers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}

fn built(feature: &str, program: &str) -> Option<Vec<PathBuf>> {
    let target = peers().join("target").join(feature);
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--release", "--quiet", "--bin", program, "--features", feature, "--target-dir"]);
    succeeds(cargo.arg(&target).current_dir(peers())).then(|| vec![target.join("release").join(program)])
}

fn installed(version: &str) -> Option<Vec<PathBuf>> {
    let folder = peers().join("target").join(format!("python-{version}"));
    let python = folder.join("bin/python");
    let is_there = succeeds(Command::new("python3").args(["-m", "venv"]).arg(&folder))
        && succeeds(
            Command::new(&python)
                .args(["-m", "pip", "--quiet", "--disable-pip-version-check", "install"])
                .arg(format!("segment-analytics-python=={version}")),
        );
    is_there.then(|| vec![python, peers().join("segment_python.py")])
}

fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).status().is_ok_and(|status| status.success())
}

impl Client {
    /// From the last of so many calls to the end of the process, in the middle of some runs; nothing
    /// if it has to be killed.
    ///
    /// # Panics
    ///
    /// When the machine gives no port, folder or process.
    #[must_use]
    pub fn end(&self, fault: Fault, events: usize) -> Option<Duration> {
        let endpoint = Endpoint::start(fault).expect("a port");
        let run = || {
            let home = TempDir::new().expect("a folder");
            until_its_end(self.start(home.path(), &endpoint.url(), events, "return"))
        };
        let mut delays = Vec::new();
        while delays.len() < RUNS
            && delays.iter().all(|delay: &Option<Duration>| delay.is_some_and(|delay| delay < SOON))
        {
            delays.push(run());
        }
        endpoint.heal().expect("it listens");
        // What had to be killed is longer than all else.
        delays.sort_by_key(|delay| delay.unwrap_or(Duration::MAX));
        delays.get(delays.len() / 2).copied().flatten()
    }

    /// How many of so many events arrive in the end, from this process or a later one, if the endpoint
    /// is well.
    ///
    /// # Panics
    ///
    /// As [`Client::end`].
    #[must_use]
    pub fn delivered(&self, end: End, events: usize) -> usize {
        let (endpoint, home) =
            (Endpoint::start(Fault::None).expect("a port"), TempDir::new().expect("a folder"));
        let start = |end| self.start(home.path(), &endpoint.url(), events, end);
        let _ = match end {
            End::Return => until_its_end(start("return")),
            End::Exit => until_its_end(start("exit")),
            End::Killed => {
                let mut process = start("killed");
                wait_for_a_line(&mut process);
                kill(&mut process);
                None
            }
        };
        let now = endpoint.taken().len();
        now + self.delivers_later(home.path(), &endpoint.url(), || endpoint.taken())
    }

    /// How many of so many events that met a refusing endpoint a later process delivers.
    ///
    /// # Panics
    ///
    /// As [`Client::end`].
    #[must_use]
    pub fn delivered_after_a_refusal(&self, events: usize) -> usize {
        let (endpoint, home) =
            (Endpoint::start(Fault::Refused).expect("a port"), TempDir::new().expect("a folder"));
        let url = endpoint.url();
        let _ = until_its_end(self.start(home.path(), &url, events, "return"));
        let receiver = endpoint.heal().expect("it listens");
        // Stands in for the time after which the gate opens.
        let _ = fs::remove_file(spool(home.path()).join("gate"));
        let taken = || receiver.received().iter().flat_map(|received| ids(&received.request)).collect();
        self.delivers_later(home.path(), &url, taken)
    }

    /// What a later process with one event delivers beside that.
    fn delivers_later(&self, home: &Path, url: &str, taken: impl Fn() -> BTreeSet<String>) -> usize {
        let before = taken().len();
        let mut process = self.start(home, url, 1, "live");
        let (mut count, mut since) = (before, Instant::now());
        while since.elapsed() < QUIET {
            thread::sleep(Duration::from_millis(20));
            if taken().len() > count {
                (count, since) = (taken().len(), Instant::now());
            }
        }
        drop(process.stdin.take());
        until_its_end(process);
        taken().len().saturating_sub(before + 1)
    }

    fn start(&self, home: &Path, url: &str, events: usize, end: &str) -> Child {
        let (program, arguments) = self.command.split_first().expect("a program");
        let mut command = Command::new(program);
        at_home(&mut command, home);
        command.args(arguments).args([url, &events.to_string(), end]).current_dir(home);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        command.spawn().expect("it starts")
    }
}

/// From the moment that the program tells to its end; nothing if it had to be killed.
fn until_its_end(mut process: Child) -> Option<Duration> {
    let mut output = process.stdout.take()?;
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut said = String::new();
        // Whatever it said, its output is at its end when it is.
        let _ = output.read_to_string(&mut said);
        let _ = sender.send((said, SystemTime::now()));
    });
    let Ok((said, end)) = receiver.recv_timeout(BOUND) else {
        kill(&mut process);
        return None;
    };
    process.wait().expect("its end");
    let moment = UNIX_EPOCH + Duration::from_nanos(said.trim().parse().expect("a moment"));
    Some(end.duration_since(moment).unwrap_or_default())
}

fn wait_for_a_line(process: &mut Child) {
    let output = process.stdout.as_mut().expect("it is a pipe");
    let read = BufReader::new(output).read_line(&mut String::new());
    assert!(read.is_ok_and(|read| read > 0), "it said nothing");
}

fn kill(process: &mut Child) {
    process.kill().expect("it can be killed");
    process.wait().expect("its end");
}

/// The ids of the events in a request, as each of the clients writes them; names where there are none.
#[must_use]
pub fn ids(request: &Request) -> Vec<String> {
    let id = |value: &Value| {
        ["messageId", "uuid", "event_id", "event"]
            .iter()
            .find_map(|key| value[key].as_str().map(str::to_owned))
    };
    let messages = request.messages();
    if !messages.is_empty() {
        return messages.iter().filter_map(id).collect();
    }
    let first_line = request.body.split(|byte| *byte == b'\n').next().unwrap_or_default();
    serde_json::from_slice(first_line).iter().filter_map(id).collect()
}
