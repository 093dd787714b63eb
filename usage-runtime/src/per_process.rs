//! State that a forked child must not inherit: locks that may be held, threads that do not exist
//! there, files that belong to its parent.

use crate::sys::{self, SetOnce};

/// A value for each process that runs this memory image: one for the process that made it, a
/// fresh one for each child that was forked from it. Never locks, so it cannot hang in a child.
pub(crate) struct PerProcess<T: Send + Sync + 'static> {
    first: SetOnce<Generation<T>>,
}

struct Generation<T: Send + Sync + 'static> {
    process: u32,
    value: T,
    next: SetOnce<Generation<T>>,
}

impl<T: Send + Sync + 'static> PerProcess<T> {
    pub(crate) const fn new() -> Self {
        Self { first: SetOnce::new() }
    }

    /// This process's value, if it has one already.
    pub(crate) fn get(&self) -> Option<&'static T> {
        self.find(sys::process_number()).ok()
    }

    /// This process's value; `make` may run on several threads at once, then one result stays
    /// and the others are dropped.
    #[inline]
    pub(crate) fn get_or_make(&self, make: impl FnOnce() -> T) -> &'static T {
        let process = sys::process_number();
        match self.find(process) {
            Ok(value) => value,
            Err(free) => Self::make(process, free, make),
        }
    }

    #[cold]
    #[inline(never)]
    fn make(process: u32, mut free: &SetOnce<Generation<T>>, make: impl FnOnce() -> T) -> &'static T {
        let mut ours = Generation { process, value: make(), next: SetOnce::new() };
        // Every turn walks one generation on, and there are as many as there were forks.
        loop {
            match free.set(ours) {
                Ok(generation) => return &generation.value,
                Err((taken, _)) if taken.process == process => return &taken.value,
                Err((taken, given_back)) => {
                    free = &taken.next;
                    ours = given_back;
                }
            }
        }
    }

    /// The value of `process`, or the free place behind the last generation.
    #[inline]
    fn find(&self, process: u32) -> Result<&'static T, &SetOnce<Generation<T>>> {
        let mut place = &self.first;
        while let Some(generation) = place.get() {
            if generation.process == process {
                return Ok(&generation.value);
            }
            place = &generation.next;
        }
        Err(place)
    }
}
