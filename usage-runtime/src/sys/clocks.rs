//! What the clocks say. That of a process's CPU time is not in std, and the others are read straight
//! from the kernel, which is the shorter way.

#[cfg(not(unix))]
use std::{sync, time};

/// CPU time that all threads of this process have used so far, in nanoseconds; zero where the
/// platform has no such clock.
#[inline]
pub(crate) fn process_cpu_time() -> u64 {
    #[cfg(unix)]
    return nanoseconds(read_clock(libc::CLOCK_PROCESS_CPUTIME_ID));
    #[cfg(windows)]
    return hundreds_of_nanoseconds().saturating_mul(100);
    #[cfg(not(any(unix, windows)))]
    0
}

/// CPU time as Windows counts it, in user mode and in the kernel.
#[cfg(windows)]
fn hundreds_of_nanoseconds() -> u64 {
    use windows_sys::Win32::Foundation::FILETIME;
    use windows_sys::Win32::System::Threading::{GetCurrentProcess, GetProcessTimes};
    let [mut begin, mut end, mut kernel, mut user] = [FILETIME::default(); 4];
    // SAFETY: the four are places to write to for the length of the call, and a process may always ask of
    // itself. Should it fail, the zeros stay.
    unsafe {
        let this = GetCurrentProcess();
        GetProcessTimes(this, &raw mut begin, &raw mut end, &raw mut kernel, &raw mut user);
    }
    let count = |time: FILETIME| u64::from(time.dwHighDateTime) << 32 | u64::from(time.dwLowDateTime);
    count(kernel).saturating_add(count(user))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cpu_clock_moves_while_this_thread_works() {
        let start = process_cpu_time();
        while process_cpu_time() == start {
            std::hint::black_box([0_u8; 4096]);
        }
        assert!(process_cpu_time() > start);
    }
}
