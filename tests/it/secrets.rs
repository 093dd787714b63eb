//! Plants a secret wherever a program can have one, and looks for it in every byte that was sent,
//! spooled, kept as a receipt or printed.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

#[cfg(target_os = "linux")]
use usage_tests::namespace;
use usage_tests::{PATIENCE, World, copy_program};

/// Nothing that could stand anywhere by chance.
const SECRET: &str = "xyzzy-4711-plugh";

/// Variables that say who and where somebody is, or hold what is nobody's business.
const OF_A_USER: &[&str] = &[
    "USER",
    "LOGNAME",
    "SUDO_USER",
    "HOSTNAME",
    "PWD",
    "OLDPWD",
    "SHELL",
    "LANG",
    "SSH_CONNECTION",
    "API_TOKEN",
    "AWS_SECRET_ACCESS_KEY",
    "GIT_COMMITTER_EMAIL",
    "GITHUB_USER",
    "GITHUB_REPOSITORY",
];

/// Signs of a place, or of who runs the program: that they are there is sent, and never what is in them.
const SIGNS: &[&str] = &[
    "COLAB_RELEASE_TAG",
    "KAGGLE_KERNEL_RUN_TYPE",
    "DATABRICKS_RUNTIME_VERSION",
    "JPY_PARENT_PID",
    "EVCXR_IS_RUNTIME",
    "CODESPACES",
    "CODESPACE_NAME",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_EXECUTION_ENV",
    "FUNCTIONS_WORKER_RUNTIME",
    "ECS_CONTAINER_METADATA_URI_V4",
    "KUBERNETES_SERVICE_HOST",
    "K_SERVICE",
    "container",
    "CI",
    "CI_NAME",
    "GITHUB_ACTIONS",
    "JENKINS_URL",
    "BUILD_ID",
    "AI_AGENT",
    "CODEX_THREAD_ID",
    "OR_APP_NAME",
];

/// The host program under a secret name, in a secret folder, with secrets in its environment, its
/// `.env`, its arguments; it puts them into what it is given, returns and panics with.
fn run(world: &World, prints: bool) -> Output {
    let program = world.path(&format!("installed {SECRET}/{SECRET}"));
    let mut command = Command::new(program);
    let plain = world.command(&[]);
    command.env_clear().envs(plain.get_envs().filter_map(|(name, value)| value.map(|value| (name, value))));
    command.current_dir(world.path(&format!("project/{SECRET}"))).args(["secrets", SECRET]);
    for name in OF_A_USER.iter().chain(SIGNS) {
        command.env(name, SECRET);
    }
    if prints {
        command.env("NML_PRINT_USAGE_LOGGING", SECRET);
    }
    on_a_secret_host(world, command).output().expect("it starts")
}

/// The command by a user with a secret name on a machine with one, where this one lets a program have
/// such a thing for itself.
#[cfg(target_os = "linux")]
fn on_a_secret_host(world: &World, command: Command) -> Command {
    if let Err(error) = namespace::is_allowed() {
        eprintln!("the machine and the user keep their names: {error}");
        return command;
    }
    let users = world.path("users");
    fs::write(&users, format!("{SECRET}:x:0:0:{SECRET}:/{SECRET}:/bin/sh\n")).expect("a file");
    let named = format!(
        r#"echo "$0" >/proc/sys/kernel/hostname && test "$(cat /proc/sys/kernel/hostname)" = "$0" &&
        mount --bind '{}' /etc/passwd && test "$(id -un)" = "$0""#,
        users.display()
    );
    namespace::around(&command, &named, SECRET)
}

#[cfg(not(target_os = "linux"))]
fn on_a_secret_host(_: &World, command: Command) -> Command {
    command
}

fn world() -> World {
    let env = format!("API_TOKEN={SECRET}\nbroken {SECRET} line\n");
    let world = crate::host()
        .with_file(&format!("project/{SECRET}/.env"), &env)
        .with_file("project/.env", env)
        .with_file(&format!("installed {SECRET}/.env"), "");
    copy_program(env!("CARGO_BIN_EXE_host"), &world.path(&format!("installed {SECRET}/{SECRET}")));
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
