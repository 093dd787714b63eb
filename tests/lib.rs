//! What the tests share: a host program in a world of its own.

pub mod clients;
pub mod dns;
pub mod endpoint;
pub mod faults;
pub mod namespace;
#[cfg(target_os = "linux")]
pub mod network_fs;
pub mod preload;
pub mod tls;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
pub use usage_receiver::Receiver;
use usage_runtime::UsageLogger;

/// How long a test waits for what has to come; only a failing test ever waits that long.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The world of one test: a home, a working directory, a receiver, and nothing of the machine's
/// own environment.
#[derive(Debug)]
pub struct World {
    folder: TempDir,
    program: PathBuf,
    /// Stands in for Segment.
    pub receiver: Receiver,
    variables: Vec<(String, String)>,
}

impl World {
    /// A world for the program at `program`, see `env!("CARGO_BIN_EXE_host")`.
    ///
    /// # Panics
    ///
    /// When the machine gives no temporary folder or no port on loopback.
    #[must_use]
    pub fn new(program: &str) -> Self {
        let receiver = Receiver::start().expect("a port on loopback");
        Self::with_receiver(program, receiver)
    }

    /// The same with a receiver that is there already.
    ///
    /// # Panics
    ///
    /// When the machine gives no temporary folder.
    #[must_use]
    pub fn with_receiver(program: &str, receiver: Receiver) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        for name in ["home", "project/.git", "project/deep/er"] {
            fs::create_dir_all(folder.path().join(name)).expect("a folder");
        }
        let endpoint = receiver.endpoint();
        let world = Self { folder, program: program.into(), receiver, variables: Vec::new() };
        world.with("NML_USAGE_ENDPOINT", &endpoint).with("OTHER_PRODUCT_USAGE_ENDPOINT", &endpoint)
    }

    /// With another program to run.
    #[must_use]
    pub fn running(mut self, program: &Path) -> Self {
        program.clone_into(&mut self.program);
        self
    }

    /// With the variable `name` set, to nothing if `value` is empty.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With a file in the working directory's tree: `project/.env` is at its root,
    /// `project/deep/er` is where programs run.
    ///
    /// # Panics
    ///
    /// When the file cannot be written.
    #[must_use]
    pub fn with_file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap_or(&path)).expect("a folder");
        fs::write(path, content).expect("a file");
        self
    }

    /// A path in this world.
    #[must_use]
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// A path in this world as programs here see it, with all links resolved where they see it so.
    ///
    /// # Panics
    ///
    /// When nothing is there.
    #[must_use]
    pub fn seen_path(&self, path: &str) -> PathBuf {
        let path = self.path(path);
        if cfg!(windows) { path.components().collect() } else { path.canonicalize().expect("a path") }
    }

    /// The program with its arguments, ready to run here.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        at_home(&mut command, &self.path("home")).args(arguments).current_dir(self.path("project/deep/er"));
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs the program and waits for its end.
    ///
    /// # Panics
    ///
    /// When the program cannot be started.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program starts")
    }

    /// Runs the program, which must end well and print nothing on standard error; returns what it
    /// printed on standard output.
    ///
    /// # Panics
    ///
    /// When it does not.
    #[allow(clippy::must_use_candidate, reason = "most tests look at what arrived instead")]
    pub fn run_well(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success() && output.stderr.is_empty(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// The names of the events that arrived, in the order in which they did.
    #[must_use]
    pub fn events(&self) -> Vec<String> {
        names(&self.receiver.messages())
    }

    /// Stands in for the time after which the gate opens.
    ///
    /// # Panics
    ///
    /// When the gate is there and stays.
    pub fn forget_the_gate(&self) {
        let gates = self.files_at_home().into_iter().filter(|file| file.ends_with("gate"));
        gates.for_each(|gate| fs::remove_file(gate).expect("the gate"));
    }

    /// Where the first product has its spool.
    #[must_use]
    pub fn spool(&self) -> PathBuf {
        faults::spool(&self.path("home"))
    }

    /// The files in which events wait, of every product.
    #[must_use]
    pub fn files_with_events(&self) -> Vec<PathBuf> {
        with_events(self.files_at_home())
    }

    /// How many events wait in them.
    ///
    /// # Panics
    ///
    /// When one cannot be read.
    #[must_use]
    pub fn waiting_in_files(&self) -> usize {
        let content = |file| fs::read_to_string(file).expect("text");
        let files = self.files_with_events().into_iter();
        files.map(|file| content(file).matches(r#""type":"track""#).count()).sum()
    }

    /// Every file below the home folder.
    #[must_use]
    pub fn files_at_home(&self) -> Vec<PathBuf> {
        files_below(&self.path("home"))
    }
}

/// Has `command` find this home and nothing else of the machine's own environment.
pub fn at_home<'a>(command: &'a mut Command, home: &Path) -> &'a mut Command {
    command.env_clear().env("HOME", home);
    #[cfg(windows)]
    {
        command.env("USERPROFILE", home).env("LOCALAPPDATA", home.join(STATE));
        // Without it there is no network.
        command.envs(std::env::vars_os().filter(|(name, _)| name.eq_ignore_ascii_case("SystemRoot")));
    }
    command
}

/// Where programs keep their state in a home.
pub(crate) const STATE: &str = ".local/state";

/// Puts a copy of `program` at `place`, to be started there.
///
/// # Panics
///
/// When that cannot be done.
pub fn copy_program(program: impl AsRef<Path>, place: &Path) {
    // By a process of its own: a child that another test forks while we write could hold the copy open, and
    // then it could not be started.
    #[cfg(unix)]
    assert!(Command::new("cp").arg(program.as_ref()).arg(place).status().expect("cp starts").success());
    #[cfg(not(unix))]
    fs::copy(program, place).expect("a copy");
}

/// `outer` with `command` as its last arguments, in the surroundings that `command` has.
#[must_use]
pub fn run_by(mut outer: Command, command: &Command) -> Command {
    outer.arg(command.get_program()).args(command.get_args()).env_clear();
    outer.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    if let Some(folder) = command.get_current_dir() {
        outer.current_dir(folder);
    }
    outer
}

/// Starts a program that waits for the end of its input, and waits for its first line; with that.
///
/// # Panics
///
/// When it cannot be started, or says nothing.
pub fn started(command: &mut Command) -> (Child, String) {
    let mut program = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut line = String::new();
    BufReader::new(program.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
    (program, line)
}

/// The events' names of some messages.
#[must_use]
pub fn names(messages: &[Value]) -> Vec<String> {
    messages.iter().map(|message| message["event"].as_str().unwrap_or_default().to_owned()).collect()
}

/// For a program under test: waits until its spool holds no file but its own, and that is sent.
///
/// # Panics
///
/// When that does not come about.
pub fn until_all_is_sent(logger: &'static UsageLogger) {
    let home = std::env::var_os("HOME").unwrap_or_default();
    let left = || with_events(files_below(&faults::spool(Path::new(&home)))).len();
    let begin = Instant::now();
    while !logger.flush(Duration::from_secs(1)) || left() > 1 {
        assert!(begin.elapsed() < PATIENCE, "it is not sent: {}", logger.explain());
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn with_events(files: Vec<PathBuf>) -> Vec<PathBuf> {
    files.into_iter().filter(|file| file.extension().is_some_and(|end| end == "jsonl")).collect()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}
