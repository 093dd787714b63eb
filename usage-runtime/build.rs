//! Tells the crate which Rust compiled it: the `rust_version` of its events.

use std::env;
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=RUSTC");
    println!("cargo:rustc-env=USAGE_RUNTIME_RUST_VERSION={}", rust_version());
}

/// `1.95.0` of `rustc 1.95.0 (59807616e 2026-04-14)`. An answer that nobody expects must not
/// fail an author's build, so it is `unknown` then.
fn rust_version() -> String {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.split_whitespace().nth(1).unwrap_or("unknown").to_owned()
}
