//! The `usage` subcommand, as end users run it, and the audit program.

use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;
use usage_tests::{World, at_home};

use crate::data_sheet::example;

/// Runs `host usage …` in `world`, which must end well.
fn ask(world: &World, question: &str) -> String {
    let output = world.run(&["audit", question]);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn explain_names_the_switch_with_the_file_and_the_line() {
    let world = crate::host().with_file("project/.env", "A=1\n\nNML_DISABLE_USAGE_LOGGING=\n");
    let text = ask(&world, "explain");
    let place = world.seen_path("project/.env");
    let first = text.lines().next().unwrap_or_default();
    let expected =
        format!("Usage logging of nannyml is off: NML_DISABLE_USAGE_LOGGING is at {}:3.", place.display());
    assert_eq!(first, expected);
    let on = ask(&crate::host(), "explain");
    assert!(on.contains("nannyml is on: no switch says otherwise."), "{on}");
    for text in [&text, &on] {
        assert!(text.contains("Data sheet:  https://nannyml.example/TELEMETRY.md\n"), "{text}");
    }
}

#[test]
fn the_id_is_that_of_the_events() {
    let world = crate::host();
    let text = ask(&world, "id");
    world.run_well(&["two products"]);
    let messages = world.receiver.wait_for_messages(2, usage_tests::PATIENCE);
    let of_nannyml = messages.iter().find(|message| message["context"]["app"]["name"] == "nannyml");
    let user_id = of_nannyml.expect("an event")["userId"].as_str().expect("an id");
    if messages[0]["properties"]["identity"] == "machine" {
        assert!(text.contains(user_id), "{user_id} is not in {text}");
        assert!(text.contains("systemd-id128 machine-id --uuid --app-specific="), "{text}");
    }
    assert!(text.contains("Please delete all usage data of nannyml with the userId"), "{text}");
}

#[test]
fn an_id_is_not_read_when_logging_is_off() {
    let world = crate::host().with("NML_DISABLE_USAGE_LOGGING", "");
    let text = ask(&world, "id");
    assert!(text.contains("is off, so your id is not computed"), "{text}");
    assert!(world.files_at_home().is_empty());
}

#[test]
fn print_says_whether_it_prints_now() {
    assert!(ask(&crate::host(), "print").contains("NML_PRINT_USAGE_LOGGING=\n"));
    assert!(ask(&crate::host(), "print").ends_with("It is not set now.\n"));
    let printing = crate::host().with("NML_PRINT_USAGE_LOGGING", "");
    assert!(ask(&printing, "print").ends_with("It is set now.\n"));
}

#[test]
fn questions_send_nothing_and_answers_fit_a_terminal() {
    let world = crate::host();
    for question in ["help", "explain", "catalog", "id", "print"] {
        let answer = ask(&world, question);
        // Paths and commands are as long as they are.
        let lines = answer.lines().filter(|line| !line.contains('/') && !line.contains("--app-specific="));
        assert_eq!(lines.into_iter().find(|line| line.chars().count() > 80), None, "{question}");
        assert!(!answer.contains('\x1b'), "a colour in the answer to {question}");
    }
    assert!(world.receiver.received().is_empty());
}

#[test]
fn off_is_stored_and_on_takes_it_back() {
    let world = crate::host();
    assert!(ask(&world, "off").contains("is off from now on"));
    assert!(ask(&world, "explain").contains("nannyml is off: it is the stored choice in"));
    world.run_well(&["inner"]);
    assert!(world.receiver.received().is_empty());
    assert!(ask(&world, "on").contains("Usage logging of nannyml is on"));
    world.run_well(&["inner"]);
    assert_eq!(world.receiver.wait_for_messages(1, usage_tests::PATIENCE).len(), 1);
}

#[test]
fn sent_shows_the_request_as_it_arrived() {
    let world = crate::host();
    assert!(ask(&world, "sent").contains("There are no receipts"));
    // With `explain` it waits for the answer.
    world.run_well(&["inner", "explain"]);
    let text = ask(&world, "sent");
    let shown: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert_eq!(shown, [world.receiver.received()[0].request.json()], "{text}");
    assert!(text.contains("accepted: delivered\nto http://127.0.0.1:"), "{text}");
}

#[test]
fn reset_gives_another_id() {
    let world = crate::host();
    let before = ask(&world, "id");
    let text = ask(&world, "reset");
    let id = text.lines().last().unwrap_or_default().trim();
    assert!(!before.contains(id) && ask(&world, "id").contains(id), "{text}");
}

#[test]
fn forget_asks_for_deletion_and_switches_off() {
    let world = crate::host();
    let text = ask(&world, "forget");
    assert!(text.contains("asked to delete"), "{text}");
    assert_eq!(world.events(), ["Deletion requested"]);
    assert!(text.contains(world.receiver.messages()[0]["userId"].as_str().expect("an id")), "{text}");
    assert!(ask(&world, "explain").contains("nannyml is off"));
    let again = world.run(&["audit", "forget"]);
    let said = String::from_utf8_lossy(&again.stdout).into_owned();
    assert!(
        again.status.code() == Some(1) && said.contains("could not be done: nothing may be sent"),
        "{said}"
    );
}

#[test]
fn a_program_knows_its_own_catalogue() {
    let text = ask(&crate::host(), "catalog");
    assert!(text.contains("\nEVENT") && text.contains("Other-Product 2.0.0"), "{text}");
}

fn audit(world: &World, arguments: &[&str]) -> Output {
    static PROGRAM: OnceLock<String> = OnceLock::new();
    let mut command = Command::new(PROGRAM.get_or_init(|| example("audit")));
    at_home(&mut command, &world.path("home")).args(arguments);
    command.current_dir(world.path("project")).output().expect("it runs")
}

fn said(output: Output) -> String {
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn the_audit_program_reads_any_program_and_runs_none() {
    let (world, quickstart) = (crate::host(), example("quickstart"));
    let text = said(audit(&world, &[&quickstart]));
    assert!(text.contains("metrics: kolmogorov_smirnov, jensen_shannon"), "{text}");
    assert!(text.lines().all(|line| line.starts_with("  at ") || line.chars().count() <= 80), "{text}");
    let json: Value = serde_json::from_str(&said(audit(&world, &["--json", &quickstart]))).expect("JSON");
    assert_eq!(json["products"][0]["events"].as_array().map(Vec::len), Some(4));
    assert!(said(audit(&world, &[])).contains("audit FILE explain"));
    for (wrong, code) in [
        (&["/no/such/file"][..], 1),
        (&["/no/such/file", "explain"], 1),
        (&["a", "b"], 2),
        (&["--json"], 2),
        (&[&quickstart, "forget"], 2),
    ] {
        let output = audit(&world, wrong);
        assert_eq!(output.status.code(), Some(code), "{wrong:?}");
        assert!(!output.stderr.is_empty() && output.stdout.is_empty(), "{output:?}");
    }
}

/// For whoever uses a library, which has no subcommand.
#[test]
fn the_audit_program_answers_for_every_product_in_a_file() {
    let world = crate::host();
    let asked = |question| said(audit(&world, &[env!("CARGO_BIN_EXE_host"), question]));
    let id = ask(&world, "id");
    assert!(asked("id").contains(&id), "{id}");
    assert!(asked("explain").contains("Usage logging of Other-Product is on: no switch says otherwise."));
    world.run_well(&["inner", "explain"]);
    assert!(asked("sent").contains(&ask(&world, "sent")));
    asked("off");
    let off = ask(&world, "explain");
    assert!(
        off.contains("nannyml is off: it is the stored choice") && off.contains("\"on\" takes it back"),
        "{off}"
    );
    asked("on");
    asked("reset");
    assert_ne!(ask(&world, "id"), id);
    let nothing = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    assert_eq!(said(audit(&world, &[nothing, "explain"])), "No usage logging is in this file.\n");
}

/// A file may be anyone's.
#[test]
fn no_file_moves_the_cursor_of_who_audits_it() {
    let mark = "usage-runtime/catalog/1 ";
    let product = r#""name":"\u001b[31mwatch","version":"1","endpoint":"https://a\u001b[2J","opt_out_variable":"W\u001b_DISABLE_USAGE_LOGGING""#;
    let world = crate::host().with_file("file", format!("\n{mark}{{\"key\":\"1\",{product}}}\n"));
    let file = world.path("file").display().to_string();
    for question in [&[][..], &["explain"], &["id"], &["print"]] {
        let text = said(audit(&world, &[&[file.as_str()], question].concat()));
        assert!(text.contains("?[31mwatch") && !text.contains('\x1b'), "{text:?}");
    }
}
