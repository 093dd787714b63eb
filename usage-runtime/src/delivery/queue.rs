//! What the sender needs to know of a place where events wait, be it a file or memory.

use std::io;

use super::ids::QueueId;

/// One waiting event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Waiting {
    /// Where it stands in its queue; gives its message id.
    pub(super) position: u64,
    /// Where the next one stands.
    pub(super) end: u64,
    /// The line as it was recorded.
    pub(super) line: String,
}

/// A place where events wait until they are settled, oldest first. Only the sender reads and
/// settles, so there is no need to mark what it holds in its hand.
pub(super) trait Queue {
    /// The key of the message ids.
    fn id(&self) -> QueueId;

    /// The first unsettled events, `most` at most; none if all are settled.
    fn next(&self, most: usize) -> io::Result<Vec<Waiting>>;

    /// Settles the first unsettled events up to position `end`: they were delivered, or will never
    /// be. They are so many, and take so many bytes.
    fn settle(&self, end: u64, events: u64, bytes: u64);
}
