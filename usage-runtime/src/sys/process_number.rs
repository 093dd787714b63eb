//! Which process this is: asked on every recorded call, so it has to be cheap, and a forked child must
//! not take itself for its parent.

#[cfg(target_os = "linux")]
use std::ptr;
#[cfg(target_os = "linux")]
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

#[cfg(target_os = "linux")]
use super::AtomicRef;

/// A number for this process, other than that of every process that it was forked from; without a system
/// call where the kernel helps. There it is kept in a page that the kernel empties in each child, however
/// that was forked. Elsewhere it is the process id, which may come back.
pub(crate) fn process_number() -> u32 {
    known_process_number().unwrap_or_else(asked_process_number)
}

/// The same, if it is known already without asking the kernel, or if that is how it is always known.
#[cfg_attr(
    not(target_os = "linux"),
    allow(clippy::unnecessary_wraps, reason = "on Linux it may have to be asked")
)]
#[inline]
pub(crate) fn known_process_number() -> Option<u32> {
    #[cfg(target_os = "linux")]
    return PAGE.load().map(|known| known.load(Ordering::Relaxed)).filter(|number| *number != 0);
    #[cfg(not(target_os = "linux"))]
    Some(std::process::id())
}

/// The page where this process's number is kept, zero while nobody has asked for it.
#[cfg(target_os = "linux")]
static PAGE: AtomicRef<AtomicU32> = AtomicRef::none();

/// The same number, which a process asks for once.
#[cold]
#[inline(never)]
fn asked_process_number() -> u32 {
    #[cfg(target_os = "linux")]
    {
        /// How many processes there were up to this one, as far as one was forked from the other.
        static PROCESSES: AtomicU32 = AtomicU32::new(0);
        if let Some(page) = PAGE.load().or_else(first_page) {
            let next = PROCESSES.fetch_add(1, Ordering::Relaxed).saturating_add(1);
            let first = page.compare_exchange(0, next, Ordering::Relaxed, Ordering::Relaxed);
            return first.map_or_else(|other| other, |_| next);
        }
    }
    std::process::id()
}

/// The page, made now; an older kernel is asked for one once.
#[cfg(target_os = "linux")]
fn first_page() -> Option<&'static AtomicU32> {
    static IS_IN_VAIN: AtomicBool = AtomicBool::new(false);
    if IS_IN_VAIN.load(Ordering::Relaxed) {
        return None;
    }
    let page = page_that_is_empty_in_children();
    IS_IN_VAIN.store(page.is_none(), Ordering::Relaxed);
    // Of two threads the one that is late loses nothing but a page.
    page.map(|page| PAGE.set_first(page))
}

/// One page, never given back, that is all zeros in a forked child.
#[cfg(target_os = "linux")]
fn page_that_is_empty_in_children() -> Option<&'static AtomicU32> {
    /// Every page is at least that long, and what is mapped is rounded up to one.
    const LENGTH: usize = 4096;
    let (access, kind) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
    // SAFETY: asks for new memory, wherever that is; nothing that exists is touched.
    let page = unsafe { libc::mmap(ptr::null_mut(), LENGTH, access, kind, -1, 0) };
    if page == libc::MAP_FAILED {
        return None;
    }
    // SAFETY: the page is ours alone so far.
    if unsafe { libc::madvise(page, LENGTH, libc::MADV_WIPEONFORK) } != 0 {
        // An older kernel. SAFETY: as above, and nobody will ever know of it.
        unsafe { libc::munmap(page, LENGTH) };
        return None;
    }
    // SAFETY: it is aligned, zero is an `AtomicU32`, it is never unmapped, and reached only by this.
    unsafe { page.cast::<AtomicU32>().as_ref() }
}
