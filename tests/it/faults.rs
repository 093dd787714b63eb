//! Every fault of the table once: no host hangs, nothing is lost or doubled that a file can keep. How
//! long an end takes is for `cargo run --release -p usage-tests --bin faults` to say.

use std::path::Path;
use std::time::Duration;

use usage_tests::dns::SilentNames;
use usage_tests::faults::{CASES, Case, SILENT_NAMES, Waits};

/// An end that takes longer than this has waited for the endpoint, which takes ten seconds to give up.
const HUNG: Duration = Duration::from_secs(5);

const EVENTS: usize = 3;

fn is_harmless(case: &Case) {
    let program = Path::new(env!("CARGO_BIN_EXE_faults"));
    let measured = case.measure(program, EVENTS, Waits::InFiles, 1);
    assert_eq!((measured.lost(), measured.doubled), (0, 0), "{}", case.name);
    assert!(measured.median_and_longest().1 < HUNG, "{}: {:?}", case.name, measured.delays);
    let measured = case.measure(program, EVENTS, Waits::InMemory, 1);
    assert_eq!(measured.doubled, 0, "{}", case.name);
    assert!(measured.median_and_longest().1 < HUNG, "{}: {:?}", case.name, measured.delays);
}

#[test]
fn whatever_an_endpoint_does_no_host_hangs_and_nothing_is_lost() {
    std::thread::scope(|scope| {
        for case in &CASES {
            scope.spawn(|| is_harmless(case));
        }
    });
}

#[test]
fn a_name_server_that_never_answers_does_not_hold_up_the_end() {
    match SilentNames::start().map(drop) {
        Ok(()) => is_harmless(&SILENT_NAMES),
        Err(error) => eprintln!("skipped, for this machine allows no silent name server: {error}"),
    }
}
