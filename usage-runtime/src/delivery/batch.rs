//! Lines into messages, and messages into bodies within Segment's limits. Pure.

use std::mem;
use std::ops::Range;
use std::time::SystemTime;

use super::ids::QueueId;
use super::queue::Waiting;
use super::segment::{BODY_END, Completion, body, body_start};

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
    write_key: &'static str,
    items: Vec<Item>,
    /// A body but for its end, and with a time that still is to be set.
    body: Vec<u8>,
    /// Where the messages begin in it.
    start: usize,
}

impl Batch {
    /// An empty one.
    pub(super) fn new(completion: Completion, write_key: &'static str) -> Self {
        let body = body_start(write_key, SystemTime::UNIX_EPOCH).into_bytes();
        Self { completion, write_key, items: Vec::new(), start: body.len(), body }
    }

    /// Forgets what it holds.
    pub(super) fn clear(&mut self) {
        self.items.clear();
        self.body.truncate(self.start);
    }

    /// Completes an event of the queue called `id`; returns whether there was room.
    pub(super) fn add(&mut self, id: QueueId, event: &Waiting<'_>) -> bool {
        let length = self.completion.length(event.line);
        let is_sendable = event.is_whole && length <= LARGEST_EVENT;
        if !self.has_room_for(if is_sendable { length } else { 0 }) {
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

    /// Some neighbours of what it holds.
    pub(super) fn part(&self, part: &Range<usize>) -> &[Item] {
        self.items.get(part.clone()).unwrap_or_default()
    }

    /// The body for a part, at this time. That for the whole is no copy, but has to be given back.
    pub(super) fn body_of(&mut self, part: &Range<usize>, now: SystemTime) -> Vec<u8> {
        let start = body_start(self.write_key, now);
        if part.len() < self.items.len() || start.len() != self.start {
            return body(self.write_key, self.messages_of(part), now);
        }
        if let Some(before) = self.body.get_mut(..self.start) {
            before.copy_from_slice(start.as_bytes());
        }
        self.body.extend_from_slice(BODY_END.as_bytes());
        mem::take(&mut self.body)
    }

    /// Takes back what `body_of` gave.
    pub(super) fn give_back(&mut self, mut body: Vec<u8>) {
        if self.body.is_empty() {
            body.truncate(body.len().saturating_sub(BODY_END.len()));
            self.body = body;
        }
    }

    /// The messages of a part, with commas between them.
    fn messages_of(&self, part: &Range<usize>) -> &[u8] {
        let mut messages = self.part(part).iter().filter_map(|item| item.message.as_ref());
        let Some(first) = messages.next() else { return &[] };
        let end = messages.next_back().unwrap_or(first).end;
        self.body.get(first.start..end).unwrap_or_default()
    }

    /// Whether a message of this length fits; always for the first one, since no message fills a body.
    fn has_room_for(&self, length: usize) -> bool {
        let taken = [self.body.len(), ",".len(), length, BODY_END.len()];
        let sum = taken.into_iter().fold(0, usize::saturating_add);
        self.items.is_empty() || (self.items.len() < MOST_EVENTS && sum <= LARGEST_BODY)
    }

    fn append(&mut self, event: &Waiting<'_>, id: QueueId) -> Range<usize> {
        if self.body.len() > self.start {
            self.body.push(b',');
        }
        let start = self.body.len();
        self.completion.append(&mut self.body, event.line, &id.message_id(event.position));
        start..self.body.len()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::testing::{event, recorder, user};
    use super::*;

    const ID: QueueId = QueueId::NONE;

    fn batch() -> Batch {
        Batch::new(Completion::new(&recorder(), &user()), "KEY")
    }

    fn waiting(line: &str) -> Waiting<'_> {
        Waiting { position: 3, end: 4, line: line.as_bytes(), is_whole: true }
    }

    /// How long the message of this line is.
    fn length(line: &str) -> usize {
        Completion::new(&recorder(), &user()).length(line.as_bytes())
    }

    /// An event whose message is so long.
    fn event_of(bytes: usize) -> String {
        event(&"x".repeat(bytes - length(&event(""))))
    }

    /// The body for all that the batch holds.
    fn body_of(batch: &mut Batch) -> Vec<u8> {
        let body = batch.body_of(&(0..batch.items().len()), SystemTime::UNIX_EPOCH);
        batch.give_back(body.clone());
        body
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
        let size = body_of(&mut batch).len();
        assert!(size <= LARGEST_BODY && size + LARGEST_EVENT + 1 > LARGEST_BODY, "{size}");
        // To the byte: a comma stands between messages alone, and is counted for each.
        let left = LARGEST_BODY - size;
        assert!(!batch.add(ID, &waiting(&event_of(left))) && batch.add(ID, &waiting(&event_of(left - 1))));
        assert_eq!(body_of(&mut batch).len(), LARGEST_BODY);
    }

    #[test]
    fn an_event_that_is_too_large_or_no_event_has_no_message() {
        let mut batch = batch();
        let [good, large] = [event_of(LARGEST_EVENT), event_of(LARGEST_EVENT + 1)];
        assert!(batch.add(ID, &waiting(&good)) && batch.add(ID, &waiting(&large)));
        assert!(batch.add(ID, &Waiting { is_whole: false, ..waiting("junk") }));
        let has_message: Vec<_> = batch.items().iter().map(Item::has_message).collect();
        assert_eq!(has_message, [true, false, false]);
        assert!(String::from_utf8_lossy(&batch.body).contains(ID.message_id(3).as_str()));
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
                let body = batch.body_of(&(first..last + 1), SystemTime::UNIX_EPOCH);
                let value: serde_json::Value = serde_json::from_slice(&body).unwrap();
                batch.give_back(body);
                let messages = value["batch"].as_array().unwrap();
                let names: String =
                    messages.iter().map(|message| message["event"].as_str().unwrap()).collect();
                let expected: String =
                    "abcdef"[first..=last].chars().filter(|name| "bde".contains(*name)).collect();
                assert_eq!(names, expected);
            }
        }
    }

    #[test]
    fn a_body_has_the_time_of_its_own_attempt() {
        let mut batch = batch();
        assert!(batch.add(ID, &waiting(&event("a"))));
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let first = batch.body_of(&(0..1), at(1));
        batch.give_back(first.clone());
        let [first, second] =
            [first, batch.body_of(&(0..1), at(2))].map(|body| String::from_utf8(body).unwrap());
        assert!(first.contains(r#""sentAt":"1970-01-01T00:00:01.000Z""#), "{first}");
        assert_eq!(second, first.replace("00:00:01", "00:00:02"));
    }
}
