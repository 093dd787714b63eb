//! Hosts that come to grief at one system call, and at each in turn: killed before it, so that there is
//! a crash between every two steps of the spool's protocol, or told that it failed. Whichever it is,
//! what was recorded arrives once, and nobody outside sees anything of an error.
//!
//! Steps are the calls that change or read the spool, and those on the network; see `steps.c`.

use std::fs;
use std::ops::RangeInclusive;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use usage_tests::World;
use usage_tests::preload::Preload;

use crate::ends::{arrive_later, arrived_later, looks_the_same, world};

const EVENTS: usize = 3;

/// As many as fill one file and begin another.
const EVENTS_OF_TWO_FILES: usize = 1700;

/// Steps beyond those of a run in which nothing happens: no two runs take exactly the same.
const BEYOND: usize = 3;

/// What a process is killed in the middle of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// Recording, sending and removing.
    Owner,
    /// Sealing a file that is full, and beginning another.
    Sealer,
    /// Taking up what another process left.
    Adopter,
}

impl Role {
    /// A world for this one.
    fn world(self) -> World {
        let world = world();
        match self {
            Self::Owner => {}
            Self::Adopter => {
                assert!(!world.run(&["none", "killed", &EVENTS.to_string()]).status.success());
            }
            Self::Sealer => close_the_gate(&world),
        }
        world
    }

    /// Events that it finds.
    fn found(self) -> usize {
        if self == Self::Adopter { EVENTS } else { 0 }
    }

    fn command(self, world: &World, steps: &Preload) -> Command {
        // By itself it would not always wait to the end of its request.
        let (end, calls) = match self {
            Self::Owner => ("report each, then wait", EVENTS),
            Self::Adopter => ("report each, then wait", 1),
            Self::Sealer => ("report each", EVENTS_OF_TWO_FILES),
        };
        let mut command = world.command(&["none", end, &calls.to_string()]);
        command.env("LD_PRELOAD", steps.library());
        command
    }

    /// The names of all steps, in their order.
    fn steps(self, steps: &Preload) -> Vec<String> {
        let world = self.world();
        let log = world.path("steps");
        let output = self.command(&world, steps).env("STEPS", &log).output().expect("it starts");
        assert!(output.status.success(), "{output:?}");
        fs::read_to_string(log).expect("its steps").lines().map(str::to_owned).collect()
    }
}

/// So that a host does nothing but record.
fn close_the_gate(world: &World) {
    let closed = SystemTime::now() + Duration::from_secs(600);
    let until = closed.duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
    let endpoint = world.receiver.endpoint();
    let spool = world.spool();
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&spool).expect("a folder");
    let gate = format!(r#"{{"until":{until},"failures":1,"endpoint":"{endpoint}"}}"#);
    fs::write(spool.join("gate"), gate).expect("the gate");
}

fn steps() -> Preload {
    Preload::compile(include_str!("steps.c"))
}

/// Calls `act` with each number, on some threads.
fn for_each(numbers: RangeInclusive<usize>, act: impl Fn(usize) + Sync) {
    let numbers = Mutex::new(numbers);
    let next = || numbers.lock().expect("no other has panicked").next();
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| std::iter::from_fn(next).for_each(&act));
        }
    });
}

/// How many calls of a host had returned.
fn returned(output: &Output) -> usize {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    // The last line may be torn.
    text.split_inclusive('\n')
        .filter(|line| line.trim_end().parse::<usize>().is_ok() && line.ends_with('\n'))
        .count()
}

/// Has this process be killed before each of these of its steps; what it had recorded, and what it had
/// found, then arrives from the next one, once.
fn loses_nothing(role: Role, steps: &Preload, numbers: RangeInclusive<usize>) {
    for_each(numbers.clone(), |number| {
        let world = role.world();
        let output = role.command(&world, steps).env("STEP", number.to_string()).output().expect("it starts");
        let is_killed = !output.status.success();
        assert!(is_killed || number + 2 * BEYOND > *numbers.end(), "there is no step {number}");
        let returned = role.found() + returned(&output);
        world.forget_the_gate();
        let arrived = arrived_later(&world, "none");
        // The call in which it was killed may be recorded or not.
        assert!(
            arrived == returned || (is_killed && arrived == returned + 1),
            "{arrived} of {returned}, killed before step {number}"
        );
        assert_eq!(world.files_with_events(), Vec::<PathBuf>::new(), "killed before step {number}");
    });
}

/// The same for all of its steps, among which these have to be.
fn loses_nothing_at_any_step(role: Role, expected: &[&str]) {
    let steps = steps();
    let names = role.steps(&steps);
    assert!(expected.iter().all(|name| names.iter().any(|step| step == name)), "{names:?}");
    loses_nothing(role, &steps, 1..=names.len() + BEYOND);
}

#[test]
fn an_owner_killed_before_any_step_loses_and_doubles_nothing() {
    let steps = ["mkdir", "open64", "flock", "write", "rename", "connect", "send", "recv", "unlink"];
    loses_nothing_at_any_step(Role::Owner, &steps);
}

#[test]
fn an_adopter_killed_before_any_step_loses_and_doubles_nothing() {
    let steps = ["open64", "flock", "read", "futimens", "pread64", "send", "recv", "write", "unlink"];
    loses_nothing_at_any_step(Role::Adopter, &steps);
}

#[test]
fn an_owner_killed_while_it_begins_another_file_loses_and_doubles_nothing() {
    let steps = steps();
    let names = Role::Sealer.steps(&steps);
    let births: Vec<usize> =
        (1..).zip(&names).filter(|(_, name)| *name == "rename").map(|(at, _)| at).collect();
    let [_, second] = births[..] else { panic!("births at {births:?}") };
    loses_nothing(Role::Sealer, &steps, second - 8..=second + 6);
}

#[test]
fn a_step_that_fails_is_seen_by_nobody_and_loses_nothing() {
    let steps = steps();
    for (role, events) in [(Role::Owner, EVENTS), (Role::Adopter, EVENTS + 1)] {
        let names = role.steps(&steps);
        for_each(1..=names.len() + BEYOND, |number| {
            let world = role.world();
            looks_the_same(|| {
                // Not to the end of all that there is to send: what could not be taken up has time.
                let mut command = world.command(&["none", "flush", &(events - role.found()).to_string()]);
                command.env("LD_PRELOAD", steps.library());
                command.env("STEP", number.to_string()).env("STEP_FAILS", "");
                command
            });
            world.forget_the_gate();
            arrive_later(&world, "none", events);
        });
    }
}
