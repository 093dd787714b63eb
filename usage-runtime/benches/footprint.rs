//! What a program takes in with usage logging, beside what it takes in with other clients: crates,
//! processor time of a clean release build, size, threads, memory. Linux alone: it is the kernel that
//! knows a living program's memory.
//!
//! ```sh
//! cargo bench -p usage-runtime --bench footprint            # all rows, some twenty minutes
//! cargo bench -p usage-runtime --bench footprint -- segment # that row
//! ```
//!
//! The programs are in `tests/peers`. Fetches their clients from the registry, and `sentry` and
//! `native-tls` need OpenSSL's headers.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, thread};

const PROGRAMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/peers");

/// One program: what it depends on, and how it is built.
struct Row {
    name: &'static str,
    feature: &'static str,
    program: &'static str,
    flags: &'static str,
    sends: bool,
}

const EMPTY: Row = Row { name: "no client", feature: "bare", program: "bare", flags: "", sends: false };
const OURS: Row =
    Row { name: "usage-runtime", feature: "usage-rustls", program: "usage", flags: "", sends: true };
const ROWS: [Row; 8] = [
    OURS,
    Row { name: "usage-runtime, `platform-verifier`", feature: "usage-platform-verifier", ..OURS },
    Row { name: "usage-runtime, `native-tls`", feature: "usage-native-tls", ..OURS },
    Row { name: "usage-runtime, left out", flags: "--cfg usage_logging_off", sends: false, ..OURS },
    Row { name: "segment", feature: "segment", program: "segment", ..OURS },
    Row { name: "posthog-rs, blocking", feature: "posthog", program: "posthog", ..OURS },
    Row { name: "sentry", feature: "sentry", program: "sentry", ..OURS },
    Row { name: "tracing, tracing-subscriber", feature: "tracing", program: "tracing", sends: false, ..OURS },
];

/// Requests that the receiver has taken.
static POSTS: AtomicUsize = AtomicUsize::new(0);

fn main() -> io::Result<()> {
    let wanted: Vec<String> = env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            thread::spawn(move || answer(connection));
        }
    });
    cargo(&["fetch", "--quiet"], "")?;
    println!(
        "| a program with | crates | of these linked | build, CPU s | size, KB more | threads | memory, KB |"
    );
    println!("|---|---|---|---|---|---|---|");
    let size_of_nothing = EMPTY.print(&url, None)?;
    for row in &ROWS {
        if wanted.is_empty() || wanted.iter().any(|word| row.name.contains(word.as_str())) {
            row.print(&url, Some(size_of_nothing))?;
        }
    }
    Ok(())
}

impl Row {
    /// Builds the program from nothing, runs it, and prints what was measured; returns its size.
    fn print(&self, url: &str, size_of_nothing: Option<u64>) -> io::Result<u64> {
        let folder =
            format!("{PROGRAMS}/target/{}", if self.flags.is_empty() { self.feature } else { "left-out" });
        if fs::exists(&folder)? {
            fs::remove_dir_all(&folder)?;
        }
        let before = cpu_time_of_children();
        let build = ["build", "--release", "--quiet", "--bin", self.program, "--features", self.feature];
        cargo(&[&build[..], &["--target-dir", &folder]].concat(), self.flags)?;
        let build_time = cpu_time_of_children() - before;
        let program = format!("{folder}/release/{}", self.program);
        let size = fs::metadata(&program)?.len();
        let (threads, memory) = self.alive(Path::new(&program), url)?;
        let [all, linked] = [self.crates("normal,build")?, self.crates("normal,no-proc-macro")?];
        println!(
            "| {} | {all} | {linked} | {build_time:.0} | {} | {threads} | {memory} |",
            self.name,
            size.saturating_sub(size_of_nothing.unwrap_or(size)) / 1000
        );
        Ok(size)
    }

    /// Threads and resident kilobytes of the living program, when its one event has been sent.
    fn alive(&self, program: &Path, url: &str) -> io::Result<(String, String)> {
        let home = tempfile::tempdir()?;
        let posts = POSTS.load(Ordering::SeqCst);
        let mut process = Command::new(program)
            .args([url, "1", "live"])
            .env_clear()
            .env("HOME", home.path())
            .current_dir(home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().ok_or(io::ErrorKind::BrokenPipe)?).read_line(&mut line)?;
        let status = fs::read_to_string(format!("/proc/{}/status", process.id()))?;
        drop(process.stdin.take());
        assert!(process.wait()?.success(), "{}", self.name);
        assert_eq!(POSTS.load(Ordering::SeqCst) > posts, self.sends, "{}", self.name);
        let said = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key));
            line.unwrap_or_default().trim_end_matches("kB").trim().to_owned()
        };
        Ok((said("Threads:"), said("VmRSS:")))
    }

    /// How many crates the program is made of, itself among them.
    fn crates(&self, edges: &str) -> io::Result<usize> {
        let tree = ["tree", "--features", self.feature, "--edges", edges, "--prefix", "none", "--no-dedupe"];
        let mut lines: Vec<String> = cargo(&tree, self.flags)?.lines().map(str::to_owned).collect();
        lines.sort();
        lines.dedup();
        Ok(lines.len())
    }
}

/// Runs cargo among the programs; what it says.
fn cargo(arguments: &[&str], flags: &str) -> io::Result<String> {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(PROGRAMS)
        .env("RUSTFLAGS", flags)
        .env_remove("CARGO_TARGET_DIR")
        .stderr(Stdio::inherit())
        .output()?;
    assert!(output.status.success(), "cargo {arguments:?}");
    String::from_utf8(output.stdout).map_err(io::Error::other)
}

/// Seconds on processors of all processes that this one has waited for, and of theirs.
fn cpu_time_of_children() -> f64 {
    // SAFETY: all zero is a value of this type, and it is a place to write to.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_CHILDREN, &raw mut usage);
        usage
    };
    #[allow(clippy::cast_precision_loss, reason = "seconds of a build")]
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

/// Takes whatever is posted.
fn answer(mut connection: TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(connection.try_clone()?);
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
        let mut length = 0;
        while line != "\r\n" {
            let lower = line.to_ascii_lowercase();
            if let Some(value) = lower.strip_prefix("content-length:") {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
            line.clear();
            reader.read_line(&mut line)?;
        }
        reader.read_exact(&mut vec![0; length])?;
        POSTS.fetch_add(1, Ordering::SeqCst);
        connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 16\r\n\r\n{\"success\":true}")?;
        line.clear();
    }
    Ok(())
}
