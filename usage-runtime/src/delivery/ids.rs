//! The ids of queues, and the message ids that follow from them. Keeps no state and reads no
//! identity.

use uuid::{Builder, Uuid};

use super::sip_hash;
use crate::random_id;

/// How long a message id is.
const MESSAGE_ID_LENGTH: usize = uuid::fmt::Hyphenated::LENGTH;

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
    /// SipHash-2-4 with the queue's id as its key, which nobody else knows: a pseudorandom function, so
    /// no message id tells anything of the key or of another one. It takes a tenth of the time of a
    /// SHA-256, which was an eighth of all that sending an event takes.
    pub(super) fn message_id(self, position: u64) -> MessageId {
        let key = Uuid::from_bytes(self.0).as_u64_pair();
        let output = sip_hash::of_eight_bytes(key, position);
        MessageId::of(&Builder::from_random_bytes(output.to_be_bytes()).into_uuid())
    }
}

/// A message id as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MessageId([u8; MESSAGE_ID_LENGTH]);

impl MessageId {
    /// As long as one.
    pub(super) const BLANK: &str = "00000000-0000-0000-0000-000000000000";

    fn of(uuid: &Uuid) -> Self {
        /// Where four digits stand together.
        const PLACES: [usize; 8] = [0, 4, 9, 14, 19, 24, 28, 32];
        let (high, low) = uuid.as_u64_pair();
        let digits = [high >> 32, high & 0xffff_ffff, low >> 32, low & 0xffff_ffff].map(eight_hex_digits);
        let (fours, _) = digits.as_flattened().as_chunks();
        let mut text = [b'-'; MESSAGE_ID_LENGTH];
        for (place, four) in PLACES.into_iter().zip(fours) {
            if let Some(at) = text.get_mut(place..).and_then(<[u8]>::first_chunk_mut::<4>) {
                *at = *four;
            }
        }
        Self(text)
    }

    pub(super) fn as_ascii(&self) -> &[u8; MESSAGE_ID_LENGTH] {
        &self.0
    }

    #[cfg(test)]
    pub(super) fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap()
    }
}

/// The digits of a number below 2^32, all in one word, each in a byte of its own.
fn eight_hex_digits(number: u64) -> [u8; 8] {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    let fours = (number | number << 16) & 0x0000_ffff_0000_ffff;
    let twos = (fours | fours << 8) & 0x00ff_00ff_00ff_00ff;
    let ones = (twos | twos << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    // Ten and more carry into the upper half when six is added; their letters begin 39 behind the digits.
    let letters = ones.wrapping_add(ONES.wrapping_mul(6)) >> 4 & ONES;
    (ones | ONES.wrapping_mul(0x30)).wrapping_add(letters.wrapping_mul(39)).to_be_bytes()
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
        // By another program's SipHash-2-4: another value here would double what older versions left
        // in their spools.
        let queue = QueueId::parse("00010203-0405-4607-8809-0a0b0c0d0e0f").unwrap();
        assert_eq!(queue.message_id(4711).as_str(), "fff3b231-cdfa-4daa-b031-a0cd0df84f2e");
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
    fn a_message_id_is_written_as_uuid_writes_it() {
        for number in 0..=255_u8 {
            let (more, other) = (number.wrapping_mul(37), number.wrapping_mul(91));
            let uuid = Uuid::from_bytes(std::array::from_fn(|place| [number, more, other][place % 3]));
            assert_eq!(MessageId::of(&uuid).as_str(), uuid.to_string());
        }
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
