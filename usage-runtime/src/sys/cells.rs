//! What threads may share in a static without a lock. One that was taken when a child was forked is
//! never given back there.

use std::cell::UnsafeCell;
use std::fmt;
use std::marker::PhantomData;
use std::panic::RefUnwindSafe;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

/// A cell that is set once and then read without a lock.
///
/// `OnceLock` makes late-comers wait for whoever initialises it; in a child that was forked in
/// that moment nobody ever finishes. Here nobody waits: the first value wins, the others are
/// dropped. The winner is leaked, so use it for what lives as long as the process.
pub(crate) struct SetOnce<T: Send + Sync + 'static> {
    value: AtomicPtr<T>,
    owns: PhantomData<T>,
}

impl<T: Send + Sync + 'static> SetOnce<T> {
    pub(crate) const fn new() -> Self {
        Self { value: AtomicPtr::new(ptr::null_mut()), owns: PhantomData }
    }

    pub(crate) fn get(&self) -> Option<&'static T> {
        // SAFETY: the pointer is null or comes from the `Box::into_raw` in `set`; what it points
        // to is never freed nor handed out mutably, and `Acquire` pairs with the release there.
        unsafe { self.value.load(Ordering::Acquire).as_ref() }
    }

    /// Sets the cell; if another thread was faster, returns what is in it and gives `value` back.
    pub(crate) fn set(&self, value: T) -> Result<&'static T, (&'static T, T)> {
        let ours = Box::into_raw(Box::new(value));
        match self.value.compare_exchange(ptr::null_mut(), ours, Ordering::AcqRel, Ordering::Acquire) {
            // SAFETY: `ours` is leaked from now on, see `get`.
            Ok(_) => Ok(unsafe { &*ours }),
            Err(theirs) => {
                // SAFETY: as in `get`; an exchange that fails saw a pointer that is not null.
                let theirs = unsafe { &*theirs };
                // SAFETY: `ours` came from `Box::into_raw` above and was published nowhere.
                Err((theirs, *unsafe { Box::from_raw(ours) }))
            }
        }
    }
}

/// A reference to something that lives as long as the process, or none, that any thread may change.
pub(crate) struct AtomicRef<T: Sync + 'static> {
    reference: AtomicPtr<T>,
}

impl<T: Sync + 'static> AtomicRef<T> {
    pub(crate) const fn none() -> Self {
        Self { reference: AtomicPtr::new(ptr::null_mut()) }
    }

    #[inline]
    pub(crate) fn load(&self) -> Option<&'static T> {
        // SAFETY: the pointer is null or was made of a reference that lives for ever, and that
        // nobody can write through any more; `Acquire` pairs with the releases below.
        unsafe { self.reference.load(Ordering::Acquire).as_ref() }
    }

    pub(crate) fn store(&self, value: Option<&'static T>) {
        self.reference
            .store(value.map_or(ptr::null_mut(), |value| ptr::from_ref(value).cast_mut()), Ordering::Release);
    }

    /// Sets it if it is none; what is there then.
    #[cfg(target_os = "linux")]
    pub(crate) fn set_first(&self, value: &'static T) -> &'static T {
        let new = ptr::from_ref(value).cast_mut();
        let before =
            self.reference.compare_exchange(ptr::null_mut(), new, Ordering::AcqRel, Ordering::Acquire);
        // SAFETY: as in `load`; an exchange that fails saw a pointer that is not null.
        before.map_or_else(|first| unsafe { &*first }, |_| value)
    }

    /// Puts `new` in the place of `old`, and gives it back if something else is there.
    pub(crate) fn replace(
        &self,
        old: Option<&'static T>,
        new: &'static mut T,
    ) -> Result<&'static T, &'static mut T> {
        let old = old.map_or(ptr::null_mut(), |old| ptr::from_ref(old).cast_mut());
        let new = ptr::from_mut(new);
        match self.reference.compare_exchange(old, new, Ordering::AcqRel, Ordering::Acquire) {
            // SAFETY: `new` comes from a reference that lives for ever and that was given up here.
            Ok(_) => Ok(unsafe { &*new }),
            // SAFETY: as above, and nobody else has seen it.
            Err(_) => Err(unsafe { &mut *new }),
        }
    }
}

impl<T: Sync + 'static> fmt::Debug for AtomicRef<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not what it refers to, which may refer back.
        f.debug_struct("AtomicRef").finish_non_exhaustive()
    }
}

/// A value that threads may share, in a static. What is in it is hidden from the compiler, which would
/// else prove for each static, field by field, that it may be shared and may change.
///
/// Its field is open, for a static is made by as few calls as can be: the compiler runs each of them.
#[repr(transparent)]
pub(crate) struct Shared<T>(pub(crate) UnsafeCell<T>);

// SAFETY: it shows no more than a shared reference, and that only of what may be shared.
unsafe impl<T> Sync for Shared<T> {}

/// Nobody ever writes through it, so a panic can leave no more behind in it than in what it shows.
impl<T: RefUnwindSafe> RefUnwindSafe for Shared<T> {}

impl<T: Sync> Shared<T> {
    #[inline]
    pub(crate) const fn get(&self) -> &T {
        // SAFETY: both are laid out as `T` is; nobody ever writes through the cell, and it lives as long as
        // this reference.
        unsafe { &*(&raw const self.0).cast::<T>() }
    }
}

impl<T> Shared<T> {
    /// While it is made.
    pub(crate) const fn get_mut(&mut self) -> &mut T {
        self.0.get_mut()
    }
}

impl<T: Sync + fmt::Debug> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_wins_and_stays() {
        let cell = SetOnce::new();
        assert_eq!(cell.get(), None);
        assert_eq!(cell.set(1), Ok(&1));
        assert_eq!(cell.set(2), Err((&1, 2)));
        assert_eq!(cell.get(), Some(&1));
    }
}
