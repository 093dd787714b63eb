//! The control that has to fail: processes whose files are named before they are locked lose events,
//! see `programs/order.rs`. Were it to pass, the tests of the spool would prove nothing here.

use std::path::Path;
use std::process::Command;

use usage_tests::started;

fn program(act: &str, folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_order"));
    command.env_clear().arg(act).arg(folder);
    command
}

fn adopted(folder: &Path) -> usize {
    let output = program("adopt", folder).output().expect("it starts");
    assert!(output.status.success(), "{output:?}");
    output.stdout.split(|byte| *byte == b'\n').count() - 1
}

/// How many events are left when one process adopts between the two steps of another, and one more
/// when that is gone.
fn delivered(order: &str) -> usize {
    let folder = tempfile::TempDir::new().expect("a folder");
    let (mut owner, _) = started(&mut program(order, folder.path()));
    let between = adopted(folder.path());
    // The end of its input ends the pause.
    drop(owner.stdin.take());
    assert!(owner.wait().expect("it ends").success());
    between + adopted(folder.path())
}

#[test]
fn a_file_named_before_it_is_locked_is_lost_and_one_locked_before_it_is_named_is_not() {
    assert_eq!(delivered("named-first"), 0);
    assert_eq!(delivered("locked-first"), 25);
}
