//! The memory ring: where events wait when no folder can be written, and in print mode. Bounded;
//! what it holds is gone with the process. Touches no file.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::ids::QueueId;
use super::queue::{Queue, Reader, Waiting};
use super::segment::is_event;
use crate::sys::SetOnce;

const MOST_EVENTS: usize = 256;
const MOST_BYTES: u64 = 256 * 1024;

/// A bounded queue in memory. When it is full the newest are refused, as in the spool.
pub(super) struct Ring {
    /// Not before there is something to be told apart by it.
    id: SetOnce<QueueId>,
    lines: Mutex<Lines>,
    /// Bytes that wait, readable without the lock.
    unsettled: AtomicU64,
}

/// One event, and where it stands.
struct Kept {
    position: u64,
    line: String,
}

struct Lines {
    waiting: VecDeque<Kept>,
    next: u64,
}

impl Ring {
    pub(super) fn new() -> Self {
        let lines = Lines { waiting: VecDeque::new(), next: 0 };
        Self { id: SetOnce::new(), lines: Mutex::new(lines), unsettled: AtomicU64::new(0) }
    }

    /// Adds an event; returns whether there was room. The lock is held for a push or a copy of one
    /// batch, never while anything is sent.
    pub(super) fn push(&self, line: &(impl AsRef<[u8]> + ?Sized)) -> bool {
        let Ok(line) = str::from_utf8(line.as_ref()) else { return false };
        let line = line.trim_end();
        let length = line.len() as u64;
        let mut lines = self.lines();
        let bytes = self.unsettled().saturating_add(length);
        if !self.has_id() || lines.waiting.len() >= MOST_EVENTS || bytes > MOST_BYTES {
            return false;
        }
        let position = lines.next;
        lines.next = position.saturating_add(1);
        lines.waiting.push_back(Kept { position, line: line.to_owned() });
        self.unsettled.store(bytes, Ordering::Release);
        true
    }

    /// Forgets everything.
    pub(super) fn clear(&self) {
        let mut lines = self.lines();
        lines.waiting.clear();
        self.unsettled.store(0, Ordering::Release);
    }

    /// Events that wait.
    pub(super) fn waiting(&self) -> u64 {
        self.lines().waiting.len() as u64
    }

    /// Bytes that wait.
    pub(super) fn unsettled(&self) -> u64 {
        self.unsettled.load(Ordering::Acquire)
    }

    /// Asked under the lock alone.
    fn has_id(&self) -> bool {
        self.id.get().is_some() || QueueId::random().is_some_and(|id| self.id.set(id).is_ok())
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue for Ring {
    fn id(&self) -> QueueId {
        // Without an id nothing was pushed, and nobody asks.
        self.id.get().copied().unwrap_or(QueueId::NONE)
    }

    fn next(&self, _reader: &mut Reader, take: &mut dyn FnMut(&Waiting<'_>) -> bool) -> io::Result<()> {
        for Kept { position, line } in &self.lines().waiting {
            let (end, is_whole) = (position.saturating_add(1), is_event(line));
            if !take(&Waiting { position: *position, end, line: line.as_bytes(), is_whole }) {
                break;
            }
        }
        Ok(())
    }

    fn settle(&self, end: u64, _events: u64, _bytes: u64) {
        let mut lines = self.lines();
        while lines.waiting.front().is_some_and(|first| first.position < end) {
            lines.waiting.pop_front();
        }
        let left = lines.waiting.iter().map(|waiting| waiting.line.len() as u64).sum();
        self.unsettled.store(left, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{lines_of, next};
    use super::*;

    #[test]
    fn events_leave_in_the_order_in_which_they_came() {
        let ring = Ring::new();
        assert!(ring.push("a") && ring.push("b") && ring.push("c"));
        assert_eq!(lines_of(&next(&ring, 2)), ["a", "b"]);
        ring.settle(2, 2, 2);
        let left = next(&ring, 9);
        assert_eq!((lines_of(&left), left[0].position, left[0].end), (vec!["c".to_owned()], 2, 3));
        assert_eq!(ring.unsettled(), 1);
    }

    #[test]
    fn the_number_of_events_is_bounded() {
        let ring = Ring::new();
        assert_eq!((0..MOST_EVENTS + 3).filter(|_| ring.push("x")).count(), MOST_EVENTS);
        ring.settle(1, 1, 1);
        assert!(ring.push("x") && !ring.push("x"));
    }

    #[test]
    fn an_event_waits_without_the_end_of_its_line() {
        let ring = Ring::new();
        assert!(ring.push("a\n") && ring.push("b"));
        assert!(ring.lines().waiting.iter().map(|event| &*event.line).eq(["a", "b"]));
        assert_eq!(ring.unsettled(), 2);
    }

    #[test]
    fn the_number_of_bytes_is_bounded() {
        let ring = Ring::new();
        let line = "x".repeat(100_000);
        assert!(ring.push(&line) && ring.push(&line) && !ring.push(&line));
        ring.clear();
        assert!(ring.push(&line));
        assert_eq!(ring.unsettled(), 100_000);
    }

    #[test]
    fn what_is_settled_after_it_was_cleared_does_no_harm() {
        let ring = Ring::new();
        ring.push("a");
        ring.clear();
        ring.push("b");
        ring.settle(1, 1, 1);
        assert_eq!(lines_of(&next(&ring, 9)), ["b"]);
    }
}
