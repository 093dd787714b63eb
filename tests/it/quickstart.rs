//! The main job, run as a stranger runs it.

use std::process::Command;

/// Runs `cargo run --example quickstart` with one more variable.
fn quickstart(variable: Option<(&str, &str)>) -> String {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(["run", "--quiet", "--example", "quickstart"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let home = tempfile::TempDir::new().expect("a home folder");
    command.env("XDG_STATE_HOME", home.path()).envs(variable);
    for switch in ["DO_NOT_TRACK", "NML_DISABLE_USAGE_LOGGING", "NEXTEST"] {
        if variable.is_none_or(|(name, _)| name != switch) {
            command.env_remove(switch);
        }
    }
    let output = command.output().expect("cargo runs");
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn it_shows_every_event_and_how_to_switch_off() {
    let output = quickstart(None);
    for shown in [
        "POST /v1/batch",
        "\"event\": \"Univariate drift calculator fit\"",
        "\"event\": \"Univariate drift calculator run\"",
        "\"event\": \"Univariate drift results plot\"",
        "\"event\": \"Exported results with RawFilesWriter\"",
        "\"exception_type\": \"quickstart::drift::Error::NotFitted\"",
        "\"kind\": \"drift\"",
        "\"kind\": \"distribution\"",
        "6 events arrived",
    ] {
        assert!(output.contains(shown), "{shown} is missing in {output}");
    }
    assert!(!output.contains("refused:"), "{output}");
    let last = output.lines().last().unwrap_or_default();
    assert!(last.contains("NML_DISABLE_USAGE_LOGGING="), "{last}");
}

#[test]
fn switched_off_nothing_arrives_and_it_says_so() {
    let output = quickstart(Some(("NML_DISABLE_USAGE_LOGGING", "")));
    assert!(output.contains("Nothing arrived"), "{output}");
    assert!(!output.contains("POST"), "{output}");
}
