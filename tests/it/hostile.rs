//! Hosts that are killed, fork, run out of descriptors or end while threads still call: their
//! events arrive once, and nothing is printed.

use std::net::TcpListener;
use std::process::{Child, Command};
use std::{fs, thread};

use socket2::{Domain, SockAddr, Socket, Type};
use usage_tests::{PATIENCE, Receiver, World, namespace, run_by, started};

use crate::ends::{arrive_later, looks_the_same};

/// Events that the scenario "many, then wait" records.
const EACH: usize = 25;

/// A port that is taken, where connections are refused until somebody listens.
fn refusing_port() -> Socket {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    let address: std::net::SocketAddr = ([127, 0, 0, 1], 0).into();
    socket.bind(&SockAddr::from(address)).expect("a port");
    socket
}

fn endpoint(socket: &Socket) -> String {
    let address = socket.local_addr().ok().and_then(|address| address.as_socket()).expect("an address");
    format!("http://{address}")
}

/// Has the receiver of `world` replaced by one behind `socket`, which from now on accepts.
fn accept(world: &World, socket: Socket) -> Receiver {
    socket.listen(128).expect("it listens");
    let receiver = Receiver::start_on(TcpListener::from(socket)).expect("it starts");
    world.forget_the_gate();
    receiver
}

/// Starts a host that records its events and then waits; comes back when they are recorded.
fn recorded(world: &World, endpoint: &str) -> Child {
    let mut command = world.command(&["many, then wait"]);
    let (host, line) = started(command.env("NML_USAGE_ENDPOINT", endpoint));
    assert_eq!(line, "recorded\n");
    host
}

#[test]
fn what_killed_processes_recorded_arrives_once_though_many_take_it_up_at_once() {
    (0..crate::ends::rounds()).for_each(|_| forty_killed_and_eight_adopters());
}

fn forty_killed_and_eight_adopters() {
    const KILLED: usize = 40;
    const ADOPTERS: usize = 8;
    let (world, port) = (crate::host(), refusing_port());
    let endpoint = endpoint(&port);
    let hosts: Vec<Child> = (0..KILLED).map(|_| recorded(&world, &endpoint)).collect();
    for mut host in hosts {
        host.kill().expect("it is killed");
        host.wait().expect("it is gone");
    }
    let spool = world.spool();
    for (name, content) in
        [("torn", &b"{\"type\":\"track\",\"ev"[..]), ("empty", b""), ("junk", b"\0\xff\n\n}{\n")]
    {
        fs::write(spool.join(format!("{name}.jsonl")), content).expect("a file beside theirs");
    }

    let receiver = accept(&world, port);
    // Each takes a part of the backlog; so there are rounds until all is taken.
    let all = KILLED * EACH;
    let mut own = 0;
    while receiver.messages().len() < all + own && own < 50 * ADOPTERS {
        thread::scope(|scope| {
            for _ in 0..ADOPTERS {
                let mut adopter = world.command(&["inner", "explain"]);
                adopter.env("NML_USAGE_ENDPOINT", &endpoint);
                scope.spawn(move || assert!(adopter.output().expect("it starts").status.success()));
            }
        });
        own += ADOPTERS;
    }
    // By messageId each counts once. Some may come twice: an adopter whose life is over before the
    // answer is there has not noted it.
    for received in receiver.received() {
        assert_eq!(received.refusals, Vec::<String>::new());
    }
    assert_eq!(receiver.messages().len(), all + own);
}

#[test]
fn a_forked_child_records_into_a_file_of_its_own() {
    for (scenario, events) in [("fork first", 1), ("fork between", 3)] {
        let world = crate::host();
        world.run_well(&[scenario]);
        // What a short life could not send is taken up by the next.
        world.run_well(&["inner", "explain"]);
        let messages = world.receiver.wait_for_messages(events + 1, PATIENCE);
        assert_eq!((messages.len(), world.receiver.duplicates()), (events + 1, 0), "{scenario}");
    }
}

#[test]
fn without_a_free_descriptor_the_host_does_not_notice() {
    let world = crate::host();
    world.run_well(&["no descriptors"]);
}

/// The kernel kills who writes a file beyond its limit, and hardly anybody expects that.
#[cfg(unix)]
#[test]
fn where_files_may_not_grow_the_host_lives_and_its_events_wait_in_memory() {
    let world = crate::host();
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -f 0; exec \"$0\" \"$@\""]);
    let output = run_by(limited, &world.command(&["inner", "explain"])).output().expect("it starts");
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    assert_eq!(world.events(), ["Inner"]);
    assert_eq!(world.files_at_home(), Vec::<std::path::PathBuf>::new());
}

/// With and without another program in it, before the first event and after it; by the C library and
/// past it.
#[test]
fn a_host_that_forks_looks_as_ever_and_all_events_arrive() {
    let raw = if cfg!(target_os = "linux") { &["raw fork"][..] } else { &[] };
    for way in raw.iter().chain(&["fork", "exec"]).copied() {
        for (trouble, end) in [(way, "exit"), ("none", way), (way, way)] {
            let world = crate::ends::world();
            let output = looks_the_same(|| world.command(&[trouble, end, &EACH.to_string()]));
            assert_eq!(output.status.code(), Some(7), "{output:?}");
            let children = [trouble, end].iter().filter(|when| **when == way).count();
            world.forget_the_gate();
            arrive_later(&world, "none", EACH + children);
        }
    }
}

/// The first process of a container has a child that is the first of another one.
#[cfg(target_os = "linux")]
#[test]
fn a_child_with_the_process_id_of_its_parent_is_another_process() {
    let world = crate::ends::world();
    let output = looks_the_same(|| {
        let command = world.command(&["none", "same id", &EACH.to_string()]);
        let mut around = Command::new("/usr/bin/env");
        around.args(["unshare", "--map-root-user", "--pid", "--fork"]);
        let mut around = run_by(around, &command);
        around.env("PATH", namespace::SYSTEM_PATH);
        around
    });
    if output.status.code() != Some(7) {
        return eprintln!("skipped, for this machine allows no such namespaces: {output:?}");
    }
    world.forget_the_gate();
    arrive_later(&world, "none", EACH + 1);
}

#[test]
fn a_host_that_closes_all_that_it_does_not_know_finds_nothing_of_ours_in_its_files() {
    for trouble in ["none", "descriptors: 256"] {
        let world = crate::ends::world();
        let output = looks_the_same(|| world.command(&[trouble, "close all", &EACH.to_string()]));
        assert_eq!(output.status.code(), Some(7), "{output:?}");
        world.forget_the_gate();
        arrive_later(&world, "none", EACH + 3);
    }
}

#[test]
fn threads_that_call_while_the_process_ends_harm_nobody() {
    for _ in 0..10 {
        let world = crate::ends::world();
        let output = looks_the_same(|| world.command(&["none", "exit while threads call", "1"]));
        assert_eq!(output.status.code(), Some(7), "{output:?}");
    }
}
