//! Whether this process is a test: events from an author's tests would drown those of users.

use std::path::Path;

use crate::surroundings::Surroundings;

/// Under `cargo test`, `cargo bench`, nextest or as a doctest, or started by a test of the
/// program's own package.
pub(crate) fn is_running(surroundings: &Surroundings) -> bool {
    // nextest's own variable, and the one in which rustdoc numbers merged doctests.
    ["NEXTEST", "RUSTDOC_DOCTEST_RUN_NB_TEST"].iter().any(|name| surroundings.has_variable(name))
        || surroundings.executable.as_deref().is_some_and(|executable| {
            is_test_executable(executable) || is_started_by_its_test(surroundings, executable)
        })
}

/// Cargo builds tests and benchmarks as `deps/<name>-<16 hex digits>`, those of examples in
/// `examples`, and rustdoc its doctests in a folder `rustdoctest<random>`; what `cargo run` starts
/// has no such name.
fn is_test_executable(path: &Path) -> bool {
    let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let hash = name.rsplit_once('-').map_or("", |(_, hash)| hash);
    let is_hash = hash.len() == 16 && hash.bytes().all(|digit| digit.is_ascii_hexdigit());
    ((folder == "deps" || folder == "examples") && is_hash)
        || folder.to_string_lossy().starts_with("rustdoctest")
}

/// Cargo tells integration tests where the programs of their package are, and the programs that
/// they start inherit the variable.
fn is_started_by_its_test(surroundings: &Surroundings, executable: &Path) -> bool {
    let name = executable.file_stem().unwrap_or_default().to_string_lossy();
    surroundings.has_variable(&format!("CARGO_BIN_EXE_{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_test_is_one() {
        assert!(is_running(&Surroundings::of_this_process()));
    }

    #[test]
    fn tests_and_programs_are_told_apart_by_where_they_are() {
        for (path, is_test) in [
            ("/code/target/debug/deps/monitoring-0123456789abcdef", true),
            ("/code/target/release/deps/bench-0123456789abcdef", true),
            ("/code/target/debug/examples/quickstart-0123456789abcdef", true),
            ("/tmp/rustdoctestAbC123/rust_out", true),
            ("/code/target/debug/monitoring", false),
            ("/code/target/debug/examples/quickstart", false),
            ("/usr/bin/deps/monitoring", false),
            ("/opt/deps/app-server", false),
        ] {
            assert_eq!(is_test_executable(Path::new(path)), is_test, "{path}");
        }
    }

    #[test]
    fn harnesses_that_say_so_are_believed() {
        let with = |name| {
            let mut surroundings = Surroundings::made_up(Path::new("/"), &[(name, "")]);
            surroundings.executable = Some("/code/target/debug/monitoring".into());
            is_running(&surroundings)
        };
        assert!(with("NEXTEST") && with("RUSTDOC_DOCTEST_RUN_NB_TEST") && with("CARGO_BIN_EXE_monitoring"));
        assert!(!with("CARGO_BIN_EXE_other") && !with("CARGO"));
    }
}
