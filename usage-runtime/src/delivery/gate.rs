//! The gate: after a failure nobody asks the endpoint again too soon, neither this process nor any
//! other. One small file in the spool folder, shared by all processes of the product; a copy in
//! memory for where there is no folder. Sends nothing itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use super::ids;
use crate::json::{Json, quoted};
use crate::{kept_file, small_file, state_folder};

/// Closed for a minute after the first failure, twice as long after each further one. In milliseconds.
const FIRST: u64 = 60_000;
const LONGEST: Duration = Duration::from_secs(3600);
/// Doublings until `LONGEST` is reached for sure.
const MOST_DOUBLINGS: u32 = 6;
/// So many failures in a row a server may time as it likes: beyond, our own backoff counts, too, or
/// one that asks for a second each time would be asked every second, for ever.
const TIMED_BY_THE_SERVER: u32 = 20;

/// Its name in the spool folder.
const FILE: &str = "gate";
/// The gate's file is shorter by far, or it is not ours.
const LARGEST_FILE: u64 = 4096;

/// Whether a product's endpoint may be asked.
pub(super) struct Gate {
    file: Option<PathBuf>,
    endpoint: String,
    memory: Mutex<Option<Closure>>,
    /// In milliseconds.
    first: AtomicU64,
}

/// One closure: until when, and how many failures there were in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Closure {
    until: SystemTime,
    failures: u32,
}

impl Gate {
    /// The gate before `endpoint`, shared through `folder` where there is one.
    pub(super) fn new(folder: Option<&Path>, endpoint: &str) -> Self {
        let file = folder.map(|folder| folder.join(FILE));
        Self { file, endpoint: endpoint.to_owned(), memory: Mutex::new(None), first: AtomicU64::new(FIRST) }
    }

    /// From now on `first` stands in the place of a minute.
    pub(super) fn be_patient_for(&self, first: Duration) {
        self.first.store(u64::try_from(first.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// How long it will stay closed; `None` when it is open.
    pub(super) fn closed_for(&self, now: SystemTime) -> Option<Duration> {
        let remembered = *self.remembered();
        self.longest_wait(remembered, now)
    }

    /// Whether it is closed; `false` where that cannot be said without waiting for another thread.
    pub(super) fn is_closed_at_once(&self, now: SystemTime) -> bool {
        self.memory.try_lock().is_ok_and(|remembered| self.longest_wait(*remembered, now).is_some())
    }

    fn longest_wait(&self, remembered: Option<Closure>, now: SystemTime) -> Option<Duration> {
        let closures = [remembered, self.read()];
        // No closure is longer than `LONGEST` and the second that its file is rounded up by: one that
        // seems so was written under another clock.
        let longest = LONGEST.saturating_add(Duration::from_secs(1));
        let waits =
            closures.into_iter().flatten().filter_map(|closure| closure.until.duration_since(now).ok());
        waits.filter(|wait| !wait.is_zero() && *wait <= longest).max()
    }

    /// Closes it after a failure; for exactly `wait`, if the server asked for one and has not done so
    /// again and again.
    pub(super) fn close(&self, now: SystemTime, wait: Option<Duration>, reason: &str) {
        let mut remembered = self.remembered();
        let before = [*remembered, self.read()].into_iter().flatten();
        // Failures of another day say nothing about this one.
        let recent = before.filter(|closure| {
            now.duration_since(closure.until).map_or(true, |since| since < Duration::from_secs(24 * 3600))
        });
        let failures = recent.map(|closure| closure.failures).max().unwrap_or(0).saturating_add(1);
        let first = Duration::from_millis(self.first.load(Ordering::Relaxed));
        let own = || backoff(first, failures, ids::random_fraction());
        let wait = match wait {
            Some(wait) if failures <= TIMED_BY_THE_SERVER => wait,
            asked => own().max(asked.unwrap_or_default()),
        };
        let closure = Closure { until: now.checked_add(wait).unwrap_or(now), failures };
        *remembered = Some(closure);
        self.write(closure, reason);
    }

    /// Opens it after a success.
    pub(super) fn open(&self) {
        let was_closed = self.remembered().take().is_some();
        // The first question is all that it takes after most requests.
        let is_there = self.file.as_ref().is_some_and(|file| file.symlink_metadata().is_ok());
        if is_there
            && let Some(file) = self.file()
            && (was_closed || self.read().is_some())
        {
            let _ = fs::remove_file(file);
        }
    }

    fn remembered(&self) -> std::sync::MutexGuard<'_, Option<Closure>> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The file, if it lies where nobody else can write.
    fn file(&self) -> Option<&Path> {
        let is_ours =
            |file: &&Path| file.parent().is_some_and(|at| state_folder::is_safe(at).unwrap_or(false));
        self.file.as_deref().filter(is_ours)
    }

    /// What the file says, if it speaks of this endpoint.
    fn read(&self) -> Option<Closure> {
        let text = small_file::read(self.file()?, LARGEST_FILE).ok()??;
        let gate = Json::parse(&text)?;
        let seconds = gate.get("until")?.as_u64()?;
        let failures = gate.get("failures").and_then(Json::as_u64).unwrap_or(1);
        let is_ours = gate.get("endpoint")?.as_str()? == self.endpoint;
        is_ours.then_some(Closure {
            until: SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))?,
            failures: u32::try_from(failures).unwrap_or(u32::MAX),
        })
    }

    fn write(&self, closure: Closure, reason: &str) {
        let Some(file) = self.file() else { return };
        let until = closure.until.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        // Up to the next full second, so that what is asked for is never cut short.
        let seconds = until.as_secs().saturating_add(u64::from(until.subsec_nanos() > 0));
        let (failures, reason, endpoint) = (closure.failures, quoted(reason), quoted(&self.endpoint));
        let text =
            format!(r#"{{"until":{seconds},"failures":{failures},"reason":{reason},"endpoint":{endpoint}}}"#);
        if let Some(folder) = file.parent() {
            let _ = kept_file::write(folder, FILE, text.as_bytes());
        }
    }
}

/// The wait after `failures` in a row. The jitter comes after the cap, or all the processes of the
/// world would end up in step there.
fn backoff(first: Duration, failures: u32, random: f64) -> Duration {
    let doublings = failures.saturating_sub(1).min(MOST_DOUBLINGS);
    let wait = first.saturating_mul(1 << doublings).min(LONGEST);
    wait.mul_f64(1.0 - random.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::super::testing::Folder;
    use super::*;

    const ENDPOINT: &str = "https://usage.example";
    const HOUR: Duration = Duration::from_secs(3600);

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + seconds)
    }

    #[test]
    fn a_closed_gate_is_closed_for_other_processes_too_and_opens_by_itself() {
        let folder = Folder::new();
        let wait = Duration::from_secs(300);
        Gate::new(Some(folder.path()), ENDPOINT).close(at(0), Some(wait), "status 429");
        let other = Gate::new(Some(folder.path()), ENDPOINT);
        assert_eq!(other.closed_for(at(0)), Some(wait));
        assert_eq!(other.closed_for(at(299)), Some(Duration::from_secs(1)));
        assert_eq!(other.closed_for(at(300)), None);
    }

    #[test]
    fn a_success_opens_the_gate_for_all() {
        let folder = Folder::new();
        let (one, other) =
            (Gate::new(Some(folder.path()), ENDPOINT), Gate::new(Some(folder.path()), ENDPOINT));
        one.close(at(0), None, "timeout");
        other.open();
        assert_eq!(Gate::new(Some(folder.path()), ENDPOINT).closed_for(at(0)), None);
        one.open();
        assert_eq!(one.closed_for(at(0)), None);
        assert_eq!(folder.names(), [""; 0]);
    }

    #[test]
    fn each_failure_in_a_row_closes_it_for_longer_and_a_day_forgets() {
        let gate = Gate::new(None, ENDPOINT);
        let mut now = at(0);
        for most in [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600] {
            gate.close(now, None, "timeout");
            let wait = gate.closed_for(now).unwrap();
            assert!(wait >= Duration::from_secs(most / 2) && wait <= Duration::from_secs(most), "{wait:?}");
            now += wait;
            assert_eq!(gate.closed_for(now), None);
        }
        now += 25 * HOUR;
        gate.close(now, None, "timeout");
        assert!(gate.closed_for(now).unwrap() <= Duration::from_millis(FIRST));
    }

    #[test]
    fn failures_are_counted_across_processes() {
        let folder = Folder::new();
        Gate::new(Some(folder.path()), ENDPOINT).close(at(0), None, "timeout");
        let next = Gate::new(Some(folder.path()), ENDPOINT);
        next.close(at(60), None, "timeout");
        assert_eq!(next.read().unwrap().failures, 2);
    }

    #[test]
    fn who_is_to_be_patient_for_less_still_waits_as_long_as_a_server_asks_for() {
        let gate = Gate::new(None, ENDPOINT);
        gate.be_patient_for(Duration::from_millis(500));
        gate.close(at(0), None, "timeout");
        let own = gate.closed_for(at(0)).unwrap();
        assert!(own >= Duration::from_millis(250) && own <= Duration::from_millis(500), "{own:?}");
        gate.close(at(10), Some(Duration::from_secs(7)), "status 429");
        assert_eq!(gate.closed_for(at(10)), Some(Duration::from_secs(7)));
    }

    #[test]
    fn jitter_only_ever_shortens_the_wait() {
        let first = Duration::from_millis(FIRST);
        assert_eq!(backoff(first, 1, 0.0), Duration::from_secs(60));
        assert_eq!(backoff(first, 1, 1.0), Duration::from_secs(30));
        assert_eq!(backoff(first, u32::MAX, 0.0), HOUR);
    }

    #[test]
    fn a_gate_written_under_another_clock_or_for_another_endpoint_does_not_count() {
        let folder = Folder::new();
        let gate = Gate::new(Some(folder.path()), ENDPOINT);
        gate.close(at(25 * 3600), None, "timeout");
        assert_eq!(Gate::new(Some(folder.path()), ENDPOINT).closed_for(at(0)), None);
        gate.close(at(0), None, "timeout");
        assert_eq!(Gate::new(Some(folder.path()), "https://other.example").closed_for(at(0)), None);
    }

    #[test]
    fn the_longest_closure_holds_for_others_although_its_file_is_rounded_up() {
        let folder = Folder::new();
        let now = at(0) + Duration::from_millis(1);
        Gate::new(Some(folder.path()), ENDPOINT).close(now, Some(LONGEST), "timeout");
        assert!(Gate::new(Some(folder.path()), ENDPOINT).closed_for(now).is_some());
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_in_the_place_of_its_file_is_not_waited_for() {
        let folder = Folder::new();
        let pipe = folder.path().join("gate");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let gate = Gate::new(Some(folder.path()), ENDPOINT);
        assert_eq!((gate.closed_for(at(0)), gate.is_closed_at_once(at(0))), (None, false));
    }

    #[test]
    fn whether_it_is_closed_is_said_without_waiting_for_whoever_closes_it() {
        let gate = Gate::new(None, ENDPOINT);
        gate.close(at(0), None, "timeout");
        assert!(gate.is_closed_at_once(at(0)));
        let held = gate.remembered();
        assert!(!gate.is_closed_at_once(at(0)));
        drop(held);
    }

    #[test]
    fn a_gate_file_that_cannot_be_understood_is_open() {
        let folder = Folder::new();
        for junk in [
            "",
            "{",
            "[]",
            r#"{"until":-1}"#,
            r#"{"until":18446744073709551615,"endpoint":"https://usage.example"}"#,
        ] {
            fs::write(folder.path().join("gate"), junk).unwrap();
            assert_eq!(Gate::new(Some(folder.path()), ENDPOINT).closed_for(at(0)), None, "{junk}");
        }
    }
}
