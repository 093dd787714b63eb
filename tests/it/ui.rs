//! What the macros accept and refuse, with the compiler's words; `TRYBUILD=overwrite` renews them.

use std::process::Command;

/// The compiler whose words and places stand in `ui/worded`; another one puts them in another way.
const WORDED_BY: &str = "rustc 1.95.";

#[test]
fn the_macros_accept_and_refuse_what_they_should() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/pass/*.rs");
    cases.compile_fail("ui/fail/*.rs");
    let compiler = compiler();
    if compiler.starts_with(WORDED_BY) {
        cases.compile_fail("ui/worded/*.rs");
    } else {
        eprintln!("skipped: what is worded by {WORDED_BY} alone, for this is {compiler}");
    }
}

fn compiler() -> String {
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = Command::new(compiler).arg("--version").output().expect("the compiler runs");
    String::from_utf8(said.stdout).expect("text")
}
