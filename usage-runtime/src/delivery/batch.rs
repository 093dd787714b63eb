//! Lines into messages, and messages into bodies within Segment's limits. Pure.

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
    /// Its message; `None` for what must not be sent: no event of ours, or too large a one.
    pub(super) message: Option<String>,
}

/// Completes what waits in the queue called `id`.
pub(super) fn items(waiting: Vec<Waiting>, id: QueueId, completion: &Completion) -> Vec<Item> {
    let complete = |event: Waiting| {
        let message = completion.message(&event.line, &id.message_id(event.position));
        Item {
            end: event.end,
            bytes: (event.line.len() as u64).saturating_add(1),
            message: message.filter(|text| text.len() <= LARGEST_EVENT),
        }
    };
    waiting.into_iter().map(complete).collect()
}

/// How many of the first items one body has room for; at least one, for no message fills a body.
pub(super) fn fitting(items: &[Item], envelope: usize) -> usize {
    let mut room = LARGEST_BODY.saturating_sub(envelope);
    let fits = |item: &&Item| {
        let needed = item.message.as_ref().map_or(0, |message| message.len().saturating_add(1));
        let left = room.checked_sub(needed);
        room = left.unwrap_or(room);
        left.is_some()
    };
    items.iter().take(MOST_EVENTS).take_while(fits).count().max(1)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{event, recorder, user};
    use super::*;

    fn item(bytes: usize) -> Item {
        Item { end: 0, bytes: 0, message: Some("x".repeat(bytes)) }
    }

    #[test]
    fn a_body_holds_a_hundred_events_at_most() {
        assert_eq!(fitting(&vec![item(1); 250], 100), 100);
        assert_eq!(fitting(&vec![item(1); 99], 100), 99);
    }

    #[test]
    fn a_body_is_never_larger_than_segment_takes() {
        let items = vec![item(31_999); 100];
        let count = fitting(&items, 100);
        let body = 100 + count * 32_000 - 1;
        assert!(body <= LARGEST_BODY && body + 32_000 > LARGEST_BODY, "{count}");
        // To the byte: the envelope, two messages, and a comma each.
        assert_eq!(fitting(&[item(200_000), item(LARGEST_BODY - 100 - 200_001 - 1)], 100), 2);
        assert_eq!(fitting(&[item(200_000), item(LARGEST_BODY - 100 - 200_001)], 100), 1);
    }

    #[test]
    fn an_event_that_is_too_large_or_no_event_has_no_message() {
        let id = QueueId::random().unwrap();
        let large = event("large").replace("large", &"x".repeat(LARGEST_EVENT));
        let lines = [event("good"), large, "junk".to_owned()];
        let waiting = lines.map(|line| Waiting { position: 3, end: 4, line }).to_vec();
        let items = items(waiting, id, &Completion::new(&recorder(), &user()));
        let messages: Vec<_> = items.iter().map(|item| item.message.is_some()).collect();
        assert_eq!(messages, [true, false, false]);
        assert!(items[0].message.as_ref().unwrap().contains(&id.message_id(3)));
        assert_eq!((items[0].end, items[0].bytes), (4, event("good").len() as u64 + 1));
    }
}
