//! However a process ends, what it recorded arrives: by itself or by the next one.

use std::net::TcpListener;
#[cfg(unix)]
use std::os::unix::process::ExitStatusExt;

use usage_tests::{PATIENCE, World};

/// Runs `scenario` where nobody listens, so that its event has to wait; then lets an ordinary
/// run find it.
fn is_delivered_later(scenario: &str) -> (World, std::process::Output) {
    let world = crate::host();
    let output = world.run(&[scenario]);
    let arrived = world.events().len();
    if arrived == 0 {
        world.run_well(&["inner", "explain"]);
        assert_eq!(world.receiver.wait_for_messages(2, PATIENCE).len(), 2, "{scenario}");
    }
    (world, output)
}

#[test]
fn a_return_from_main_delivers() {
    let world = crate::host();
    world.run_well(&["inner"]);
    assert_eq!(world.receiver.wait_for_messages(1, PATIENCE).len(), 1);
}

#[test]
fn process_exit_keeps_its_code_and_delivers() {
    let (_, output) = is_delivered_later("exit");
    assert_eq!(output.status.code(), Some(7));
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[cfg(unix)]
#[test]
fn abort_leaves_the_event_to_the_next_process() {
    let (_, output) = is_delivered_later("abort");
    assert_eq!(output.status.signal(), Some(6));
}

#[test]
fn a_panic_ends_the_program_as_ever_and_its_event_arrives() {
    let (world, output) = is_delivered_later("panic");
    assert_eq!(output.status.code(), Some(101));
    assert!(String::from_utf8_lossy(&output.stderr).contains("secret panic message"));
    let messages = world.receiver.messages();
    let event = messages.iter().find(|message| message["event"] == "Panics").expect("its event");
    assert_eq!(event["properties"]["exception_type"], "panic");
}

#[test]
fn what_a_refused_process_recorded_waits_for_the_same_endpoint() {
    let world = crate::host();
    let elsewhere = TcpListener::bind(("127.0.0.1", 0)).expect("a port").local_addr().expect("an address");
    let mut refused = world.command(&["inner"]);
    assert!(
        refused
            .env("NML_USAGE_ENDPOINT", format!("http://{elsewhere}"))
            .status()
            .expect("it starts")
            .success()
    );
    world.run_well(&["inner", "explain"]);
    assert_eq!(world.events(), ["Inner"], "an organisation's events must not reach another host");
}

#[test]
fn a_delivered_run_leaves_no_event_behind() {
    let world = crate::host();
    world.run_well(&["inner", "explain"]);
    assert_eq!(world.events(), ["Inner"]);
    world.run_well(&["nothing", "explain"]);
    world.run_well(&["inner", "explain"]);
    assert_eq!(world.events(), ["Inner", "Inner"]);
    assert_eq!(world.receiver.duplicates(), 0, "an event was sent twice");
}

#[cfg(target_os = "linux")]
#[test]
fn one_thread_sends_for_all_products() {
    let world = crate::host();
    let said = world.run_well(&["five products", "explain"]);
    assert!(said.contains("threads: 2\n"), "{said}");
    let mut events = world.events();
    events.sort();
    assert_eq!(events, ["Hot", "Inner", "Other", "Thrifty"]);
}
