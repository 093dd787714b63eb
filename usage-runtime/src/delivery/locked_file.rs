//! A file that this process has locked, and what others may do to its descriptor. A child that is forked
//! shares it, and would keep the lock for as long as it lives; so it closes it before anything else runs
//! there. A host may close all that it does not know, and open files of its own; so it lies where the
//! host's own files do not come, and what was closed is not closed again.

use std::fs::File;
use std::mem;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, Ordering};

use crate::sys;

/// What one process holds at once: for each product the file that it appends to, those that are full and
/// not sent yet, and one that it has taken up. Beyond it, a child keeps a lock until it ends.
const MOST: usize = 64;

/// Of all files that are held, what a child needs to know: it can take no lock, and make nothing.
static PLACES: [Place; MOST] =
    [const { Place { descriptor: AtomicI32::new(FREE), inode: AtomicU64::new(0) } }; MOST];

struct Place {
    descriptor: AtomicI32,
    inode: AtomicU64,
}

/// In the place of a descriptor.
const FREE: i32 = -1;
const TAKEN: i32 = -2;

/// The file, with its lock for as long as the value lives.
pub(super) struct LockedFile {
    file: Arc<File>,
    /// How the kernel knows it.
    known: Option<(i32, u64)>,
    place: Option<&'static Place>,
}

impl LockedFile {
    /// Of a file that was locked already.
    pub(super) fn new(file: File) -> Self {
        let file = sys::out_of_the_way(file);
        let known = sys::descriptor(&file);
        Self { known, place: known.and_then(place_for), file: Arc::new(file) }
    }
}

impl Deref for LockedFile {
    type Target = File;

    fn deref(&self) -> &File {
        &self.file
    }
}

impl Drop for LockedFile {
    /// Gives the lock back for certain, whoever else has the file open.
    fn drop(&mut self) {
        // Before it is closed, or a child would close what then has its number.
        if let Some(place) = self.place {
            place.descriptor.store(FREE, Ordering::SeqCst);
        }
        if sys::descriptor(&self.file) == self.known {
            sys::unlock(&self.file);
        } else {
            mem::forget(self.file.clone());
        }
    }
}

fn place_for((descriptor, inode): (i32, u64)) -> Option<&'static Place> {
    static IS_SAID: AtomicBool = AtomicBool::new(false);
    sys::once_at_fork(&IS_SAID, close_in_the_child);
    let take = |place: &&Place| {
        place.descriptor.compare_exchange(FREE, TAKEN, Ordering::SeqCst, Ordering::Relaxed).is_ok()
    };
    let place = PLACES.iter().find(take)?;
    place.inode.store(inode, Ordering::SeqCst);
    place.descriptor.store(descriptor, Ordering::SeqCst);
    Some(place)
}

extern "C" fn close_in_the_child() {
    for place in &PLACES {
        let descriptor = place.descriptor.swap(FREE, Ordering::SeqCst);
        if descriptor >= 0 {
            sys::close_inherited(descriptor, place.inode.load(Ordering::SeqCst));
        }
    }
}
