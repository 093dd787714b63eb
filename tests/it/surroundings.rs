//! What a process looks at to say where it runs and for whom: files of its machine, and never the
//! network.

use std::fs;
use std::process::{Command, Output};
use std::time::Instant;

use usage_tests::{PATIENCE, World, namespace, run_by};

/// A host that prints one event instead of sending it.
fn printing() -> World {
    crate::host().with("NML_PRINT_USAGE_LOGGING", "")
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text).into_owned()).concat()
}

/// The system calls of a kind that a host makes, where this machine lets them be traced: each is a line
/// that begins with its thread.
fn calls(world: &World, arguments: &[&str], kind: &str) -> Option<Vec<String>> {
    let (host, trace) = (world.command(arguments), world.path("trace"));
    let mut command = Command::new("/usr/bin/env");
    command.args(["strace", "-f", "-e", &format!("trace={kind}"), "-o"]).arg(&trace);
    let mut command = run_by(command, &host);
    command.env("PATH", namespace::SYSTEM_PATH).output().ok().filter(|output| output.status.success())?;
    let calls = fs::read_to_string(trace).ok()?;
    Some(calls.lines().filter(|call| call.contains('(')).map(str::to_owned).collect())
}

#[test]
fn where_a_process_runs_and_for_whom_is_found_without_the_network() {
    let network = |world: &World| calls(world, &["inner"], "%network");
    let sending = crate::host();
    let Some(mut calls) = network(&sending) else { return eprintln!("strace cannot be used here") };
    let makes_a_socket = |calls: &[String]| calls.iter().any(|call| call.contains("socket("));
    // On a busy machine a host may be gone before its sender is on its way; the next one sends it.
    let begin = Instant::now();
    while !makes_a_socket(&calls) && begin.elapsed() < PATIENCE {
        calls = network(&sending).expect("it could be used a moment ago");
    }
    assert!(makes_a_socket(&calls), "a host that sends makes a socket: {calls:?}");

    let printing = printing();
    assert!(said(&printing.run(&["inner"])).contains("runtime_environment"));
    assert_eq!(network(&printing), Some(Vec::new()));
}

/// Which thread looked at what shows where the process runs.
#[test]
fn where_a_process_runs_is_looked_at_once_and_never_on_the_callers_thread() {
    let files = |world: &World| calls(world, &["inner", "explain"], "%file");
    let Some(calls) = files(&crate::host()) else { return eprintln!("strace cannot be used here") };
    let thread = |call: &str| call.split(' ').next().map(str::to_owned);
    let callers = calls.first().and_then(|call| thread(call)).expect("it starts");
    let looks: Vec<_> = calls.iter().filter(|call| call.contains("/databricks/DBR_VERSION")).collect();
    assert_eq!(looks.len(), 1, "{looks:?}");
    assert_ne!(thread(looks[0]).expect("its thread"), callers, "{looks:?}");

    let off = files(&crate::host().with("DO_NOT_TRACK", "1")).expect("it could be used a moment ago");
    let looks = off.iter().find(|call| call.contains("DBR_VERSION") || call.contains("machine-id"));
    assert_eq!(looks, None, "who is off is not looked at");
}

/// The class of the identity on a machine whose machine ids are as the script makes them.
fn identity(script: &str) -> String {
    let world = printing();
    let places = "mount -t tmpfs none /etc && mount -t tmpfs none /var/lib && mkdir /var/lib/dbus";
    let script = format!("{places} && {script}");
    let output = namespace::around(&world.command(&["inner"]), &script, "").output().expect("it starts");
    assert!(output.status.success(), "{output:?}");
    let said = said(&output);
    let class = said.split_once(r#""identity": ""#).and_then(|(_, rest)| rest.split('"').next());
    class.unwrap_or_else(|| panic!("no identity in {said}")).to_owned()
}

#[test]
fn a_machine_id_counts_only_if_it_is_one() {
    const VALID: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
    if let Err(error) = namespace::is_allowed() {
        return eprintln!("no mount namespaces here: {error}");
    }
    if identity(&format!("echo {VALID} >/etc/machine-id")) != "machine" {
        return eprintln!("this machine's ids are not its own, so that none counts");
    }
    assert_eq!(identity(&format!("echo {VALID} >/var/lib/dbus/machine-id")), "machine");
    let zeros = format!("echo {} >/etc/machine-id", "0".repeat(32));
    for none in ["true", ": >/etc/machine-id", "echo uninitialized >/etc/machine-id", &zeros] {
        assert_eq!(identity(none), "stored", "{none}");
    }
}
