//! Ids that are random, and ids that follow from a key and look random to all who do not have it.
//! Knows of nobody whom they stand for.

use hmac_sha256::{HMAC, Hash};
use uuid::{Builder, Uuid};

/// Random bytes from the system; `None` where it has none to give.
pub(crate) fn random_bytes() -> Option<[u8; 16]> {
    let mut bytes = [0; 16];
    getrandom::getrandom(&mut bytes).ok().map(|()| bytes)
}

/// A random UUID; `None` where the system has no random bytes to give.
pub(crate) fn random() -> Option<Uuid> {
    random_bytes().map(|bytes| Builder::from_random_bytes(bytes).into_uuid())
}

/// HMAC-SHA256 of `message` with `key`, shaped as a random UUID.
pub(crate) fn keyed(key: [u8; 16], message: &[u8]) -> Uuid {
    Builder::from_random_bytes(first_half(HMAC::mac(message, key))).into_uuid()
}

/// SHA-256 of these parts one behind the other, shaped as a UUID of version 8.
pub(crate) fn hashed(parts: &[&[u8]]) -> Uuid {
    let mut hash = Hash::new();
    for part in parts {
        hash.update(part);
    }
    Builder::from_custom_bytes(first_half(hash.finalize())).into_uuid()
}

/// The first 16 bytes of a SHA-256, as many as a UUID has.
fn first_half(hash: [u8; 32]) -> [u8; 16] {
    std::array::from_fn(|index| hash.get(index).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_ids_differ_and_keyed_ones_follow() {
        assert_ne!(random(), random());
        assert_eq!(keyed([1; 16], b"message"), keyed([1; 16], b"message"));
        assert_ne!(keyed([1; 16], b"message"), keyed([2; 16], b"message"));
        assert_ne!(keyed([1; 16], b"message"), keyed([1; 16], b"another"));
    }

    #[test]
    fn every_id_is_a_uuid_of_version_4() {
        for id in [random().unwrap(), keyed([0; 16], b"")] {
            assert_eq!((id.get_version_num(), id.get_variant()), (4, uuid::Variant::RFC4122));
        }
    }
}
