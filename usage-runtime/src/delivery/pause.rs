//! A pause after something failed that costs its caller a little: the next tries are skipped, so
//! that a full disk or a lack of threads does not cost every call. Needs no clock.

use std::sync::atomic::{AtomicU32, Ordering};

/// How many tries are skipped.
const SKIPPED: u32 = 255;

/// Whether to try again.
pub(super) struct Pause(AtomicU32);

impl Pause {
    pub(super) const fn new() -> Self {
        Self(AtomicU32::new(0))
    }

    /// Counts a try that is skipped; over when there were enough of them.
    pub(super) fn is_over(&self) -> bool {
        let count = self.0.load(Ordering::Relaxed);
        let Some(left) = count.checked_sub(1) else { return true };
        // Of threads that do so at once, one counts: then the pause is a little longer.
        let _ = self.0.compare_exchange(count, left, Ordering::Relaxed, Ordering::Relaxed);
        false
    }

    /// The last try failed.
    pub(super) fn begin(&self) {
        self.0.store(SKIPPED, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_failure_the_next_tries_are_skipped_and_then_there_is_one() {
        let pause = Pause::new();
        assert!(pause.is_over() && pause.is_over());
        pause.begin();
        assert!((0..SKIPPED).all(|_| !pause.is_over()));
        assert!(pause.is_over());
    }
}
