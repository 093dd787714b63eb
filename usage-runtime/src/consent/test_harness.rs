//! Whether the program runs under a test harness: events from tests would drown those of users.
//! Every sign was seen with cargo and rustdoc 1.95 and 1.101, and with nextest.

use std::path::Path;

use crate::surroundings::Surroundings;

/// Which harness runs this program, in words for a reader.
pub(super) fn find(surroundings: &Surroundings) -> Option<&'static str> {
    if is_set(surroundings, "NEXTEST") {
        return Some("cargo nextest");
    }
    // Where rustdoc runs several doctests in one program, it numbers them in this variable.
    if is_set(surroundings, "RUSTDOC_DOCTEST_RUN_NB_TEST") {
        return Some("a doctest");
    }
    of_executable(surroundings, surroundings.executable.as_deref()?)
}

/// What the place and the name of the program's file tell.
fn of_executable(surroundings: &Surroundings, executable: &Path) -> Option<&'static str> {
    let stem = executable.file_stem()?.to_str()?;
    let mut folders = executable.ancestors().skip(1).map(|folder| folder.file_name()?.to_str());
    let folder = folders.next()??;
    // cargo builds tests and benches as `deps/name-0123456789abcdef`, and tests of examples as
    // `examples/name-0123456789abcdef`; newer ones as `0123456789abcdef/out/name-0123456789abcdef`. What
    // `cargo run` starts has no such ending.
    let hash = cargos_hash(stem);
    let is_in_its_own_folder = folder == "out" && folders.next().flatten() == hash;
    if hash.is_some() && (["deps", "examples"].contains(&folder) || is_in_its_own_folder) {
        return Some("cargo test or cargo bench");
    }
    if stem == "rust_out" || folder.starts_with("rustdoctest") {
        return Some("a doctest");
    }
    // cargo tells integration tests where their package's programs are; a program that finds
    // itself there was started by one of them.
    is_set(surroundings, &format!("CARGO_BIN_EXE_{stem}")).then_some("an integration test")
}

fn is_set(surroundings: &Surroundings, name: &str) -> bool {
    surroundings.variable(name).is_some()
}

/// What cargo has put behind the name.
fn cargos_hash(stem: &str) -> Option<&str> {
    let is_hash = |letter: u8| letter.is_ascii_digit() || (b'a'..=b'f').contains(&letter);
    let (name, hash) = stem.rsplit_once('-')?;
    (!name.is_empty() && hash.len() == 16 && hash.bytes().all(is_hash)).then_some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surroundings::Folder;

    fn run_as(executable: &str) -> Option<&'static str> {
        let folder = Folder::with(&[]);
        let mut surroundings = Surroundings::made_of(&folder);
        surroundings.executable = Some(executable.into());
        find(&surroundings)
    }

    #[test]
    fn what_cargo_and_rustdoc_build_for_tests_is_found() {
        for executable in [
            "/p/target/debug/deps/probe-a397c08fe880df11",
            "/p/target/release/deps/b-37bff2152334b6eb",
            "/p/target/debug/deps/with-dash-37bff2152334b6eb.exe",
            "/p/target/debug/examples/ex-ee769f100f140cbf",
            "/p/target/debug/build/probe/a397c08fe880df11/out/probe-a397c08fe880df11",
            "/tmp/rustdoctestfAPtUv/rust_out",
            "/tmp/rustdoctestfAPtUv/merged_doctest_2024",
        ] {
            assert!(run_as(executable).is_some(), "{executable}");
        }
    }

    #[test]
    fn what_users_run_is_not() {
        for executable in [
            "/usr/bin/probe",
            "/p/target/debug/probe",
            "/p/target/release/examples/ex",
            "/p/target/debug/deps/probe",
            "/p/target/debug/deps/probe-A397C08FE880DF11",
            "/p/target/debug/deps/probe-a397c08fe880df1",
            "/opt/probe-a397c08fe880df11",
            "/opt/out/probe-a397c08fe880df11",
            "/p/target/debug/build/probe/a397c08fe880df11/out/probe",
            "/",
        ] {
            assert_eq!(run_as(executable), None, "{executable}");
        }
    }

    #[test]
    fn variables_of_a_harness_are_found_even_when_empty() {
        let folder = Folder::with(&[]);
        for name in ["NEXTEST", "RUSTDOC_DOCTEST_RUN_NB_TEST", "CARGO_BIN_EXE_program"] {
            let surroundings = Surroundings::made_of(&folder).with_variable(name, "");
            assert!(find(&surroundings).is_some(), "{name}");
        }
        let mut another = Surroundings::made_of(&folder).with_variable("CARGO_BIN_EXE_program", "/p/program");
        another.executable = Some("/p/another".into());
        assert_eq!(find(&another), None);
    }

    #[test]
    fn this_very_test_is_found() {
        assert!(find(&Surroundings::of_this_process()).is_some());
    }
}
