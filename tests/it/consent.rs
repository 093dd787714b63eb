//! Every switch, by real child processes: what is switched off records nothing and sends nothing.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use usage_tests::{PATIENCE, World, copy_program};

/// Runs one annotated call and says whether its event arrived; nothing may have been left behind
/// in either case.
fn arrives(world: &World) -> bool {
    world.run_well(&["inner", "explain"]);
    assert_eq!(world.files_with_events(), Vec::<PathBuf>::new());
    let events = world.events();
    assert!(events.is_empty() || events == ["Inner"], "{events:?}");
    !events.is_empty()
}

#[test]
fn logging_is_on_by_default() {
    assert!(arrives(&crate::host()));
}

#[test]
fn the_products_variable_switches_off_by_presence_alone() {
    for value in ["", "0", "false", "1"] {
        assert!(!arrives(&crate::host().with("NML_DISABLE_USAGE_LOGGING", value)), "{value:?}");
    }
}

#[test]
fn the_variable_of_another_product_switches_nothing_off() {
    assert!(arrives(&crate::host().with("OTHER_PRODUCT_DISABLE_USAGE_LOGGING", "")));
}

#[test]
fn do_not_track_switches_off_unless_it_says_no() {
    for (value, on) in
        [("1", false), ("true", false), ("yes", false), ("", true), ("0", true), ("false", true)]
    {
        assert_eq!(arrives(&crate::host().with("DO_NOT_TRACK", value)), on, "{value:?}");
    }
}

#[test]
fn a_dotenv_switches_off_from_the_working_directory_up_to_the_repository_root() {
    for path in ["project/deep/er/.env", "project/deep/.env", "project/.env"] {
        assert!(!arrives(&crate::host().with_file(path, "NML_DISABLE_USAGE_LOGGING=1\n")), "{path}");
    }
}

#[test]
fn a_dotenv_above_the_repository_root_belongs_to_someone_else() {
    assert!(arrives(&crate::host().with_file(".env", "NML_DISABLE_USAGE_LOGGING=1\n")));
}

#[test]
fn a_dotenv_beside_the_executable_switches_off() {
    let world = crate::host().with_file("installed/.env", "NML_DISABLE_USAGE_LOGGING=1\n");
    let program = world.path("installed/host");
    copy_program(env!("CARGO_BIN_EXE_host"), &program);
    let mut command = world.command(&["inner", "explain"]);
    let mut installed = Command::new(program);
    installed.args(command.get_args()).env_clear().current_dir(world.path("project"));
    installed.envs(command.get_envs().filter_map(|(name, value)| value.map(|value| (name, value))));
    assert!(installed.output().expect("it starts").status.success());
    assert_eq!(world.events(), Vec::<String>::new());
    assert!(command.output().expect("it starts").status.success());
    assert_eq!(world.receiver.wait_for_messages(1, PATIENCE).len(), 1);
}

/// Each of these was read wrongly, or not at all, by the reference.
#[test]
fn a_dotenv_is_understood_however_it_is_written() {
    for content in [
        "NML_DISABLE_USAGE_LOGGING",
        "NML_DISABLE_USAGE_LOGGING=",
        "export NML_DISABLE_USAGE_LOGGING=0  # off, please",
        "NML_DISABLE_USAGE_LOGGING = true",
        "A=1\r\nNML_DISABLE_USAGE_LOGGING=1\r\n",
        "this line is = not; valid \"\nNML_DISABLE_USAGE_LOGGING=1",
        "OPEN=\"quote\nNML_DISABLE_USAGE_LOGGING=1",
        "\u{feff}NML_DISABLE_USAGE_LOGGING=1",
        "DO_NOT_TRACK=1",
    ] {
        assert!(!arrives(&crate::host().with_file("project/.env", content)), "{content:?}");
    }
}

#[test]
fn a_dotenv_that_does_not_name_the_switch_changes_nothing() {
    for content in [
        "",
        "# NML_DISABLE_USAGE_LOGGING=1",
        "XNML_DISABLE_USAGE_LOGGING=1",
        "NML_DISABLE_USAGE_LOGGING_X=1",
        "NML_USAGE_ENDPOINT=https://elsewhere.example",
        "NML_PRINT_USAGE_LOGGING=1",
        "DO_NOT_TRACK=0",
    ] {
        assert!(arrives(&crate::host().with_file("project/.env", content)), "{content:?}");
    }
}

#[test]
fn a_dotenv_that_is_not_a_file_is_passed_over() {
    let world = crate::host();
    fs::create_dir(world.path("project/deep/.env")).expect("a folder");
    assert!(arrives(&world));
}

#[test]
fn an_opt_out_in_code_comes_in_time() {
    let world = crate::host();
    world.run_well(&["disabled first", "explain"]);
    assert_eq!(world.events(), Vec::<String>::new());
    assert_eq!(world.files_at_home(), Vec::<PathBuf>::new());
}

/// The reference still sends what was queued before.
#[test]
fn an_opt_out_in_code_takes_back_what_was_not_sent_yet() {
    let world = crate::host();
    world.run_well(&["disabled after", "explain"]);
    assert_eq!(world.events(), Vec::<String>::new());
    assert_eq!(world.files_with_events(), Vec::<PathBuf>::new());
}

/// The call still finds the gate open; before the request is made, consent is asked again.
#[test]
fn an_opt_out_that_comes_while_the_program_runs_holds_for_what_is_not_sent_yet() {
    let world = crate::host();
    world.run_well(&["opted out meanwhile", "explain"]);
    assert_eq!(world.events(), Vec::<String>::new());
    fs::remove_file(world.path("project/deep/er/.env")).expect("the program's own");
    world.run_well(&["inner", "explain"]);
    assert_eq!(world.events(), ["Inner"], "what was recorded before the opt-out is deleted");
}

#[test]
fn one_product_can_be_switched_off_alone() {
    let world = crate::host();
    world.run_well(&["one disabled", "explain"]);
    assert_eq!(world.events(), ["Other"]);
}

#[test]
fn enabling_in_code_undoes_disabling_in_code() {
    let world = crate::host();
    world.run_well(&["enabled again", "explain"]);
    assert_eq!(world.events(), ["Inner"]);
}

#[test]
fn enabling_in_code_overrides_the_products_own_switches_alone() {
    let enabled = |world: World| {
        world.run_well(&["enabled", "explain"]);
        world.events() == ["Inner"]
    };
    assert!(enabled(crate::host().with("NML_DISABLE_USAGE_LOGGING", "1")));
    assert!(enabled(crate::host().with_file("project/.env", "NML_DISABLE_USAGE_LOGGING=1")));
    assert!(!enabled(crate::host().with("DO_NOT_TRACK", "1")));
    assert!(!enabled(crate::host().with_file("project/.env", "DO_NOT_TRACK=1")));
}

#[test]
fn enabling_in_code_counts_for_what_was_off_when_it_was_called_first_too() {
    let events = |world: World| {
        world.run_well(&["enabled after", "explain"]);
        world.events()
    };
    assert_eq!(events(crate::host().with("NML_DISABLE_USAGE_LOGGING", "1")), ["Inner"]);
    assert_eq!(events(crate::host().with("DO_NOT_TRACK", "1")), Vec::<String>::new());
}

/// No thread beside the main one, no file, no socket, no machine id.
#[test]
fn off_means_silent() {
    let world = crate::host().with("NML_DISABLE_USAGE_LOGGING", "");
    let output = world.run_well(&["every field quietly", "explain"]);
    if cfg!(target_os = "linux") {
        assert!(output.contains("threads: 1\n"), "{output}");
    }
    assert!(output.contains("user id: None\n"), "{output}");
    assert_eq!(world.files_at_home(), Vec::<PathBuf>::new());
    assert!(!world.path("home/.local").exists());
    assert_eq!(world.events(), Vec::<String>::new());
}

#[test]
fn the_decision_says_which_switch_made_it_and_where() {
    let explain = |world: World| world.run_well(&["inner", "explain"]);
    assert!(
        explain(crate::host().with("NML_DISABLE_USAGE_LOGGING", "")).contains("NML_DISABLE_USAGE_LOGGING")
    );
    assert!(explain(crate::host().with("DO_NOT_TRACK", "1")).contains("DO_NOT_TRACK"));
    let world = crate::host().with_file("project/.env", "A=1\nNML_DISABLE_USAGE_LOGGING=1\n");
    let place = format!("{}:2", world.seen_path("project/.env").display());
    let said = explain(world);
    assert!(said.contains(&place), "{said} lacks {place}");
}

/// Whoever wrote what is there may have written a no.
#[test]
fn what_cannot_be_read_says_no_and_that_it_could_not_be_read() {
    let long = "A=1\n".repeat(300_000);
    let utf_16: Vec<u8> = "A=1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (file, content) in [
        ("project/.env", b"NAME=caf\xe9\n".as_slice()),
        ("project/deep/.env", &utf_16),
        ("project/deep/er/.env", long.as_bytes()),
        ("home/.local/state/nannyml/usage/choice", b"perhaps\n"),
        ("home/.local/state/nannyml/usage/choice", b""),
        ("home/.local/state/nannyml/usage/choice/folder", b""),
    ] {
        let world = crate::host().with_file(file, content);
        let said = world.run_well(&["enabled", "explain"]);
        assert!(said.contains("cannot be read, so it could say no"), "{file}: {said}");
        assert_eq!(world.events(), Vec::<String>::new(), "{file}");
    }
}

/// Each harness by what it does to the programs that it starts.
#[test]
fn a_program_under_a_test_harness_is_silent_even_if_code_switches_it_on() {
    for (name, harness) in [
        ("NEXTEST", "cargo nextest"),
        ("RUSTDOC_DOCTEST_RUN_NB_TEST", "a doctest"),
        ("CARGO_BIN_EXE_host", "an integration test"),
    ] {
        let world = crate::host().with(name, "1");
        let said = world.run_well(&["enabled", "explain"]);
        assert!(said.contains(&format!("off: the program runs under {harness}\n")), "{name}: {said}");
        assert_eq!(world.events(), Vec::<String>::new(), "{name}");
    }
    let world = crate::host().with_file("target/debug/deps/file", "");
    let test = world.path("target/debug/deps/host-0123456789abcdef");
    copy_program(env!("CARGO_BIN_EXE_host"), &test);
    let world = world.running(&test);
    let said = world.run_well(&["enabled", "explain"]);
    assert!(said.contains("off: the program runs under cargo test or cargo bench\n"), "{said}");
    assert_eq!(world.events(), Vec::<String>::new());
}

/// A program that a test harness starts is another matter: this is about the harness itself.
#[test]
fn a_test_harness_is_silent() {
    static USAGE: usage_runtime::UsageLogger =
        usage_runtime::UsageLogger::new("harness", "1.0.0").write_key("key");
    assert!(!USAGE.is_enabled());
    assert_eq!(USAGE.user_id(), None);
}
