//! `--cfg usage_logging_off`: neither an HTTP client nor its like among the dependencies, nothing of ours
//! in the program, and an annotated function that is compiled as if it were not.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

const LEFT_OUT: &str = "--cfg usage_logging_off";
const REASON: &str = "off: the program was built without usage logging";

/// Runs cargo with these flags for the compiler.
fn cargo(folder: &Path, flags: &str, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("RUSTFLAGS", flags)
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the root")
}

/// The program, as a package of its own: built, stripped, with its assembly beside it.
fn built(features: &[&str]) -> PathBuf {
    built_in("left_out", features)
}

fn built_in(folder: &str, features: &[&str]) -> PathBuf {
    let folder = package(folder);
    let assembly = format!("--emit=link,asm={}", folder.join("program.s").display());
    let arguments = ["rustc", "--release", "--offline", "--quiet", "--bin", "left-out"];
    cargo(&folder, LEFT_OUT, &[&arguments, features, &["--", &assembly]].concat());
    folder
}

/// The programs as a package in a folder of this name.
fn package(folder: &str) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs/left_out");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    fs::create_dir_all(folder.join("src/bin")).expect("a folder");
    fs::copy(source.join("main.rs"), folder.join("src/main.rs")).expect("the source");
    fs::copy(source.join("errors.rs"), folder.join("src/bin/errors.rs")).expect("the source");
    // The very versions that the workspace has, so that nothing has to be downloaded.
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("the lock file");
    let manifest = fs::read_to_string(source.join("manifest.toml")).expect("a manifest");
    let runtime = root().join("usage-runtime").display().to_string().replace('\\', "/");
    fs::write(folder.join("Cargo.toml"), manifest.replace("RUNTIME", &runtime)).expect("a manifest");
    folder
}

fn program(folder: &Path) -> PathBuf {
    folder.join("target/release").join(format!("left-out{}", env::consts::EXE_SUFFIX))
}

/// The instructions of the one function, without the names that the compiler gave.
fn instructions(folder: &Path) -> Vec<String> {
    let assembly = fs::read_to_string(folder.join("program.s")).expect("the assembly");
    let is_begin = |line: &&str| line.contains("count_what_has_stripes") && line.ends_with(':');
    let function = assembly.lines().skip_while(|line| !is_begin(line)).skip(1);
    let function = function.take_while(|line| !line.trim_start().starts_with(".cfi_endproc"));
    function.filter(|line| line.starts_with('\t') && !line.contains("\t.")).map(str::to_owned).collect()
}

#[test]
fn who_leaves_usage_logging_out_has_nothing_that_it_needs_among_the_dependencies() {
    let tree = ["tree", "--offline", "--package", "usage-runtime", "--edges", "normal", "--prefix", "none"];
    let names = |flags| {
        let tree = cargo(&root(), flags, &tree);
        ["ureq v", "rustls v", "ring v", "dotenvy v", "machine-uid v"].map(|name| tree.contains(name))
    };
    assert_eq!(names("")[..4], [true; 4]);
    assert_eq!(names(LEFT_OUT), [false; 5]);
}

#[test]
fn what_is_left_out_leaves_nothing_in_the_program_and_its_functions_as_they_were() {
    let folder = built(&[]);
    let annotated = instructions(&folder);
    let program = program(&folder);
    let content = fs::read(&program).expect("the program").to_ascii_lowercase();
    // "usage-logging" is the name of the thread.
    for word in
        ["zebra", "usage-logging", "usage", "segment.io", "do_not_track", "ureq", "machine-id", "exception_"]
    {
        assert!(!content.windows(word.len()).any(|found| found == word.as_bytes()), "{word} is in it");
    }
    assert!(Command::new(&program).env_clear().output().is_ok_and(|output| output.status.success()));
    let bare = instructions(&built(&["--features", "bare"]));
    assert_eq!(annotated, bare);
    assert!(bare.len() > 3, "no function was found");
}

/// The program denies warnings, and so it does with the attribute in force.
#[test]
fn what_only_an_attribute_mentions_is_not_unused() {
    let folder = package("left_out_errors");
    for flags in [LEFT_OUT, ""] {
        cargo(&folder, flags, &["check", "--offline", "--quiet", "--bin", "errors"]);
    }
}

#[test]
fn what_is_left_out_says_so_to_whoever_asks() {
    let program = program(&built_in("left_out_audit", &["--features", "audit"]));
    let home = tempfile::tempdir().expect("a folder");
    let ask = |arguments: &[&str]| {
        let mut command = Command::new(&program);
        let output = command.args(arguments).env_clear().env("HOME", home.path()).output().expect("it runs");
        (output.status.code().expect("a code"), String::from_utf8(output.stdout).expect("text"))
    };
    assert_eq!(ask(&[]), (0, format!("{REASON}\n")));
    let explained =
        format!("Usage logging of zebra-product is {REASON}.\n\nNothing is recorded and nothing is sent.\n");
    assert_eq!(ask(&["explain"]), (0, explained));
    assert_eq!(ask(&["catalog"]), (0, "No usage logging is in this file.\n".to_owned()));
    for (question, code, answer) in [
        ("id", 0, "is off, so your id is not computed"),
        ("print", 0, "Usage logging is off now: the program was built without usage logging."),
        ("sent", 0, "There are no receipts"),
        ("on", 0, REASON),
        ("forget", 1, REASON),
        ("off", 0, "is off from now on"),
    ] {
        let (found, said) = ask(&[question]);
        assert!(found == code && said.contains(answer), "{question}: {found} {said}");
    }
}
