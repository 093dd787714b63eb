//! What a host pays that records without end while its endpoint answers nothing: a bounded amount of
//! memory and of disk; and what becomes of events beyond that.

use std::fs;
use std::process::Command;

use usage_tests::World;
use usage_tests::endpoint::{Endpoint, Fault};

use crate::ends;

/// Kilobytes of memory that usage logging may take.
const MEMORY: i64 = 4 * 1024;
/// Bytes that the files of one process may take: what may wait, and what the last file may hold beside.
const DISK: u64 = (1024 + 256) * 1024;

/// Runs a host that records so many events; the most memory that it took, in kilobytes.
fn memory_of(world: &World, endpoint: &str, events: &str, switch: Option<&str>) -> i64 {
    let mut command = world.command(&["none", "tell its memory", events]);
    command.env("NML_USAGE_ENDPOINT", endpoint).envs(switch.map(|name| (name, "")));
    told_by(&mut command)
}

/// The most memory that a host took by what it says at its end, in kilobytes.
fn told_by(command: &mut Command) -> i64 {
    let output = command.output().expect("it starts");
    assert!(output.status.success(), "{output:?}");
    let told = String::from_utf8(output.stdout).expect("text");
    told.lines().find_map(|line| line.parse().ok()).expect("a number")
}

#[test]
fn a_million_events_into_a_black_hole_cost_a_bounded_amount_of_memory_and_disk() {
    let endpoint = Endpoint::start(Fault::BlackHole).expect("a port");
    let (world, bare) = (ends::world(), ends::world());
    let with = memory_of(&world, &endpoint.url(), "1000000", None);
    let without = memory_of(&bare, &endpoint.url(), "1000000", Some("NML_DISABLE_USAGE_LOGGING"));
    assert!(with - without <= MEMORY, "{with} kB instead of {without} kB");
    let files = world.files_at_home();
    let disk: u64 = files.iter().map(|file| fs::metadata(file).map_or(0, |metadata| metadata.len())).sum();
    assert!(disk > 512 * 1024 && disk <= DISK, "{disk} bytes");
}

#[test]
fn in_memory_a_million_events_are_bounded_too() {
    let endpoint = Endpoint::start(Fault::BlackHole).expect("a port");
    let world = ends::world();
    let memory = |switch| {
        let mut command = world.command(&["none", "tell its memory", "1000000"]);
        command.env("NML_USAGE_ENDPOINT", endpoint.url()).env("HOME", "/dev/null").envs(switch);
        let told = String::from_utf8(command.output().expect("it starts").stdout).expect("text");
        told.lines().find_map(|line| line.parse::<i64>().ok()).expect("a number")
    };
    let (with, without) = (memory(None), memory(Some(("NML_DISABLE_USAGE_LOGGING", ""))));
    assert!(with - without <= MEMORY, "{with} kB instead of {without} kB");
}

#[test]
fn the_oldest_events_are_kept_and_the_next_process_can_send_them() {
    let endpoint = Endpoint::start(Fault::BlackHole).expect("a port");
    let world = ends::world();
    memory_of(&world, &endpoint.url(), "20000", None);
    let receiver = endpoint.heal().expect("it listens");
    world.forget_the_gate();
    let mut later = world.command(&["none", "when all is sent", "1"]);
    assert!(
        later.env("NML_USAGE_ENDPOINT", receiver.endpoint()).output().expect("it starts").status.success()
    );
    let kept = receiver.messages().len();
    assert!(kept > 2000 && kept < 20_000, "{kept}");
}

/// Kilobytes that a long backlog may take more than a single event. It is three times as long.
const MORE_FOR_A_BACKLOG: i64 = 1024;

#[test]
fn a_long_backlog_is_sent_in_the_same_memory_as_a_single_event() {
    let memory_for = |processes: usize, events| {
        let endpoint = Endpoint::start(Fault::BlackHole).expect("a port");
        let world = ends::world();
        (0..processes).for_each(|_| {
            memory_of(&world, &endpoint.url(), events, None);
            world.forget_the_gate();
        });
        let receiver = endpoint.heal().expect("it listens");
        let mut later = world.command(&["none", "tell its memory when all is sent", "1"]);
        let memory = told_by(later.env("NML_USAGE_ENDPOINT", receiver.endpoint()));
        (memory, receiver.messages().len())
    };
    let (one, _) = memory_for(1, "1");
    let (many, sent) = memory_for(3, "20000");
    assert!(sent > 6000, "{sent}");
    assert!(many - one <= MORE_FOR_A_BACKLOG, "{many} kB instead of {one} kB");
}
