//! The locks that a forked child must not keep: it shares its parent's descriptors, and a lock is held
//! for as long as one of them is open. Has each child close them before anything else runs there. Knows
//! numbers alone, takes no lock and makes nothing: that is all that can be done in a child.

use std::fs::File;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

use crate::sys;

/// What one process holds at once: for each product the file that it appends to, those that are full and
/// not sent yet, and one that it has taken up. Beyond it, a child keeps a lock until it ends.
const MOST: usize = 64;

const FREE: i32 = -1;

static HELD: [AtomicI32; MOST] = [const { AtomicI32::new(FREE) }; MOST];

/// A file with a lock that no child will keep.
pub(super) struct Held {
    place: Option<&'static AtomicI32>,
    descriptor: i32,
}

impl Held {
    pub(super) fn new(file: &File) -> Self {
        static IS_SAID: AtomicBool = AtomicBool::new(false);
        sys::once_at_fork(&IS_SAID, close_in_the_child);
        let descriptor = sys::descriptor(file);
        let take = |place: &&AtomicI32| {
            place.compare_exchange(FREE, descriptor, Ordering::SeqCst, Ordering::Relaxed).is_ok()
        };
        Self { place: HELD.iter().find(take), descriptor }
    }
}

/// Before the file is closed, or a child would close what then has its number.
impl Drop for Held {
    fn drop(&mut self) {
        if let Some(place) = self.place {
            // In a child the place may be another file's by now.
            let _ = place.compare_exchange(self.descriptor, FREE, Ordering::SeqCst, Ordering::Relaxed);
        }
    }
}

extern "C" fn close_in_the_child() {
    for place in &HELD {
        let descriptor = place.swap(FREE, Ordering::SeqCst);
        if descriptor != FREE {
            sys::close_inherited(descriptor);
        }
    }
}
