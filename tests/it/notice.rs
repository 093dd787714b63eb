//! The first-run notice, of programs whose standard error is a terminal, and of some where it is not.

use std::fs;
use std::os::fd::{FromRawFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::ptr::{null, null_mut};

use usage_tests::{PATIENCE, World, copy_program};

/// The words of the notice that the program of `world` gives on a terminal, if it gives one.
fn notice(world: &World) -> Option<String> {
    on_a_terminal(&mut world.command(&["notice", "explain"]))
}

fn on_a_terminal(command: &mut Command) -> Option<String> {
    let (mut ours, mut theirs) = (0, 0);
    // SAFETY: the first two are places to write to, the others may be null.
    let opened = unsafe { libc::openpty(&raw mut ours, &raw mut theirs, null_mut(), null(), null()) };
    assert_eq!(opened, 0, "a terminal");
    // SAFETY: both were just opened, and nobody else has them.
    let (_ours, theirs) = unsafe { (OwnedFd::from_raw_fd(ours), OwnedFd::from_raw_fd(theirs)) };
    let output = command.stderr(theirs).output().expect("it starts");
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).expect("text");
    let (notice, _) = said.split_once("flushed: ").expect("the explanation");
    (notice != "no notice\n").then(|| notice.to_owned())
}

/// The host as another program of the same product: a file of its own, where some words of its
/// catalogue are others of the same length.
fn variant(world: &World, name: &str, change: Option<(&str, &str)>) -> PathBuf {
    let mut bytes = fs::read(env!("CARGO_BIN_EXE_host")).expect("the host");
    if let Some((old, new)) = change {
        let places = bytes.windows(old.len()).enumerate().filter(|(_, found)| *found == old.as_bytes());
        let places: Vec<_> = places.map(|(place, _)| place).collect();
        assert!(!places.is_empty() && old.len() == new.len(), "{old} is not in the host");
        for place in places {
            bytes[place..place + new.len()].copy_from_slice(new.as_bytes());
        }
    }
    let (draft, program) = (world.path("draft"), world.path(name));
    fs::write(&draft, bytes).expect("a file");
    fs::set_permissions(&draft, fs::Permissions::from_mode(0o755)).expect("its mode");
    copy_program(&draft, &program);
    program
}

#[test]
fn it_is_given_once_and_its_run_sends_nothing() {
    let world = crate::host();
    let first = notice(&world).expect("a notice");
    assert_eq!(
        first,
        "Welcome to the host.\n\n\
         nannyml sends pseudonymous usage data to its makers: which functions are used, how long they \
         take and how they fail; never arguments, data or messages.\n\
         To switch it off, set NML_DISABLE_USAGE_LOGGING=1. All that it could send: \
         https://nannyml.example/TELEMETRY.md\n\
         nannyml sends nothing in this run.\n"
    );
    assert_eq!(notice(&world), None);
    assert_eq!(world.receiver.wait_for_messages(1, PATIENCE).len(), 1, "that of the second run");
    assert_eq!(world.events(), ["Inner"]);
}

#[test]
fn it_is_only_for_a_reader_who_has_a_choice_and_none_of_the_others_uses_it_up() {
    let world = crate::host();
    assert!(world.run_well(&["notice", "explain"]).starts_with("no notice\n"), "nobody reads it");
    for (name, value) in
        [("GITHUB_ACTIONS", "true"), ("CI", "1"), ("DO_NOT_TRACK", "1"), ("NML_DISABLE_USAGE_LOGGING", "")]
    {
        let mut command = world.command(&["notice", "explain"]);
        assert_eq!(on_a_terminal(command.env(name, value)), None, "{name}");
    }
    world.run_well(&["opt out"]);
    assert_eq!(notice(&world), None, "the stored choice is off");
    world.run_well(&["opt in"]);
    assert!(notice(&world).is_some());
}

#[test]
fn where_it_cannot_be_stored_that_it_was_given_it_is_not_given_at_each_run() {
    let world = crate::host().with_file("home/.local/state", "in the way");
    assert_eq!(notice(&world), None);
}

#[test]
fn it_is_given_again_when_the_program_could_send_something_else() {
    let world = crate::host();
    assert!(notice(&world).is_some());
    let same = variant(&world, "same", None);
    let mut world = world.running(&same);
    assert_eq!(notice(&world), None, "another program with the same events");
    for (what, change) in [
        ("an event", (r#""event":"Outer""#, r#""event":"Route""#)),
        ("a property", (r#"{"name":"kind""#, r#"{"name":"king""#)),
        ("a value", (r#""distribution"]"#, r#""distributing"]"#)),
        ("the receiver", (r#""endpoint":"http://127.0.0.1:9""#, r#""endpoint":"http://127.0.0.1:8""#)),
    ] {
        let update = variant(&world, what, Some(change));
        world = world.running(&update);
        assert!(notice(&world).is_some(), "{what}");
        assert_eq!(notice(&world), None, "{what}, once more");
        world = world.running(&same);
        assert_eq!(notice(&world), None, "the program from before is known, after {what}");
    }
}
