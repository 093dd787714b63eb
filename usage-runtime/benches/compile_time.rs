//! What the attribute costs to compile: the same crate of 600 small functions bare, with
//! `#[log_usage]` and with `#[fastrace::trace]`, one after the other in each round; that once as its
//! documentation has it, and once with a name given, which spares it to find one.
//!
//! ```sh
//! cargo bench -p usage-runtime --bench compile_time
//! ```
//!
//! The best of five rounds counts. Dependencies are built before; incremental compilation is off.
//! Fetches fastrace from the registry, so it is no part of the tests.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, io};

const FUNCTIONS: usize = 600;
const ROUNDS: usize = 5;

/// One way to annotate the functions.
struct Subject {
    name: &'static str,
    dependency: String,
    prelude: &'static str,
    attribute: fn(usize) -> String,
}

/// The best of all rounds.
struct Figures {
    check: Duration,
    build: Duration,
    rlib: u64,
}

fn main() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let subjects = [
        Subject { name: "bare", dependency: String::new(), prelude: "", attribute: |_| String::new() },
        Subject {
            name: "log_usage",
            dependency: format!("usage-runtime = {{ path = {:?} }}", env!("CARGO_MANIFEST_DIR")),
            prelude: "pub static USAGE: usage_runtime::UsageLogger = usage_runtime::UsageLogger::new(\"p\", \"0\");",
            attribute: |index| format!("#[usage_runtime::log_usage(event = \"f{index}\")]"),
        },
        Subject {
            name: "fastrace",
            dependency: "fastrace = { version = \"0.7\", features = [\"enable\"] }".to_owned(),
            prelude: "",
            attribute: |_| "#[fastrace::trace]".to_owned(),
        },
        Subject {
            name: "fastrace, named",
            dependency: "fastrace = { version = \"0.7\", features = [\"enable\"] }".to_owned(),
            prelude: "",
            attribute: |index| format!("#[fastrace::trace(name = \"f{index}\")]"),
        },
    ];
    for subject in &subjects {
        write_crate(&folder.path().join(subject.name), subject)?;
    }
    let mut best: Vec<Option<Figures>> = subjects.iter().map(|_| None).collect();
    for _ in 0..=ROUNDS {
        for (subject, best) in subjects.iter().zip(&mut best) {
            let now = measure(&folder.path().join(subject.name))?;
            // The first round builds the dependencies, too; it is worse than any other.
            *best = Some(match best.take() {
                None => now,
                Some(before) => Figures {
                    check: before.check.min(now.check),
                    build: before.build.min(now.build),
                    rlib: now.rlib,
                },
            });
        }
    }
    println!("| {FUNCTIONS} functions | `cargo check`, s | dev build, s | rlib, KiB |\n|---|---|---|---|");
    for (subject, figures) in subjects.iter().zip(best.iter().flatten()) {
        let Figures { check, build, rlib } = figures;
        println!(
            "| {} | {:.2} | {:.2} | {} |",
            subject.name,
            check.as_secs_f64(),
            build.as_secs_f64(),
            rlib / 1024
        );
    }
    Ok(())
}

fn write_crate(folder: &Path, subject: &Subject) -> io::Result<()> {
    let manifest = format!(
        "[package]\nname = \"subject\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[dependencies]\n{}\n[workspace]\n",
        subject.dependency
    );
    let mut source = format!("{}\n", subject.prelude);
    for index in 0..FUNCTIONS {
        let attribute = (subject.attribute)(index);
        let function = match index % 3 {
            0 => {
                format!(
                    "pub fn f{index}(x: u64) -> u64 {{\n    let y = x.wrapping_mul({index});\n    y ^ (y >> 7)\n}}"
                )
            }
            1 => format!(
                "pub fn f{index}(text: &str) -> Result<u64, std::num::ParseIntError> {{\n    Ok(text.parse::<u64>()? + {index})\n}}"
            ),
            _ => format!(
                "pub async fn f{index}(x: u64) -> Option<u64> {{\n    std::future::ready(x).await.checked_add({index})\n}}"
            ),
        };
        let _ = writeln!(source, "{attribute}\n{function}");
    }
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/lib.rs"), source)
}

/// Compiles the crate alone: only its own source is newer than what there is.
fn measure(folder: &Path) -> io::Result<Figures> {
    let time = |command: &str| {
        let source = folder.join("src/lib.rs");
        fs::write(&source, fs::read(&source)?)?;
        let begin = Instant::now();
        let done = Command::new("cargo")
            .args([command, "--quiet"])
            .current_dir(folder)
            .env("CARGO_INCREMENTAL", "0")
            .env_remove("CARGO_TARGET_DIR")
            .stdin(Stdio::null())
            .status()?;
        if done.success() {
            Ok(begin.elapsed())
        } else {
            Err(io::Error::other(format!("cargo {command} failed")))
        }
    };
    let (check, build) = (time("check")?, time("build")?);
    let rlib = fs::metadata(folder.join("target/debug/libsubject.rlib"))?.len();
    Ok(Figures { check, build, rlib })
}
