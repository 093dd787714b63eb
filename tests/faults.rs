//! What a host pays at its end for an endpoint that misbehaves, and what becomes of its events:
//! measured on real processes, for the table that the program `faults` prints and for tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tempfile::TempDir;

use crate::dns::SilentNames;
use crate::endpoint::{Endpoint, Fault};
use crate::{STATE, at_home};

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// How it is called.
    pub name: &'static str,
    /// How the endpoint misbehaves.
    pub fault: Fault,
    /// What happens before a host is measured.
    pub before: Before,
}

/// What happens before a host is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// Nothing.
    Nothing,
    /// Another process has met the fault, so that the gate is closed.
    GateClosed,
    /// The name server falls silent.
    NamesSilent,
}

/// Where the events of a host wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// In files, which survive.
    InFiles,
    /// In memory, for there is no home.
    InMemory,
}

/// What was measured.
#[derive(Debug, Default)]
pub struct Measured {
    /// From the last recorded call to the end of the process, shortest first.
    pub delays: Vec<Duration>,
    /// Events that were recorded.
    pub recorded: usize,
    /// Of these, events that the endpoint took from the process that recorded them.
    pub now: usize,
    /// Of these, events that it took from a later process.
    pub later: usize,
    /// Events that count twice, since they came under two message ids.
    pub doubled: usize,
}

impl Measured {
    /// The delay in the middle, and the longest.
    #[must_use]
    pub fn median_and_longest(&self) -> (Duration, Duration) {
        let at = |place: usize| self.delays.get(place).copied().unwrap_or_default();
        (at(self.delays.len() / 2), at(self.delays.len().saturating_sub(1)))
    }

    /// Events that were recorded, and that nobody delivers.
    #[must_use]
    pub fn lost(&self) -> usize {
        self.recorded.saturating_sub(self.now + self.later)
    }
}

/// All cases, in the order of the table.
pub const CASES: [Case; 14] = [
    case("takes the events", Fault::None),
    case("refuses connections", Fault::Refused),
    Case {
        before: Before::GateClosed,
        ..case("gate closed by an earlier process", Fault::Status(429, RETRY_AFTER))
    },
    case("500", Fault::Status(500, "")),
    case("429, `Retry-After: 10`", Fault::Status(429, RETRY_AFTER)),
    case("accepts, never answers", Fault::BlackHole),
    case("full backlog", Fault::FullBacklog),
    case("body: a byte each 100 ms", Fault::SlowBody),
    case("head: a byte each 100 ms", Fault::SlowHead),
    case("endless body", Fault::EndlessBody),
    case("reset instead of an answer", Fault::Reset),
    case("not HTTP", Fault::Garbage),
    case("portal: redirect", Fault::Redirect),
    case("portal: 200 with a page", Fault::Page),
];

/// A name server that never answers; only where the machine lets us put one in the way.
pub const SILENT_NAMES: Case =
    Case { before: Before::NamesSilent, ..case("name server never answers", Fault::Refused) };

const RETRY_AFTER: &str = "Retry-After: 10\r\n";

const fn case(name: &'static str, fault: Fault) -> Case {
    Case { name, fault, before: Before::Nothing }
}

impl Case {
    /// Whether nobody has to wait for the endpoint: it takes the events, or is known to be away.
    #[must_use]
    pub fn is_over_at_once(&self) -> bool {
        self.before == Before::GateClosed
            || matches!(self.fault, Fault::None)
            || (self.fault == Fault::Refused && self.before == Before::Nothing)
    }

    /// Runs `program` again and again, each time in a home of its own, with so many events; then
    /// heals the endpoint and lets a later process come to each home.
    ///
    /// # Panics
    ///
    /// When a program does not end well, or the machine gives no port or folder.
    #[must_use]
    pub fn measure(&self, program: &Path, events: usize, waits: Waits, runs: usize) -> Measured {
        let place = Place::of(self);
        let homes: Vec<Home> = (0..runs).map(|_| Home::new(waits)).collect();
        let mut measured = Measured { recorded: events * runs, ..Measured::default() };
        let mut others = 0;
        for home in &homes {
            if self.before == Before::GateClosed {
                run(&mut home.command(program, &place.url, 1));
                others += 1;
            }
            let command = home.command(program, &place.url, events);
            measured.delays.push(run(&mut place.around(command)));
        }
        measured.delays.sort();
        let now = place.endpoint.taken();
        let receiver = place.endpoint.heal().expect("it listens");
        if waits == Waits::InFiles {
            for home in &homes {
                home.forget_the_gate();
                run(home.command(program, &place.url, 1).arg("until all is sent"));
                others += 1;
            }
        }
        let id = |message: &serde_json::Value| message["messageId"].as_str().unwrap_or_default().to_owned();
        let later: BTreeSet<String> = receiver.messages().iter().map(id).collect();
        let all = now.union(&later).count().saturating_sub(others);
        measured.now = now.len();
        measured.later = all.min(measured.recorded).saturating_sub(now.len());
        measured.doubled = all.saturating_sub(measured.recorded);
        measured
    }

    /// What one recorded call takes a host, of [`CALLS`] in a row: in the middle, and longer than 99 of
    /// 100 others; of each the middle of some hosts, for any one may be put aside by the machine.
    ///
    /// # Panics
    ///
    /// As [`Case::measure`].
    #[must_use]
    pub fn call(&self, program: &Path, waits: Waits) -> (Duration, Duration) {
        let place = Place::of(self);
        let (mut middles, mut mosts): (Vec<Duration>, Vec<Duration>) =
            (0..TIMED_HOSTS).map(|_| self.call_of_one(program, waits, &place)).unzip();
        middles.sort();
        mosts.sort();
        (middles[TIMED_HOSTS / 2], mosts[TIMED_HOSTS / 2])
    }

    fn call_of_one(&self, program: &Path, waits: Waits, place: &Place) -> (Duration, Duration) {
        let home = Home::new(waits);
        if self.before == Before::GateClosed {
            run(&mut home.command(program, &place.url, 1));
        }
        let mut command = home.command(program, &place.url, CALLS);
        command.arg(TIME_EACH);
        let output = place.around(command).output().expect("it starts");
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
        let text = String::from_utf8_lossy(&output.stdout);
        let mut times =
            text.split_whitespace().map(|time| Duration::from_nanos(time.parse().expect("a time")));
        (times.next().unwrap_or_default(), times.next().unwrap_or_default())
    }
}

/// How many hosts have their calls timed.
const TIMED_HOSTS: usize = 5;
/// How many calls are timed one by one.
pub const CALLS: usize = 2000;
/// Has the measured host print how long its calls took, see [`Case::call`].
pub const TIME_EACH: &str = "time each call";

/// Makes so many calls and prints, in nanoseconds, the time in the middle and the 99th percentile.
pub fn time_each(calls: usize, call: impl Fn()) {
    let time = |_| {
        let begin = Instant::now();
        call();
        begin.elapsed()
    };
    let mut times: Vec<Duration> = (0..calls).map(time).collect();
    times.sort();
    let at = |place: usize| times.get(place).copied().unwrap_or_default().as_nanos();
    println!("{} {}", at(calls / 2), at(calls * 99 / 100));
}

/// The same host with its logging switched off, for comparison.
///
/// # Panics
///
/// As [`Case::measure`].
#[must_use]
pub fn bare(program: &Path, events: usize, runs: usize) -> Measured {
    let home = Home::new(Waits::InFiles);
    let end =
        |_| run(home.command(program, "http://127.0.0.1:9", events).env("NML_DISABLE_USAGE_LOGGING", ""));
    let mut delays: Vec<Duration> = (0..runs).map(end).collect();
    delays.sort();
    Measured { delays, ..Measured::default() }
}

/// What the measured host prints when its last call has returned.
#[must_use]
pub fn moment() -> String {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos().to_string()
}

/// Where the hosts of a case run.
struct Place {
    endpoint: Endpoint,
    url: String,
    names: Option<SilentNames>,
}

impl Place {
    fn of(case: &Case) -> Self {
        let endpoint = Endpoint::start(case.fault).expect("a port");
        let is_silent = case.before == Before::NamesSilent;
        let names = is_silent.then(|| SilentNames::start().expect("a silent name server"));
        let url = if is_silent { endpoint.url_by_name() } else { endpoint.url() };
        Self { endpoint, url, names }
    }

    /// The command as it has to be run there.
    fn around(&self, command: Command) -> Command {
        match &self.names {
            Some(names) => names.around(&command),
            None => command,
        }
    }
}

/// A home of one host.
struct Home {
    folder: TempDir,
    waits: Waits,
}

impl Home {
    fn new(waits: Waits) -> Self {
        Self { folder: TempDir::new().expect("a folder"), waits }
    }

    fn command(&self, program: &Path, url: &str, events: usize) -> Command {
        let mut command = Command::new(program);
        // What is no folder can hold none.
        let home = if self.waits == Waits::InFiles { self.folder.path() } else { program };
        at_home(&mut command, home).current_dir(self.folder.path()).env("NML_USAGE_ENDPOINT", url);
        command.args(["host", &events.to_string()]);
        command
    }

    /// Stands in for the time after which the gate opens.
    fn forget_the_gate(&self) {
        let gate = spool(self.folder.path()).join("gate");
        if gate.exists() {
            fs::remove_file(gate).expect("the gate");
        }
    }
}

/// Runs a host to its end; how long after its last call that came.
fn run(command: &mut Command) -> Duration {
    let output = command.stderr(Stdio::piped()).output().expect("it starts");
    let end = SystemTime::now();
    assert!(output.status.success() && output.stderr.is_empty(), "{command:?}: {output:?}");
    let nanoseconds = String::from_utf8_lossy(&output.stdout).trim().parse().expect("a moment");
    end.duration_since(UNIX_EPOCH + Duration::from_nanos(nanoseconds)).unwrap_or_default()
}

/// Where the measured host has its spool.
#[must_use]
pub fn spool(home: &Path) -> PathBuf {
    home.join(STATE).join("nannyml/usage")
}
