//! Plants a secret wherever a program can have one, and looks for it in every byte that was sent,
//! spooled, kept as a receipt or printed.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

#[cfg(target_os = "linux")]
use usage_tests::namespace;
use usage_tests::{PATIENCE, World};

/// Nothing that could stand anywhere by chance.
const SECRET: &str = "xyzzy-4711-plugh";

/// The host program under a secret name, in a secret folder, with secrets in its environment, its
/// `.env`, its arguments; it puts them into what it is given, returns and panics with.
fn run(world: &World, prints: bool) -> Output {
    let program = world.path(&format!("installed {SECRET}/{SECRET}"));
    let mut command = Command::new(program);
    let plain = world.command(&[]);
    command.env_clear().envs(plain.get_envs().filter_map(|(name, value)| value.map(|value| (name, value))));
    command.current_dir(world.path(&format!("project/{SECRET}"))).args(["secrets", SECRET]);
    for name in ["USER", "LOGNAME", "HOSTNAME", "API_TOKEN", "GIT_COMMITTER_EMAIL", "PWD"] {
        command.env(name, SECRET);
    }
    // Signs of a place: what is in them is nobody's business.
    for name in ["KUBERNETES_SERVICE_HOST", "GITHUB_ACTIONS", "CODESPACE_NAME", "JPY_PARENT_PID", "AI_AGENT"]
    {
        command.env(name, SECRET);
    }
    if prints {
        command.env("NML_PRINT_USAGE_LOGGING", SECRET);
    }
    on_a_secret_host(command).output().expect("it starts")
}

/// The command on a machine with a secret name, where this one lets a program have a name of its own.
#[cfg(target_os = "linux")]
fn on_a_secret_host(command: Command) -> Command {
    if let Err(error) = namespace::is_allowed() {
        eprintln!("the name of the machine stays as it is: {error}");
        return command;
    }
    let named = r#"echo "$0" >/proc/sys/kernel/hostname && test "$(cat /proc/sys/kernel/hostname)" = "$0""#;
    namespace::around(&command, named, SECRET)
}

#[cfg(not(target_os = "linux"))]
fn on_a_secret_host(command: Command) -> Command {
    command
}

fn world() -> World {
    let env = format!("API_TOKEN={SECRET}\nbroken {SECRET} line\n");
    let world = crate::host()
        .with_file(&format!("project/{SECRET}/.env"), &env)
        .with_file("project/.env", env)
        .with_file(&format!("installed {SECRET}/.env"), "");
    // Copied by a process of its own, see the test of a `.env` beside the executable.
    let copied = Command::new("cp")
        .arg(env!("CARGO_BIN_EXE_host"))
        .arg(world.path(&format!("installed {SECRET}/{SECRET}")))
        .status();
    assert!(copied.expect("cp starts").success());
    world
}

/// The names and the contents of all files that the program left.
fn kept(world: &World) -> Vec<(PathBuf, String)> {
    let read = |path: PathBuf| {
        let content = fs::read(&path).expect("a file");
        (path, String::from_utf8_lossy(&content).into_owned())
    };
    world.files_at_home().into_iter().map(read).collect()
}

fn assert_clean(what: &str, text: &str) {
    // The two halves of a word that was cut are secret, too.
    for part in [SECRET, "xyzzy", "plugh"] {
        assert!(!text.contains(part), "{what} has the secret: {text}");
    }
    for id in ids_of_the_machine() {
        assert!(!text.contains(&id), "{what} has an id of the machine: {text}");
    }
}

/// What names the machine: its id, and the addresses of its network cards, however they are spelled.
fn ids_of_the_machine() -> Vec<String> {
    let mut files = vec![PathBuf::from("/etc/machine-id"), PathBuf::from("/var/lib/dbus/machine-id")];
    let cards = fs::read_dir("/sys/class/net").into_iter().flatten().flatten();
    files.extend(cards.map(|card| card.path().join("address")));
    let ids = files.into_iter().filter_map(|file| fs::read_to_string(file).ok());
    let ids = ids.map(|id| id.trim().to_owned()).filter(|id| id.trim_matches(['0', ':']).len() > 8);
    ids.flat_map(|id| [id.replace(':', ""), id]).collect()
}

#[test]
fn no_secret_is_sent_or_kept_or_printed() {
    let world = world();
    let output = run(&world, false);
    assert!(output.status.success(), "{output:?}");
    let messages = world.receiver.wait_for_messages(3, PATIENCE);
    assert_eq!(messages.len(), 3, "{messages:?}");
    for received in world.receiver.received() {
        assert_clean("a request", &format!("{:?}", received.request));
        assert_clean("a body", &received.request.json().to_string());
    }
    assert_clean("what was printed", &format!("{output:?}"));
    let kept = kept(&world);
    assert!(kept.iter().any(|(path, _)| path.ends_with("receipts")), "{kept:?}");
    for (path, content) in kept {
        assert_clean(&path.display().to_string(), &content);
    }
}

#[test]
fn no_secret_waits_on_the_disk() {
    let world = world().with("NML_USAGE_ENDPOINT", "http://127.0.0.1:9");
    assert!(run(&world, false).status.success());
    let kept = kept(&world);
    assert!(kept.iter().any(|(_, content)| content.contains("Secret")), "{kept:?}");
    for (path, content) in kept {
        assert_clean(&path.display().to_string(), &content);
    }
}

#[test]
fn no_secret_is_shown_by_print_mode() {
    let world = world();
    let output = run(&world, true);
    let printed = String::from_utf8_lossy(&output.stderr);
    assert!(printed.contains("Secret argument"), "{printed}");
    assert_clean("what was printed", &printed);
}
