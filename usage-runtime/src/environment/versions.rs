//! The operating system and the Rust version: known when the crate is compiled.

/// `os_type`, in the words of Python's `platform.system()`: `Linux`, `Darwin`, `Windows` …; for a
/// system that Python has no word for, Rust's.
pub(crate) const OS_TYPE: &str = if cfg!(target_os = "linux") {
    "Linux"
} else if cfg!(target_os = "macos") {
    "Darwin"
} else if cfg!(target_os = "windows") {
    "Windows"
} else if cfg!(target_os = "android") {
    "Android"
} else if cfg!(target_os = "ios") {
    "iOS"
} else if cfg!(target_os = "freebsd") {
    "FreeBSD"
} else if cfg!(target_os = "netbsd") {
    "NetBSD"
} else if cfg!(target_os = "openbsd") {
    "OpenBSD"
} else if cfg!(target_os = "dragonfly") {
    "DragonFly"
} else if cfg!(any(target_os = "solaris", target_os = "illumos")) {
    "SunOS"
} else {
    std::env::consts::OS
};

/// `rust_version`: of the compiler that built this crate, such as `1.95.0` or `1.97.0-nightly`.
pub(crate) const RUST_VERSION: &str = env!("USAGE_RUST_VERSION");

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn the_operating_system_is_what_uname_says() {
        let uname = std::process::Command::new("uname").output().unwrap();
        assert_eq!(String::from_utf8(uname.stdout).unwrap().trim(), OS_TYPE);
    }

    #[test]
    fn the_rust_version_is_three_numbers() {
        let numbers = RUST_VERSION.split('-').next().unwrap_or_default();
        assert_eq!(
            numbers.split('.').filter(|number| number.parse::<u32>().is_ok()).count(),
            3,
            "{RUST_VERSION}"
        );
    }
}
