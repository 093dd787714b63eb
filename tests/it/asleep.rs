//! A host that has nothing to record pays nothing: its sender sleeps, and nothing wakes it.

use std::process::Stdio;
use std::time::{Duration, Instant};
use std::{fs, thread};

use usage_tests::PATIENCE;

/// Long enough to catch a sender that looks now and then whether there is something to do.
const QUIET: Duration = Duration::from_secs(3);

/// How often the threads of a process went to sleep or were put aside.
fn switches(process: u32) -> u64 {
    let threads = fs::read_dir(format!("/proc/{process}/task")).expect("its threads");
    let statuses = threads.flatten().map(|thread| fs::read_to_string(thread.path().join("status")));
    let of_one = |status: String| -> u64 {
        let lines = status.lines().filter(|line| line.contains("voluntary_ctxt_switches"));
        lines.filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).sum()
    };
    statuses.map(|status| of_one(status.expect("its status"))).sum()
}

#[test]
fn a_sender_with_nothing_to_do_is_never_woken() {
    let world = crate::host();
    let mut host = world
        .command(&["many, then wait"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    let begin = Instant::now();
    while world.receiver.messages().len() < 25 && begin.elapsed() < PATIENCE {
        thread::yield_now();
    }
    // It goes to sleep soon after; from then on its threads stay where they are.
    let is_quiet = || {
        let before = switches(host.id());
        thread::sleep(QUIET);
        switches(host.id()) == before
    };
    let comes_to_rest = (0..2).any(|_| is_quiet());
    drop(host.stdin.take());
    assert!(host.wait().expect("its end").success());
    assert_eq!(world.receiver.messages().len(), 25);
    assert!(comes_to_rest, "something wakes the sender");
}
