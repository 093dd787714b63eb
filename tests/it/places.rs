//! Hosts in hostile places: whatever is missing there, exit code and output are those of the same host
//! without usage logging, and events are lost only where they cannot be kept.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, SystemTime};

use usage_tests::endpoint::{Endpoint, Fault};
use usage_tests::{PATIENCE, World, copy_program, namespace, run_by};

use crate::ends::{arrive_later, looks_the_same, world};

/// Whoever nobody else is, as in `programs/trouble`.
const NOBODY: u32 = 54_321;

/// The exit code of a host whose trouble did not come about.
const NO_TROUBLE: i32 = 99;

const EVENTS: usize = 3;

/// Runs a host with this trouble, and looks.
fn in_trouble(world: &World, trouble: &str) -> Output {
    let output = looks_the_same(|| world.command(&[trouble, "exit", &EVENTS.to_string()]));
    assert_ne!(output.status.code(), Some(NO_TROUBLE), "there was no trouble with {trouble}");
    assert_eq!(output.status.code(), Some(7));
    output
}

/// The same in a mount namespace where the home folder `"$0"` is as the script makes it.
fn in_a_home(world: &World, script: &str, trouble: &str) {
    let home = world.path("home");
    let output = looks_the_same(|| {
        let command = world.command(&[trouble, "exit", &EVENTS.to_string()]);
        namespace::around(&command, script, &home.to_string_lossy())
    });
    assert_eq!(output.status.code(), Some(7), "{output:?}");
}

/// Everything that arrives goes through memory, for there is no file to keep it in.
fn arrive_through_memory(world: &World) {
    assert_eq!(world.receiver.wait_for_messages(EVENTS, PATIENCE).len(), EVENTS);
    assert_eq!(world.files_at_home(), Vec::<PathBuf>::new());
}

fn is_root(world: &World) -> bool {
    fs::metadata(world.path("home")).expect("the home").uid() == 0
}

/// Has the world belong to nobody, if this is root.
fn of_nobody() -> World {
    fn give(path: &Path) {
        chown(path, Some(NOBODY), Some(NOBODY)).expect("it is root's");
        fs::read_dir(path).into_iter().flatten().flatten().for_each(|entry| give(&entry.path()));
    }
    let world = world_with_its_program();
    if is_root(&world) {
        give(&world.path(""));
    }
    world
}

/// A world that holds its program: whoever runs it there can look beside it.
fn world_with_its_program() -> World {
    let world = world();
    let program = world.path("program");
    copy_program(env!("CARGO_BIN_EXE_trouble"), &program);
    world.running(&program)
}

#[test]
fn without_threads_events_are_written_and_a_later_process_sends_them() {
    let world = of_nobody();
    in_trouble(&world, "no threads");
    assert_eq!(world.receiver.received().len(), 0);
    arrive_later(&world, "nobody", EVENTS);
}

#[test]
fn without_descriptors_nobody_sees_a_difference() {
    in_trouble(&world(), "no descriptors");
}

/// Three are the host's own. With one more there is a file for the events, with some more a connection,
/// and with those in between all that fails that needs one.
#[test]
fn with_few_descriptors_events_are_kept_and_nobody_sees_a_difference() {
    for most in 4..=10 {
        let world = world();
        in_trouble(&world, &format!("descriptors: {most}"));
        world.forget_the_gate();
        arrive_later(&world, "none", EVENTS);
    }
}

#[test]
fn where_files_cannot_grow_events_go_through_memory() {
    let world = world();
    in_trouble(&world, "no file size");
    arrive_through_memory(&world);
}

#[test]
fn on_a_full_disk_events_go_through_memory() {
    if let Err(error) = namespace::is_allowed() {
        return eprintln!("skipped, for this machine allows no mount namespace: {error}");
    }
    let world = world();
    in_a_home(
        &world,
        r#"mount -t tmpfs -o size=16k none "$0"; head -c 100000 /dev/zero > "$0/fill"; test -s "$0/fill""#,
        "full disk",
    );
    arrive_through_memory(&world);
}

#[test]
fn on_a_disk_that_fills_up_what_has_no_room_goes_through_memory() {
    if let Err(error) = namespace::is_allowed() {
        return eprintln!("skipped, for this machine allows no mount namespace: {error}");
    }
    let (world, events) = (world(), 120);
    let home = world.path("home");
    looks_the_same(|| {
        let command = world.command(&["none", "exit", &events.to_string()]);
        namespace::around(&command, r#"mount -t tmpfs -o size=12k none "$0""#, &home.to_string_lossy())
    });
    assert_eq!(world.receiver.wait_for_messages(events, PATIENCE).len(), events);
}

#[test]
fn in_a_home_that_is_read_only_events_go_through_memory() {
    if let Err(error) = namespace::is_allowed() {
        return eprintln!("skipped, for this machine allows no mount namespace: {error}");
    }
    let world = world();
    in_a_home(&world, r#"mount -t tmpfs -o ro none "$0" && ! touch "$0/file""#, "none");
    arrive_through_memory(&world);
}

#[test]
fn where_the_whole_root_is_read_only_events_go_through_memory() {
    if let Err(error) = namespace::is_allowed() {
        return eprintln!("skipped, for this machine allows no mount namespace: {error}");
    }
    let world = world();
    let script = r#"mount --bind "$0" "$0"
        while read -r _ place _; do mount -o remount,bind,ro "$place"; done </proc/mounts
        ! touch "$0/file" && ! touch /file"#;
    in_a_home(&world, script, "none");
    arrive_through_memory(&world);
}

#[test]
fn without_a_home_events_go_through_memory() {
    let world = of_nobody();
    if !is_nobodys(&world) {
        return eprintln!("skipped, for this user has a home even without HOME");
    }
    let without_home = || {
        let mut command = world.command(&["nobody", "exit", &EVENTS.to_string()]);
        command.env_remove("HOME");
        command
    };
    assert_eq!(looks_the_same(without_home).status.code(), Some(7));
    arrive_through_memory(&world);
}

fn is_nobodys(world: &World) -> bool {
    fs::metadata(world.path("home")).expect("the home").uid() == NOBODY
}

/// Runs hosts whose spool would be in `folder`, which is not safe: nothing in it is changed, and events
/// go through memory.
fn is_left_alone(world: &World, folder: &Path) {
    let long_ago = SystemTime::now() - Duration::from_secs(30 * 24 * 3600);
    fs::write(folder.join("fresh.jsonl"), "{}\n").expect("a file");
    fs::write(folder.join("old.jsonl"), "{}\n").expect("a file");
    let old = fs::File::options().append(true).open(folder.join("old.jsonl")).expect("the file");
    old.set_modified(long_ago).expect("its time");
    in_trouble(world, "none");
    assert_eq!(world.receiver.wait_for_messages(EVENTS, PATIENCE).len(), EVENTS);
    // Where nobody listens an event that was written stays, and the gate is closed.
    let refused = Endpoint::start(Fault::Refused).expect("a port");
    let mut command = world.command(&["none", "return", "3"]);
    assert!(command.env("NML_USAGE_ENDPOINT", refused.url()).output().expect("it starts").status.success());
    let mut names: Vec<_> =
        fs::read_dir(folder).expect("the folder").flatten().map(|entry| entry.file_name()).collect();
    names.sort();
    assert_eq!(names, ["fresh.jsonl", "old.jsonl"]);
}

#[test]
fn folder_and_files_are_for_their_owner_alone_whatever_the_mask() {
    let world = world();
    let host = world.command(&["none", "exit", &EVENTS.to_string()]);
    let mut masked = Command::new("/bin/sh");
    masked.args(["-c", "umask 000; exec \"$0\" \"$@\""]);
    let mut masked = run_by(masked, &host);
    // Where nobody listens, the events stay, beside the gate and the receipt of the request.
    masked.env("NML_USAGE_ENDPOINT", "http://127.0.0.1:9");
    assert_eq!(masked.output().expect("it starts").status.code(), Some(7));
    let mode = |path: &Path| fs::metadata(path).expect("it is there").mode() & 0o777;
    let files = world.files_at_home();
    assert!(files.len() >= 2, "{files:?}");
    for file in &files {
        assert_eq!(mode(file), 0o600, "{file:?}");
    }
    for folder in world.spool().ancestors().take_while(|folder| !folder.ends_with("home")) {
        assert_eq!(mode(folder), 0o700, "{folder:?}");
    }
}

#[test]
fn a_folder_that_others_can_write_is_left_alone() {
    let world = world();
    fs::create_dir_all(world.spool()).expect("a folder");
    fs::set_permissions(world.spool(), fs::Permissions::from_mode(0o777)).expect("its mode");
    is_left_alone(&world, &world.spool());
}

#[test]
fn a_folder_of_somebody_else_is_left_alone() {
    let world = world();
    if !is_root(&world) {
        return eprintln!("skipped, for only root can give a folder away");
    }
    fs::create_dir_all(world.spool()).expect("a folder");
    chown(world.spool(), Some(NOBODY), Some(NOBODY)).expect("it is root's");
    is_left_alone(&world, &world.spool());
}

#[test]
fn a_folder_that_is_a_link_is_left_alone() {
    let world = world();
    let elsewhere = world.path("elsewhere");
    fs::create_dir(&elsewhere).expect("a folder");
    fs::create_dir_all(world.spool().parent().expect("a parent")).expect("a folder");
    symlink(&elsewhere, world.spool()).expect("a link");
    is_left_alone(&world, &elsewhere);
}

#[test]
fn a_program_with_borrowed_rights_is_silent() {
    let world = world_with_its_program();
    if !is_root(&world) {
        return eprintln!("skipped, for only root can lend rights");
    }
    let program = world.path("program");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o4755)).expect("its mode");
    for folder in ["", "project", "project/deep", "project/deep/er"] {
        fs::set_permissions(world.path(folder), fs::Permissions::from_mode(0o755)).expect("its mode");
    }
    chown(world.path("home"), Some(NOBODY), Some(NOBODY)).expect("it is root's");
    let lent = || {
        let mut command = world.command(&["borrowed rights", "exit", &EVENTS.to_string()]);
        command.uid(NOBODY).gid(NOBODY);
        command
    };
    let output = looks_the_same(lent);
    if output.status.code() == Some(NO_TROUBLE) {
        return eprintln!("skipped, for this machine's temporary folder lends no rights");
    }
    assert_eq!(output.status.code(), Some(7), "{output:?}");
    assert_eq!((world.receiver.received().len(), world.files_at_home()), (0, vec![]));
}
