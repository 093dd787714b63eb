//! Wrong settings and places that cannot be used: the host's result, output and exit code are
//! those of a host without us, the author can ask what happened, and nothing recorded is lost
//! while a folder can be written.

use std::net::TcpListener;

use usage_tests::PATIENCE;

/// An endpoint on loopback where nobody listens.
fn refusing_endpoint() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    format!("http://{}", listener.local_addr().expect("an address"))
}

#[test]
fn an_endpoint_that_refuses_is_silent_and_loses_nothing() {
    let world = crate::host().with("NML_USAGE_ENDPOINT", &refusing_endpoint());
    let plain = world.run(&["nothing"]);
    let output = world.run(&["inner"]);
    assert_eq!((output.status, &output.stdout, &output.stderr), (plain.status, &plain.stdout, &plain.stderr));
    assert_eq!(world.waiting_in_files(), 1);
}

#[test]
fn an_unwritable_state_folder_is_silent_and_the_event_still_arrives() {
    let world = crate::host().with_file("home/.local", "a file where a folder should be");
    world.run_well(&["inner"]);
    assert_eq!(world.receiver.wait_for_messages(1, PATIENCE).len(), 1);
}

#[test]
fn without_a_home_the_event_still_arrives() {
    let world = crate::host().with_file("no-folder", "");
    let home = world.path("no-folder/home");
    let world = world.with("HOME", &home.to_string_lossy());
    world.run_well(&["inner"]);
    assert_eq!(world.receiver.wait_for_messages(1, PATIENCE).len(), 1);
}

#[test]
fn an_empty_write_key_holds_the_events_and_says_so() {
    let world = crate::host();
    world.run_well(&["keyless"]);
    assert_eq!(world.events(), Vec::<String>::new());
    assert_eq!(world.waiting_in_files(), 1);
}

#[test]
fn an_endpoint_without_tls_is_refused_unless_it_is_loopback() {
    for endpoint in ["http://192.0.2.1", "ftp://127.0.0.1", "not a url", "", "http://127.0.0.1.example.com"] {
        let world = crate::host().with("NML_USAGE_ENDPOINT", endpoint);
        let output = world.run_well(&["inner", "explain"]);
        assert!(output.contains("is refused"), "{endpoint}: {output}");
        assert_eq!(world.events(), Vec::<String>::new());
    }
}

#[test]
fn print_mode_shows_the_request_and_opens_no_socket() {
    let world = crate::host().with("NML_PRINT_USAGE_LOGGING", "");
    let output = world.run(&["inner"]);
    let printed = String::from_utf8(output.stderr).expect("text");
    assert!(
        printed.contains("POST ") && printed.contains("\"Inner\"") && printed.contains("WRITE_KEY"),
        "{printed}"
    );
    assert_eq!(world.events(), Vec::<String>::new());
    assert_eq!(world.waiting_in_files(), 0);
}

#[test]
fn print_mode_prints_nothing_while_logging_is_off() {
    let world = crate::host().with("NML_PRINT_USAGE_LOGGING", "").with("DO_NOT_TRACK", "1");
    world.run_well(&["inner"]);
}
