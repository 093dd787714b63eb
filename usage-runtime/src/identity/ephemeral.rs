//! The key of this process, for ids that end with it.

use std::time::{Duration, SystemTime};

use crate::random_id::random_bytes;
use crate::sys::SetOnce;

/// The same for the whole process, and for children that are forked from it later.
pub(super) fn key() -> [u8; 16] {
    static KEY: SetOnce<[u8; 16]> = SetOnce::new();
    match KEY.get() {
        Some(key) => *key,
        None => *KEY.set(random_bytes().unwrap_or_else(without_a_source)).unwrap_or_else(|(first, _)| first),
    }
}

/// What tells this process from others well enough for an id that nobody counts: its number and
/// the moment.
fn without_a_source() -> [u8; 16] {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    (since_1970.as_nanos() ^ u128::from(std::process::id()) << 96).to_ne_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_stays_and_what_stands_in_for_random_bytes_does_not() {
        assert_eq!(key(), key());
        assert_ne!(without_a_source(), without_a_source());
    }
}
