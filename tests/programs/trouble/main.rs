//! A program that gets itself into trouble, see `linux.rs`; elsewhere it does nothing.

#[cfg(target_os = "linux")]
mod linux;

#[cfg(target_os = "linux")]
use linux::USAGE;

fn main() {
    #[cfg(target_os = "linux")]
    linux::main();
}
