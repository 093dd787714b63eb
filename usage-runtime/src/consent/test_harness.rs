//! Whether this process is a test: events from an author's tests would drown those of users.

use std::path::Path;

use crate::surroundings::Surroundings;

/// Under `cargo test`, `cargo bench`, nextest or as a doctest. A program that a test starts is no
/// test itself, unless nextest says so to its children, too.
pub(crate) fn is_running(surroundings: &Surroundings) -> bool {
    surroundings.has_variable("NEXTEST") || surroundings.executable.as_deref().is_some_and(is_test_executable)
}

/// Cargo builds tests and benchmarks as `deps/<name>-<16 hex digits>`, and rustdoc its doctests in
/// a folder `rustdoctest<random>`; programs and examples are in neither.
fn is_test_executable(path: &Path) -> bool {
    let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let hash = name.rsplit_once('-').map_or("", |(_, hash)| hash);
    let is_hash = hash.len() == 16 && hash.bytes().all(|digit| digit.is_ascii_hexdigit());
    (folder == "deps" && is_hash) || folder.to_string_lossy().starts_with("rustdoctest")
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
    fn nextest_says_so_itself() {
        let root = Path::new("/");
        assert!(is_running(&Surroundings::made_up(root, &[("NEXTEST", "1")])));
        assert!(!is_running(&Surroundings::made_up(root, &[])));
    }
}
