//! However a host ends, its exit code and what it prints are those of the same host without usage
//! logging, and every event of a call that has returned arrives once.

use std::env;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use usage_tests::World;

/// Every way to end, see `programs/trouble`.
const ENDS: [&str; 7] = ["return", "exit", "exit from a thread", "panic", "abort", "terminated", "killed"];

const EVENTS: usize = 25;

/// A world for the program `trouble`.
pub(crate) fn world() -> World {
    World::new(env!("CARGO_BIN_EXE_trouble"))
}

/// How often the tests that kill are repeated: once, or as the variable says.
pub(crate) fn rounds() -> usize {
    env::var("KILL_ROUNDS").map_or(1, |rounds| rounds.parse().expect("KILL_ROUNDS is a number"))
}

/// Runs the command twice, with usage logging off and then on, and has both look the same from outside.
pub(crate) fn looks_the_same(command: impl Fn() -> Command) -> Output {
    let without = command().env("NML_DISABLE_USAGE_LOGGING", "").output().expect("it starts");
    let with = command().output().expect("it starts");
    assert_eq!(seen(&without), seen(&with), "{:?}", command());
    with
}

/// What is seen of a process. A panic's message has the number of its thread.
fn seen(output: &Output) -> (std::process::ExitStatus, String, String) {
    let without_thread = |text: &[u8]| -> String {
        let text = String::from_utf8_lossy(text).into_owned();
        if text.contains("panicked at") {
            text.replace(|letter: char| letter.is_ascii_digit(), "")
        } else {
            text
        }
    };
    (output.status, without_thread(&output.stdout), without_thread(&output.stderr))
}

/// Has a later process, who is in `trouble` itself, deliver what is left; then `events` and its own
/// have arrived, each once.
pub(crate) fn arrive_later(world: &World, trouble: &str, events: usize) {
    assert_eq!(arrived_later(world, trouble), events);
}

/// How many events arrived when a later process has delivered what was left, its own not counted.
pub(crate) fn arrived_later(world: &World, trouble: &str) -> usize {
    let output = world.run(&[trouble, "when all is sent", "1"]);
    assert!(output.status.success(), "{output:?}");
    for received in world.receiver.received() {
        assert_eq!(received.refusals, Vec::<String>::new());
    }
    world.receiver.messages().len() - 1
}

fn ends_as_ever_and_loses_nothing(program: &Path, end: &str) {
    let world = World::new(&program.to_string_lossy());
    looks_the_same(|| world.command(&["none", end, &EVENTS.to_string()]));
    arrive_later(&world, "none", EVENTS);
}

#[test]
fn however_a_host_ends_nobody_sees_a_difference_and_nothing_is_lost() {
    std::thread::scope(|scope| {
        for end in ENDS {
            scope
                .spawn(move || ends_as_ever_and_loses_nothing(Path::new(env!("CARGO_BIN_EXE_trouble")), end));
        }
    });
}

#[test]
fn a_host_whose_panics_abort_loses_nothing_either() {
    let program = with_panics_that_abort();
    for end in ENDS {
        ends_as_ever_and_loses_nothing(&program, end);
    }
}

/// The same program built with `panic = "abort"`, in a folder of its own beside the tests'.
fn with_panics_that_abort() -> PathBuf {
    let target =
        Path::new(env!("CARGO_BIN_EXE_trouble")).ancestors().nth(2).expect("target").join("panic-abort");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--package", "usage-tests", "--bin", "trouble"]);
    cargo.args(["--config", "profile.dev.panic=\"abort\"", "--config", "profile.dev.debug=false"]);
    cargo.arg("--target-dir").arg(&target);
    cargo.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    assert!(cargo.status().expect("cargo runs").success());
    target.join("debug/trouble")
}

/// What was said to be recorded is; the call in which it was killed may be, too.
#[test]
fn a_host_killed_at_any_moment_loses_no_call_that_had_returned() {
    for round in 0..8 * rounds() {
        let world = world();
        let mut host = world.command(&["none", "report each", "2000"]);
        let mut host = host.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut output = BufReader::new(host.stdout.take().expect("its output"));
        let mut lines = String::new();
        for _ in 0..=(round * 251 % 1999) {
            output.read_line(&mut lines).expect("a line");
        }
        host.kill().expect("it is killed");
        host.wait().expect("it is gone");
        output.read_to_string(&mut lines).expect("the rest");
        // The others are not a call's, and the last may be torn.
        let is_calls = |line: &&str| line.trim_end().parse::<usize>().is_ok() && line.ends_with('\n');
        let returned = lines.split_inclusive('\n').filter(is_calls).count();
        let arrived = arrived_later(&world, "none");
        assert!(arrived == returned || arrived == returned + 1, "{arrived} of {returned}");
    }
}

#[test]
fn a_child_that_outlives_a_killed_host_does_not_hold_its_events_back() {
    for end in ["killed, with a child", "killed, with a forked child"] {
        let world = world();
        let output = world.run(&["none", end, "3"]);
        let child =
            String::from_utf8_lossy(&output.stdout).lines().last().map(str::to_owned).expect("its id");
        arrive_later(&world, "none", 3);
        assert!(Command::new("kill").arg(child).status().expect("it runs").success(), "it lives");
    }
}
