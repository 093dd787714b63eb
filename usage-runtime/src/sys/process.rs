//! What std does not say or do for a process: its end, its children, its signals, and whom it runs for.

#[cfg(unix)]
use std::mem;
#[cfg(unix)]
use std::ptr;
use std::sync::atomic::AtomicBool;
#[cfg(unix)]
use std::sync::atomic::Ordering;

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

/// Whether this process may write files of so many bytes. If not, the kernel kills it for it: with a signal
/// that nobody expects, since hardly anybody sets that limit.
pub(crate) fn may_write_files_of(bytes: u64) -> bool {
    #[cfg(unix)]
    {
        let mut limit = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
        // SAFETY: the structure is there for the length of the call, which fills it in.
        let is_known = unsafe { libc::getrlimit(libc::RLIMIT_FSIZE, &raw mut limit) } == 0;
        // A signed number on some platforms.
        !is_known || i128::from(limit.rlim_cur) >= i128::from(bytes)
    }
    #[cfg(not(unix))]
    {
        let _ = bytes;
        true
    }
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
