//! The locks that a forked child must not keep: it shares its parent's descriptors, and a lock is held
//! for as long as one of them is open. Has each child close them before anything else runs there. Knows
//! numbers alone, takes no lock and makes nothing: that is all that can be done in a child.

use std::fs::File;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, Ordering};

use crate::sys;

/// What one process holds at once: for each product the file that it appends to, those that are full and
/// not sent yet, and one that it has taken up. Beyond it, a child keeps a lock until it ends.
const MOST: usize = 64;

static PLACES: [Place; MOST] =
    [const { Place { descriptor: AtomicI32::new(FREE), inode: AtomicU64::new(0) } }; MOST];

struct Place {
    descriptor: AtomicI32,
    inode: AtomicU64,
}

/// In the place of a descriptor.
const FREE: i32 = -1;
const TAKEN: i32 = -2;

/// A file with a lock that no child will keep.
pub(super) struct Held(Option<&'static Place>);

impl Held {
    pub(super) fn new(file: &File) -> Self {
        static IS_SAID: AtomicBool = AtomicBool::new(false);
        let Some((descriptor, inode)) = sys::descriptor(file) else { return Self(None) };
        sys::once_at_fork(&IS_SAID, close_in_the_child);
        let place = PLACES.iter().find(|place| place.change(FREE, TAKEN));
        if let Some(place) = place {
            place.inode.store(inode, Ordering::SeqCst);
            place.descriptor.store(descriptor, Ordering::SeqCst);
        }
        Self(place)
    }
}

/// Before the file is closed, or a child would close what then has its number.
impl Drop for Held {
    fn drop(&mut self) {
        if let Some(place) = self.0 {
            place.descriptor.store(FREE, Ordering::SeqCst);
        }
    }
}

impl Place {
    fn change(&self, from: i32, to: i32) -> bool {
        self.descriptor.compare_exchange(from, to, Ordering::SeqCst, Ordering::Relaxed).is_ok()
    }
}

extern "C" fn close_in_the_child() {
    for place in &PLACES {
        let descriptor = place.descriptor.swap(FREE, Ordering::SeqCst);
        if descriptor >= 0 {
            sys::close_inherited(descriptor, place.inode.load(Ordering::SeqCst));
        }
    }
}
