//! What an end user may ask of a product: the stored choice, a new id, deletion, receipts; each by
//! a real program, and seen by the next one.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Output, Stdio};

use usage_tests::{PATIENCE, World};

const STATE: &str = "home/.local/state/nannyml/usage";

fn state(world: &World) -> Vec<String> {
    let name = |entry: fs::DirEntry| entry.file_name().into_string().expect("text");
    let mut names: Vec<_> =
        fs::read_dir(world.path(STATE)).expect("the folder").flatten().map(name).collect();
    names.sort();
    names
}

/// The ids and classes that arrived.
fn users(world: &World) -> Vec<String> {
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
    world.receiver.messages().iter().map(|message| text(&message["userId"])).collect()
}

/// Runs the program where its requests are refused.
fn nobody_listens(world: &World, scenario: &str) -> Output {
    let mut command = world.command(&[scenario, "explain"]);
    command.env("NML_USAGE_ENDPOINT", "http://127.0.0.1:9").output().expect("it starts")
}

#[test]
fn a_stored_no_holds_for_every_later_program_until_a_stored_yes() {
    let world = crate::host();
    let said = world.run_well(&["opt out", "explain"]);
    assert!(said.contains("off: it is the stored choice in ") && said.contains("user id: None"), "{said}");
    assert_eq!(state(&world), ["choice"]);
    world.run_well(&["inner", "explain"]);
    world.run_well(&["enabled", "explain"]);
    assert_eq!(world.events(), Vec::<String>::new());
    world.run_well(&["opt in", "explain"]);
    world.run_well(&["inner", "explain"]);
    assert_eq!(world.events(), ["Inner"]);
}

#[test]
fn a_stored_yes_yields_to_every_other_switch() {
    let world = crate::host();
    world.run_well(&["opt in"]);
    for name in ["NML_DISABLE_USAGE_LOGGING", "DO_NOT_TRACK"] {
        assert!(
            world.command(&["inner", "explain"]).env(name, "1").output().expect("it starts").status.success()
        );
    }
    world.run_well(&["disabled first", "explain"]);
    assert_eq!(world.events(), Vec::<String>::new());
}

#[test]
fn a_stored_no_deletes_what_every_process_recorded_and_the_receipts() {
    let world = crate::host();
    world.run_well(&["inner", "explain"]);
    assert_eq!(state(&world), ["receipts"]);
    assert!(nobody_listens(&world, "inner").status.success());
    assert!(state(&world).iter().any(|name| name.contains(".jsonl")), "{:?}", state(&world));
    world.run_well(&["opt out"]);
    assert!(
        state(&world).iter().all(|name| name == "choice" || name.starts_with("gate")),
        "{:?}",
        state(&world)
    );
}

#[test]
fn a_running_program_sees_a_stored_no_before_its_next_request() {
    let world = crate::host();
    let mut running = world.command(&["inner when told", "explain"]);
    let mut running = running.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut output = BufReader::new(running.stdout.take().expect("a pipe"));
    let mut line = String::new();
    output.read_line(&mut line).expect("a line");
    assert_eq!(line, "on\n");
    world.run_well(&["opt out"]);
    running.stdin.take().expect("a pipe").write_all(b"\n").expect("it listens");
    assert!(running.wait().expect("it ends").success());
    assert_eq!(world.events(), Vec::<String>::new());
    assert_eq!(state(&world), ["choice"], "what it recorded meanwhile is deleted");
}

#[test]
fn a_choice_that_cannot_be_stored_is_an_error_and_off_for_now() {
    let world = crate::host().with_file("home/.local/state", "in the way");
    let output = world.run(&["opt out", "explain"]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("error: ") && said.contains("off: code of this program"), "{output:?}");
}

#[test]
fn a_reset_gives_a_new_id_that_stays() {
    let world = crate::host();
    world.run_well(&["inner", "explain"]);
    world.run_well(&["reset", "explain"]);
    world.run_well(&["inner", "explain"]);
    world.run_well(&["inner", "explain"]);
    let users = users(&world);
    assert!(users.len() == 3 && users[0] != users[1] && users[1] == users[2], "{users:?}");
}

#[test]
fn nothing_that_was_recorded_before_a_reset_goes_out_under_the_new_id() {
    let world = crate::host();
    assert!(nobody_listens(&world, "inner").status.success());
    world.run_well(&["reset"]);
    assert!(state(&world).iter().all(|name| !name.contains(".jsonl")), "{:?}", state(&world));
}

#[test]
fn who_only_looks_at_requests_is_told_that_none_is_sent() {
    let world = crate::host().with("NML_PRINT_USAGE_LOGGING", "");
    let said = world.run_well(&["forget", "explain"]);
    assert!(
        said.contains("error: nothing is sent in this run, for NML_PRINT_USAGE_LOGGING is set"),
        "{said}"
    );
    assert_eq!(world.files_at_home(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn a_home_that_is_another_one_in_each_folder_keeps_no_choice() {
    let world = crate::host();
    let mut command = world.command(&["opt out", "explain"]);
    let home = if cfg!(windows) { "LOCALAPPDATA" } else { "HOME" };
    let output = command.env(home, "relative").output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.contains("error: no home folder is known") && said.contains("off: code of this"),
        "{output:?}"
    );
    assert!(!world.path("project/deep/er/relative").exists());
}

#[test]
fn to_be_forgotten_is_asked_for_with_the_old_id_and_is_the_last_thing_that_is_sent() {
    let world = crate::host();
    world.run_well(&["inner", "explain"]);
    world.run_well(&["forget", "explain"]);
    world.run_well(&["inner", "explain"]);
    assert_eq!(world.events(), ["Inner", "Deletion requested"]);
    world.run_well(&["opt in"]);
    world.run_well(&["inner", "explain"]);
    let users = users(&world);
    assert!(users[0] == users[1] && users[1] != users[2], "{users:?}");
}

#[test]
fn a_deletion_that_nobody_received_says_so_with_the_id_and_is_off_all_the_same() {
    let world = crate::host();
    world.run_well(&["inner", "explain"]);
    let id = users(&world).pop().expect("its id");
    let output = nobody_listens(&world, "forget");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains(&format!("the id to delete is {id}")), "{said}");
    assert!(said.contains("off: it is the stored choice in "), "{said}");
}

#[test]
fn who_is_forgotten_and_gets_no_new_id_is_told_both() {
    let world = crate::host().with_file(&format!("{STATE}/nonce/in the way"), "");
    let said = world.run_well(&["forget", "explain"]);
    assert!(said.contains("error: the makers are asked, but not all of the rest could be done: "), "{said}");
    assert!(said.contains("off: it is the stored choice in "), "{said}");
    assert_eq!(world.events(), ["Deletion requested"]);
}

#[test]
fn who_is_off_already_is_told_that_nothing_may_be_sent() {
    let world = crate::host().with("DO_NOT_TRACK", "1");
    let said = world.run_well(&["forget", "explain"]);
    assert!(said.contains("error: nothing may be sent, not even this request: off: "), "{said}");
    assert_eq!(world.files_at_home(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn a_program_hands_its_opt_out_to_the_program_that_it_starts() {
    let world = crate::host();
    let said = world.run_well(&["child"]);
    assert!(said.contains("off: the variable NML_DISABLE_USAGE_LOGGING is set"), "{said}");
    assert_eq!(world.events(), Vec::<String>::new());
}

#[test]
fn receipts_are_the_bodies_that_arrived_word_for_word() {
    let world = crate::host();
    world.run_well(&["inner", "explain"]);
    let received = world.receiver.wait_for_messages(1, PATIENCE);
    assert_eq!(received.len(), 1);
    let said = world.run_well(&["receipts"]);
    for received in world.receiver.received() {
        let body = received.request.json();
        let kept = said.lines().find_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        assert_eq!(kept.expect("a body"), body);
    }
    assert!(said.contains("  accepted: delivered\nto http://127.0.0.1:"), "{said}");
}
