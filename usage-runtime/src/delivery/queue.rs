//! What the sender needs to know of a place where events wait, be it a file or memory.
//! Holds no event itself.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use super::ids::QueueId;
use super::shape::Shapes;
use super::window::Window;

/// One waiting event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Waiting<'a> {
    /// Where it stands in its queue; gives its message id.
    pub(super) position: u64,
    /// Where the next one stands.
    pub(super) end: u64,
    /// The line as it was recorded.
    pub(super) line: &'a [u8],
    /// Whether it is a whole event; what is not must not be sent.
    pub(super) is_whole: bool,
}

/// What one queue may need while it is read, for one time after the other.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) window: Window,
    pub(super) shapes: Shapes,
}

/// Events and their bytes, counted upwards by any thread.
#[derive(Default)]
pub(super) struct Tally {
    events: AtomicU64,
    bytes: AtomicU64,
}

impl Tally {
    /// Released: whoever sees the new numbers sees what was done before.
    pub(super) fn add(&self, events: u64, bytes: u64) {
        self.events.fetch_add(events, Ordering::Release);
        self.bytes.fetch_add(bytes, Ordering::Release);
    }

    /// Goes up to the numbers of another tally, as they were once.
    pub(super) fn reach(&self, (events, bytes): (u64, u64)) {
        self.events.fetch_max(events, Ordering::Release);
        self.bytes.fetch_max(bytes, Ordering::Release);
    }

    /// Bytes alone.
    #[inline]
    pub(super) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Acquire)
    }

    /// Events and bytes.
    pub(super) fn get(&self) -> (u64, u64) {
        (self.events.load(Ordering::Acquire), self.bytes.load(Ordering::Acquire))
    }
}

/// A place where events wait until they are settled, oldest first. Only the sender reads and
/// settles, so there is no need to mark what it holds in its hand.
pub(super) trait Queue {
    /// The key of the message ids.
    fn id(&self) -> QueueId;

    /// Shows the first unsettled events to `take`, until it has no room for one and says so; none if
    /// all are settled.
    fn next(&self, reader: &mut Reader, take: &mut dyn FnMut(&Waiting<'_>) -> bool) -> io::Result<()>;

    /// Settles the first unsettled events up to position `end`: they were delivered, or will never
    /// be. They are so many, and take so many bytes.
    fn settle(&self, end: u64, events: u64, bytes: u64);
}
