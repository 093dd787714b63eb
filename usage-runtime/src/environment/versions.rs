//! What is known when the program is built.

/// The compiler that built this program: `1.95.0`.
pub(crate) const RUST_VERSION: &str = env!("USAGE_RUST_VERSION");

/// The operating system, in the words of Python's `platform.system()`, which the reference sends;
/// the Rust target's own word for what Python does not run on.
pub(crate) const OS_TYPE: &str = if cfg!(target_os = "linux") {
    "Linux"
} else if cfg!(target_os = "macos") {
    "Darwin"
} else if cfg!(windows) {
    "Windows"
} else if cfg!(target_os = "freebsd") {
    "FreeBSD"
} else {
    std::env::consts::OS
};
