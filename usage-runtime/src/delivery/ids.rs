//! The ids of queues, and the message ids that follow from them. Keeps no state and reads no
//! identity.

use std::hash::Hasher;

use uuid::{Builder, Uuid};

use crate::random_id;

/// How long a message id is.
pub(super) const MESSAGE_ID_LENGTH: usize = uuid::fmt::Hyphenated::LENGTH;

/// The random id of one spool file or memory ring: its name, and the key of its message ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct QueueId([u8; 16]);

impl QueueId {
    /// The id of a queue that holds nothing.
    pub(super) const NONE: Self = Self([0; 16]);

    /// A fresh id, `None` where the platform has no random bytes to give.
    pub(super) fn random() -> Option<Self> {
        random_id::random().map(|id| Self(id.into_bytes()))
    }

    /// The id that `text` spells.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Uuid::try_parse(text).ok().map(|uuid| Self(uuid.into_bytes()))
    }

    /// The `messageId` of the line at `position`: the same on every attempt by every process, so
    /// that the server can drop what it already has, and random to everyone who does not know the
    /// queue's id. Shaped as a UUID of version 4, as Segment and Mixpanel recommend.
    ///
    /// SipHash-2-4 with the queue's id as its key, once for each half. It was made as a pseudorandom
    /// function of short inputs: without the key no output tells anything of another one, so the
    /// halves are as good as 128 random bits; in a tenth of the time that a SHA-256 takes.
    #[expect(deprecated, reason = "std has no other name for SipHash-2-4; a test holds its values")]
    pub(super) fn message_id(self, position: u64) -> MessageId {
        let (first, second) = Uuid::from_bytes(self.0).as_u64_pair();
        let half = |number: u8| {
            let mut hasher = std::hash::SipHasher::new_with_keys(first, second);
            let [a, b, c, d, e, f, g, h] = position.to_le_bytes();
            hasher.write(&[a, b, c, d, e, f, g, h, number]);
            hasher.finish()
        };
        let both = Uuid::from_u64_pair(half(0), half(1));
        MessageId::of(&Builder::from_random_bytes(both.into_bytes()).into_uuid())
    }
}

/// A message id as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MessageId([u8; MESSAGE_ID_LENGTH]);

impl MessageId {
    fn of(uuid: &Uuid) -> Self {
        let mut text = [0; MESSAGE_ID_LENGTH];
        uuid.as_hyphenated().encode_lower(&mut text);
        Self(text)
    }

    pub(super) fn as_str(&self) -> &str {
        // It is ASCII.
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl std::fmt::Display for QueueId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Uuid::from_bytes(self.0).fmt(f)
    }
}

/// A random fraction from 0 to 1, for jitter; 0 where there are no random bytes.
pub(super) fn random_fraction() -> f64 {
    random_id::random_bytes().map_or(0.0, |[byte, ..]| f64::from(byte) / 255.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_id_is_the_same_each_time_and_another_at_each_position_and_in_each_queue() {
        let queue = QueueId::random().unwrap();
        assert_eq!(queue.message_id(7), queue.message_id(7));
        assert_ne!(queue.message_id(7), queue.message_id(8));
        assert_ne!(queue.message_id(7), QueueId::random().unwrap().message_id(7));
    }

    #[test]
    fn a_message_id_is_known_once_and_for_all() {
        // By another program's SipHash-2-4 over 4711 in 8 bytes, the lowest first, and 0 or 1 in one
        // more: another value here would double what older versions left in their spools.
        let queue = QueueId::parse("00010203-0405-4607-8809-0a0b0c0d0e0f").unwrap();
        assert_eq!(queue.message_id(4711).as_str(), "81170e77-c510-4789-86d2-f8827d62128a");
    }

    /// The example in appendix A of the paper by Aumasson and Bernstein.
    #[test]
    #[expect(deprecated, reason = "as above")]
    fn what_std_calls_sip_hasher_is_the_published_function() {
        let mut hasher = std::hash::SipHasher::new_with_keys(0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908);
        hasher.write(&std::array::from_fn::<u8, 15, _>(|index| index.try_into().unwrap()));
        assert_eq!(hasher.finish(), 0xa129_ca61_49be_45e5);
    }

    #[test]
    fn neighbouring_message_ids_and_halves_have_nothing_in_common() {
        let queue = QueueId::random().unwrap();
        let ids = (0..10_000).map(|position| Uuid::try_parse(queue.message_id(position).as_str()).unwrap());
        let mut halves: Vec<u64> = ids.flat_map(|id| <[u64; 2]>::from(id.as_u64_pair())).collect();
        halves.sort_unstable();
        halves.dedup();
        assert_eq!(halves.len(), 20_000);
    }

    #[test]
    fn a_message_id_is_a_uuid_of_version_4() {
        let id = Uuid::try_parse(QueueId::random().unwrap().message_id(0).as_str()).unwrap();
        assert_eq!((id.get_version_num(), id.get_variant()), (4, uuid::Variant::RFC4122));
    }

    #[test]
    fn an_id_reads_back_as_it_was_written() {
        let queue = QueueId::random().unwrap();
        assert_eq!(QueueId::parse(&queue.to_string()), Some(queue));
        assert_eq!(QueueId::parse("not an id"), None);
    }
}
