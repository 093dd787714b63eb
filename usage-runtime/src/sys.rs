//! What std does not offer: clocks, `atexit`, who this process is and whom it runs for, cells that
//! cannot hang in a forked child, futures that are wrapped in place, errors that borrow. All `unsafe`
//! of the project is in this file, each use with the reason why it is safe.

use std::any::type_name;
use std::cell::UnsafeCell;
use std::error::Error;
use std::io;
use std::marker::PhantomData;
use std::mem;
use std::pin::Pin;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, Ordering};
use std::{array, char, env, fmt, fs, net, num, str, string, sync, time};

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
pub(crate) struct Shared<T>(pub(crate) UnsafeCell<T>);

// SAFETY: it shows no more than a shared reference, and that only of what may be shared.
unsafe impl<T> Sync for Shared<T> {}

impl<T: Sync> Shared<T> {
    #[inline]
    pub(crate) const fn get(&self) -> &T {
        // SAFETY: nobody ever writes through the cell, and it lives as long as this reference.
        unsafe { &*self.0.get() }
    }
}

impl<T: Sync + fmt::Debug> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

/// A value that is pinned with its owner, beside one that is not: the projection that lets a
/// future be wrapped without a box.
#[derive(Debug)]
pub struct HalfPinned<P, F> {
    // In this order, so that the pinned value is dropped first.
    pinned: P,
    free: F,
}

impl<P, F> HalfPinned<P, F> {
    pub(crate) const fn new(pinned: P, free: F) -> Self {
        Self { pinned, free }
    }

    #[inline]
    pub(crate) fn project(self: Pin<&mut Self>) -> (Pin<&mut P>, &mut F) {
        // The functions of `Pin` would be compiled for each future once more.
        // SAFETY: a `Pin` is nothing but what it holds, by `repr(transparent)`. Neither value is
        // moved out of here; `pinned` is reached through this pin alone, there is no `Drop` that
        // could move it, and `Unpin` asks for `P: Unpin`; `free` is never pinned.
        unsafe {
            let this: &mut Self = mem::transmute(self);
            (mem::transmute::<&mut P, Pin<&mut P>>(&mut this.pinned), &mut this.free)
        }
    }
}

/// A boxed future, of whatever it ends with.
pub trait BoxedFuture: Future + Sized {
    /// The same future beside another value, as [`HalfPinned`] makes one of them, in a box of the
    /// same type.
    fn beside<F: Send + Sync + 'static>(self, free: F) -> Self
    where
        HalfPinned<Self, F>: Future<Output = Self::Output>;
}

/// `dyn Future` with other markers is a type of its own.
macro_rules! boxed_futures {
    ($(dyn Future $(+ $marker:ident)*;)+) => {$(
        impl<'a, T> BoxedFuture for Pin<Box<dyn Future<Output = T> $(+ $marker)* + 'a>> {
            fn beside<F: Send + Sync + 'static>(self, free: F) -> Self
            where
                HalfPinned<Self, F>: Future<Output = T>,
            {
                // As short-lived as `T`, of which we do not know that it lives for `'a`.
                let shorter: Pin<Box<dyn Future<Output = T> $(+ $marker)* + '_>> =
                    Box::pin(HalfPinned::new(self, free));
                // SAFETY: the types differ in the lifetime of the trait object alone. It holds a
                // future that lives for `'a` by its type, and `free`, which lives for ever.
                unsafe { mem::transmute(shorter) }
            }
        }
    )+};
}

boxed_futures! {
    dyn Future;
    dyn Future + Send;
    dyn Future + Send + Sync;
}

/// CPU time that all threads of this process have used so far, in nanoseconds; zero where the
/// platform has no such clock.
#[inline]
pub(crate) fn process_cpu_time() -> u64 {
    #[cfg(unix)]
    return nanoseconds(read_clock(libc::CLOCK_PROCESS_CPUTIME_ID));
    #[cfg(not(unix))]
    0
}

/// What the monotonic clock says, in nanoseconds since a moment that stays the same for this process.
/// The difference of two `Instant`s is three times as long a way to it.
#[inline]
pub(crate) fn monotonic_time() -> u64 {
    #[cfg(unix)]
    return nanoseconds(read_clock(libc::CLOCK_MONOTONIC));
    #[cfg(not(unix))]
    {
        static FIRST: sync::OnceLock<time::Instant> = sync::OnceLock::new();
        u64::try_from(FIRST.get_or_init(time::Instant::now).elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

/// What the wall clock says: seconds since the beginning of 1970, and milliseconds of the next one.
/// Zero before that.
#[inline]
pub(crate) fn wall_time() -> (u64, u64) {
    #[cfg(unix)]
    {
        let (seconds, nanoseconds) = read_clock(libc::CLOCK_REALTIME);
        (seconds.try_into().unwrap_or_default(), nanoseconds.cast_unsigned() / 1_000_000)
    }
    #[cfg(not(unix))]
    {
        let since_1970 = time::SystemTime::now().duration_since(time::UNIX_EPOCH).unwrap_or_default();
        (since_1970.as_secs(), since_1970.subsec_millis().into())
    }
}

/// What a clock of the kernel says, in seconds and nanoseconds; zero if it has none such.
#[cfg(unix)]
#[inline]
fn read_clock(clock: libc::clockid_t) -> (i64, i64) {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a valid place for the kernel to write to for the length of the call.
    unsafe { libc::clock_gettime(clock, &raw mut time) };
    // It fails only for a clock that it does not have, and then leaves the zeros as they are.
    #[allow(clippy::useless_conversion, reason = "some platforms have 32 bits for them")]
    (time.tv_sec.into(), time.tv_nsec.into())
}

/// Of a clock that began with the machine or the process, so that it is never negative, nor more than
/// the five centuries that there is place for.
#[cfg(unix)]
#[inline]
fn nanoseconds((seconds, nanoseconds): (i64, i64)) -> u64 {
    seconds.wrapping_mul(1_000_000_000).wrapping_add(nanoseconds).cast_unsigned()
}

/// Has `run` called when the process ends by returning from `main` or by `exit`. `run` must not
/// unwind, nor use a thread-local that needs to be alive: the main thread's are gone by then.
pub(crate) fn at_exit(run: extern "C" fn()) -> bool {
    // SAFETY: `run` is a plain function that lives as long as the process image.
    unsafe { libc::atexit(run) == 0 }
}

/// Has `run` called in each child that is forked from now on, before anything else runs there; once,
/// however often this is said with the same `is_said`. `run` must not wait for anything. Children of a
/// bare system call are not seen, but these may not run our code either.
pub(crate) fn once_at_fork(is_said: &AtomicBool, run: extern "C" fn()) {
    #[cfg(unix)]
    if !is_said.swap(true, Ordering::Relaxed) {
        // SAFETY: `run` is a plain function that lives as long as the process image.
        unsafe { libc::pthread_atfork(None, None, Some(run)) };
    }
    #[cfg(not(unix))]
    let _ = (run, is_said);
}

/// The same file under a number that the kernel gives to nobody by itself before hundreds of others are
/// taken, if this process may have so many. A host that closes all that it does not know, and opens its
/// own, then has no file where we write: we fail instead.
pub(crate) fn out_of_the_way(file: fs::File) -> fs::File {
    #[cfg(unix)]
    {
        use std::os::fd::{AsRawFd, FromRawFd};
        // Of the usual limits of 1024 and of 256 the larger half.
        for first in [512, 128] {
            // SAFETY: a system call with numbers; the file stays open for the length of it.
            let other = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_DUPFD_CLOEXEC, first) };
            if other >= first {
                // SAFETY: the kernel has just made it, and nobody else knows of it.
                return unsafe { fs::File::from_raw_fd(other) };
            }
        }
    }
    file
}

/// An open file as the kernel knows it: by its number in this process, and by its number on the disk.
/// None where no child can inherit it.
#[cfg_attr(unix, allow(clippy::unnecessary_wraps, reason = "elsewhere there is none"))]
pub(crate) fn descriptor(file: &fs::File) -> Option<(i32, u64)> {
    #[cfg(unix)]
    {
        let descriptor = std::os::fd::AsRawFd::as_raw_fd(file);
        inode(descriptor).map(|inode| (descriptor, inode))
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        None
    }
}

#[cfg(unix)]
fn inode(descriptor: i32) -> Option<u64> {
    let mut status = mem::MaybeUninit::<libc::stat>::uninit();
    // SAFETY: `status` is a place for the kernel to write to for the length of the call.
    let is_known = unsafe { libc::fstat(descriptor, status.as_mut_ptr()) } == 0;
    #[allow(clippy::useless_conversion, reason = "some platforms have 32 bits for it")]
    // SAFETY: the call has filled it, as it says.
    is_known.then(|| unsafe { status.assume_init() }.st_ino.into())
}

/// Closes a descriptor that a forked child has inherited, if it still is this file: the host may have
/// closed all that it did not know, and opened its own. What stands for the file in the child's memory
/// belongs to its parent, and is never used nor dropped there. Calls nothing but the kernel.
pub(crate) fn close_inherited(descriptor: i32, inode: u64) {
    #[cfg(unix)]
    if self::inode(descriptor) == Some(inode) {
        // SAFETY: a system call with a number; nobody else in this process has this file.
        unsafe { libc::close(descriptor) };
    }
    #[cfg(not(unix))]
    let _ = (descriptor, inode);
}

/// A number for this process, other than that of every process that it was forked from; without a system
/// call where the kernel helps. There it is kept in a page that the kernel empties in each child, however
/// that was forked. Elsewhere it is the process id, which may come back.
pub(crate) fn process_id() -> u32 {
    known_process_id().unwrap_or_else(asked_process_id)
}

/// The same, if it is known already without asking the kernel, or if that is how it is always known.
#[inline]
pub(crate) fn known_process_id() -> Option<u32> {
    #[cfg(target_os = "linux")]
    return PAGE.load().map(|known| known.load(Ordering::Relaxed)).filter(|id| *id != 0);
    #[cfg(not(target_os = "linux"))]
    Some(std::process::id())
}

/// The page where this process's number is kept, zero while nobody has asked for it.
#[cfg(target_os = "linux")]
static PAGE: AtomicRef<AtomicU32> = AtomicRef::none();

/// The same number, which a process asks for once.
#[cold]
#[inline(never)]
fn asked_process_id() -> u32 {
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

/// The flags that have `open` not wait for the other end of a pipe, nor take a terminal.
#[cfg(unix)]
pub(crate) const NO_WAIT: i32 = libc::O_NONBLOCK | libc::O_NOCTTY;

/// The flag that has `open` refuse a link.
#[cfg(unix)]
pub(crate) const NO_FOLLOW: i32 = libc::O_NOFOLLOW;

/// Runs `action` with all signals blocked on this thread: a thread that is spawned in it never
/// runs one of the host's signal handlers.
pub(crate) fn without_signals<T>(action: impl FnOnce() -> T) -> T {
    #[cfg(unix)]
    {
        let mut all = mem::MaybeUninit::<libc::sigset_t>::uninit();
        let mut before = mem::MaybeUninit::<libc::sigset_t>::uninit();
        // SAFETY: both sets are places to write to; `sigfillset` fills the first before
        // `pthread_sigmask` reads it, and that fills the second.
        let blocked = unsafe {
            libc::sigfillset(all.as_mut_ptr()) == 0
                && libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr()) == 0
        };
        let result = action();
        if blocked {
            // SAFETY: `before` was filled by the call above, which succeeded.
            unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, before.as_ptr(), ptr::null_mut()) };
        }
        result
    }
    #[cfg(not(unix))]
    action()
}

/// The effective user of this process; folders for its state must belong to it.
#[cfg(unix)]
pub(crate) fn effective_user() -> u32 {
    // SAFETY: `geteuid` takes nothing, touches nothing and cannot fail.
    unsafe { libc::geteuid() }
}

/// Whether this process runs with rights that its caller does not have (setuid, setgid, file
/// capabilities), so that neither its environment nor its home folder can be believed.
pub(crate) fn has_borrowed_rights() -> bool {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        // SAFETY: `getauxval` only reads the vector that the kernel gave to this process.
        unsafe { libc::getauxval(libc::AT_SECURE) != 0 }
    }
    #[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
    {
        // SAFETY: the four take nothing, touch nothing and cannot fail.
        unsafe { libc::getuid() != libc::geteuid() || libc::getgid() != libc::getegid() }
    }
    #[cfg(not(unix))]
    false
}

/// The errors of the standard library that are named. None of them has a lifetime in it.
macro_rules! std_errors {
    ($($error:ty),+ $(,)?) => {
        $(impl StdError for $error {})+

        /// The type of `error`, if it is one of the standard library's.
        pub(crate) fn std_error(error: &(dyn Error + '_)) -> Option<&'static str> {
            $(if downcast_error::<$error>(error).is_some() {
                return Some(type_name::<$error>());
            })+
            None
        }
    };
}

/// A type without a lifetime in it. Implemented here alone.
pub(crate) trait StdError: Error + 'static {}

impl StdError for io::Error {}

std_errors!(
    num::ParseIntError,
    num::ParseFloatError,
    num::TryFromIntError,
    str::Utf8Error,
    str::ParseBoolError,
    string::FromUtf8Error,
    char::ParseCharError,
    char::CharTryFromError,
    array::TryFromSliceError,
    net::AddrParseError,
    env::VarError,
    fmt::Error,
    time::SystemTimeError,
    sync::mpsc::RecvError,
    sync::mpsc::RecvTimeoutError,
);

/// `error` as a `T`, if it is one; also where `error` may borrow, for which std has no way.
pub(crate) fn downcast_error<'a, T: StdError>(error: &'a (dyn Error + '_)) -> Option<&'a T> {
    // SAFETY: the reference keeps its own lifetime and goes no further than to `downcast_ref`,
    // which compares types. It compares them without their lifetimes, and there is none in `T`: if
    // they are equal, `error` is a `T` and borrows nothing.
    let error: &'a (dyn Error + 'static) = unsafe { mem::transmute(error) };
    error.downcast_ref()
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

    #[test]
    fn the_cpu_clock_moves_while_this_thread_works() {
        let start = process_cpu_time();
        while process_cpu_time() == start {
            std::hint::black_box([0_u8; 4096]);
        }
        assert!(process_cpu_time() > start);
    }

    #[cfg(unix)]
    #[test]
    fn a_descriptor_that_is_another_files_by_now_is_not_closed() {
        let file = tempfile::tempfile().unwrap();
        let known = descriptor(&file).unwrap();
        close_inherited(known.0, known.1.wrapping_add(1));
        assert_eq!(descriptor(&file), Some(known));
        close_inherited(std::os::fd::IntoRawFd::into_raw_fd(file), known.1);
    }
}
