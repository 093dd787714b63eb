//! Lines into messages, and messages into bodies within Segment's limits. Pure.

use std::ops::Range;

use super::ids::QueueId;
use super::queue::Waiting;
use super::segment::Completion;

/// Segment takes 2500 events a batch; its own clients send 100.
pub(super) const MOST_EVENTS: usize = 100;
/// "500 KB", of which nobody says whether a KB is 1000 or 1024 bytes: as analytics-python does.
const LARGEST_BODY: usize = 475_000;
/// "32 KB" an event, read as analytics-go does.
pub(super) const LARGEST_EVENT: usize = 32_000;

/// One waiting event as it will be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// Where the next one stands in the queue.
    pub(super) end: u64,
    /// What it takes in the queue.
    pub(super) bytes: u64,
    /// Where its message stands among the others; `None` for what must not be sent: no event of ours,
    /// or too large a one.
    message: Option<Range<usize>>,
}

impl Item {
    /// Whether it can be sent.
    pub(super) fn has_message(&self) -> bool {
        self.message.is_some()
    }
}

/// As many waiting events as one body has room for. Its memory serves one body after the other.
pub(super) struct Batch {
    completion: Completion,
    /// What a body has beside messages.
    envelope: usize,
    items: Vec<Item>,
    /// All messages, with commas between them.
    messages: String,
}

impl Batch {
    /// An empty one.
    pub(super) fn new(completion: Completion, envelope: usize) -> Self {
        Self { completion, envelope, items: Vec::new(), messages: String::new() }
    }

    /// Forgets what it holds.
    pub(super) fn clear(&mut self) {
        self.items.clear();
        self.messages.clear();
    }

    /// Completes an event of the queue called `id`; returns whether there was room.
    pub(super) fn add(&mut self, id: QueueId, event: &Waiting<'_>) -> bool {
        let length = self.completion.length(event.line);
        let is_sendable = event.is_whole && length <= LARGEST_EVENT;
        let needed = if is_sendable { length.saturating_add(1) } else { 0 };
        if !self.has_room_for(needed) {
            return false;
        }
        let message = is_sendable.then(|| self.append(event, id));
        let bytes = (event.line.len() as u64).saturating_add(1);
        self.items.push(Item { end: event.end, bytes, message });
        true
    }

    /// What it holds, in its order.
    pub(super) fn items(&self) -> &[Item] {
        &self.items
    }

    /// The messages of neighbouring items, with commas between them.
    pub(super) fn messages_of(&self, items: &[Item]) -> &str {
        let mut messages = items.iter().filter_map(|item| item.message.as_ref());
        let Some(first) = messages.next() else { return "" };
        let end = messages.next_back().unwrap_or(first).end;
        self.messages.get(first.start..end).unwrap_or_default()
    }

    /// Whether a message of this length with its comma fits; always for the first one, since no message
    /// fills a body.
    fn has_room_for(&self, needed: usize) -> bool {
        let taken = [self.envelope, self.messages.len(), needed];
        let sum = taken.into_iter().fold(0, usize::saturating_add);
        self.items.is_empty() || (self.items.len() < MOST_EVENTS && sum <= LARGEST_BODY)
    }

    fn append(&mut self, event: &Waiting<'_>, id: QueueId) -> Range<usize> {
        if !self.messages.is_empty() {
            self.messages.push(',');
        }
        let start = self.messages.len();
        self.completion.append(&mut self.messages, event.line, &id.message_id(event.position));
        start..self.messages.len()
    }
}

#[cfg(test)]
mod tests {
    use super::super::segment::{envelope_size, request};
    use super::super::testing::{event, recorder, user};
    use super::*;

    const ID: QueueId = QueueId::NONE;

    fn batch() -> Batch {
        Batch::new(Completion::new(&recorder(), &user()), envelope_size("KEY"))
    }

    fn waiting(line: &str) -> Waiting<'_> {
        Waiting { position: 3, end: 4, line, is_whole: true }
    }

    /// How long the message of this line is.
    fn length(line: &str) -> usize {
        let mut batch = batch();
        assert!(batch.add(ID, &waiting(line)));
        batch.messages.len()
    }

    /// An event whose message is so long.
    fn event_of(bytes: usize) -> String {
        event(&"x".repeat(bytes - length(&event(""))))
    }

    fn body_of(batch: &Batch) -> String {
        request("", "KEY", batch.messages_of(batch.items()), 0, std::time::SystemTime::UNIX_EPOCH).body
    }

    #[test]
    fn a_batch_holds_a_hundred_events_at_most_sendable_or_not() {
        let mut batch = batch();
        let line = event("a");
        for number in 0..250 {
            let event = Waiting { is_whole: number % 2 == 0, ..waiting(&line) };
            assert_eq!(batch.add(ID, &event), number < 100);
        }
        assert_eq!(batch.items().iter().filter(|item| item.has_message()).count(), 50);
        batch.clear();
        assert!(batch.add(ID, &waiting(&line)) && batch.items().len() == 1);
    }

    #[test]
    fn a_body_is_never_larger_than_segment_takes() {
        let (mut batch, line) = (batch(), event_of(LARGEST_EVENT));
        while batch.add(ID, &waiting(&line)) {}
        let size = body_of(&batch).len();
        assert!(size <= LARGEST_BODY && size + LARGEST_EVENT + 1 > LARGEST_BODY, "{size}");
        // To the byte: a comma stands between messages alone, and is counted for each.
        let left = LARGEST_BODY - size;
        assert!(!batch.add(ID, &waiting(&event_of(left))) && batch.add(ID, &waiting(&event_of(left - 1))));
        assert_eq!(body_of(&batch).len(), LARGEST_BODY);
    }

    #[test]
    fn an_event_that_is_too_large_or_no_event_has_no_message() {
        let mut batch = batch();
        let [good, large] = [event_of(LARGEST_EVENT), event_of(LARGEST_EVENT + 1)];
        assert!(batch.add(ID, &waiting(&good)) && batch.add(ID, &waiting(&large)));
        assert!(batch.add(ID, &Waiting { is_whole: false, ..waiting("junk") }));
        let has_message: Vec<_> = batch.items().iter().map(Item::has_message).collect();
        assert_eq!(has_message, [true, false, false]);
        assert!(batch.messages.contains(ID.message_id(3).as_str()));
        assert_eq!((batch.items()[0].end, batch.items()[0].bytes), (4, good.len() as u64 + 1));
    }

    #[test]
    fn each_stretch_of_items_has_its_own_messages() {
        let mut batch = batch();
        for (name, is_whole) in
            [("a", false), ("b", true), ("c", false), ("d", true), ("e", true), ("f", false)]
        {
            assert!(batch.add(ID, &Waiting { is_whole, ..waiting(&event(name)) }));
        }
        for first in 0..6 {
            for last in first..6 {
                let text = format!("[{}]", batch.messages_of(&batch.items()[first..=last]));
                let messages: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
                let names: String =
                    messages.iter().map(|message| message["event"].as_str().unwrap()).collect();
                let expected: String =
                    "abcdef"[first..=last].chars().filter(|name| "bde".contains(*name)).collect();
                assert_eq!(names, expected);
            }
        }
    }
}
