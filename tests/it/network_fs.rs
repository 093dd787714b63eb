//! Homes on a real network file system, whose locks hold on one machine and not between two.

use std::fs;
use std::process::Stdio;

use usage_tests::network_fs::Mount;
use usage_tests::{PATIENCE, World, started};

use crate::ends::{arrive_later, looks_the_same, world};

const EVENTS: usize = 25;

/// Mounts one folder as the homes of these worlds; `None` where this machine cannot.
fn share_a_home<const N: usize>(worlds: [&World; N]) -> Option<[Mount; N]> {
    let far = worlds[0].path("far");
    fs::create_dir(&far).expect("a folder");
    let mounts: Result<Vec<Mount>, _> =
        worlds.iter().map(|world| Mount::of(&far, &world.path("home"))).collect();
    match mounts {
        Ok(mounts) => mounts.try_into().ok(),
        Err(error) => {
            eprintln!("skipped, for this machine mounts no folder by sshfs: {error}");
            None
        }
    }
}

/// A world with a home of its own and the receiver of `other`.
fn another(other: &World) -> World {
    world().with("NML_USAGE_ENDPOINT", &other.receiver.endpoint())
}

#[test]
fn on_a_network_file_system_nobody_sees_a_difference_and_nothing_is_lost() {
    for end in ["exit", "killed"] {
        let world = world();
        let Some(_mounts) = share_a_home([&world]) else { return };
        looks_the_same(|| world.command(&["none", end, &EVENTS.to_string()]));
        arrive_later(&world, "none", EVENTS);
    }
}

#[test]
fn what_one_machine_left_another_delivers() {
    let one = world();
    let other = another(&one);
    let Some(_mounts) = share_a_home([&one, &other]) else { return };
    assert!(!one.run(&["none", "killed", &EVENTS.to_string()]).status.success());
    assert!(other.run(&["none", "when all is sent", "1"]).status.success());
    assert_eq!(one.receiver.messages().len(), EVENTS + 1);
}

/// The other machine takes the file over while its owner gathers events or sends them.
#[test]
fn a_file_that_two_machines_send_counts_once() {
    let one = crate::host();
    let other = another(&one);
    let Some(_mounts) = share_a_home([&one, &other]) else { return };
    let (mut owner, _) = started(&mut one.command(&["many, then wait"]));
    assert_eq!(other.run(&["none", "exit", "1"]).status.code(), Some(7));
    drop(owner.stdin.take());
    assert!(owner.wait().expect("it ends").success());
    assert!(other.run(&["none", "when all is sent", "1"]).status.success());
    assert_eq!(one.receiver.wait_for_messages(EVENTS + 2, PATIENCE).len(), EVENTS + 2);
}

#[test]
fn a_file_system_that_goes_away_while_a_host_runs_is_seen_by_nobody() {
    let world = crate::host();
    let Some([mut mount]) = share_a_home([&world]) else { return };
    let mut host = world.command(&["many before and after a wait"]);
    let (host, _) = started(host.stderr(Stdio::piped()));
    mount.break_off();
    let output = host.wait_with_output().expect("it ends");
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}
