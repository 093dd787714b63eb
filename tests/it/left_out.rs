//! `--cfg usage_logging_off`: no HTTP client among the dependencies, nothing of ours in the program, and
//! an annotated function that is compiled as if it were not.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

const LEFT_OUT: &str = "--cfg usage_logging_off";

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
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs/left_out");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("left_out");
    fs::create_dir_all(folder.join("src")).expect("a folder");
    fs::copy(source.join("main.rs"), folder.join("src/main.rs")).expect("the source");
    // The very versions that the workspace has, so that nothing has to be downloaded.
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("the lock file");
    let manifest = fs::read_to_string(source.join("manifest.toml")).expect("a manifest");
    let runtime = root().join("usage-runtime").display().to_string().replace('\\', "/");
    fs::write(folder.join("Cargo.toml"), manifest.replace("RUNTIME", &runtime)).expect("a manifest");
    let assembly = format!("--emit=link,asm={}", folder.join("program.s").display());
    let arguments = [&["rustc", "--release", "--offline", "--quiet"], features, &["--", &assembly]].concat();
    cargo(&folder, LEFT_OUT, &arguments);
    folder
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
fn who_leaves_usage_logging_out_has_no_http_client_among_the_dependencies() {
    let tree = ["tree", "--offline", "--package", "usage-runtime", "--edges", "normal", "--prefix", "none"];
    let names = |flags| {
        let tree = cargo(&root(), flags, &tree);
        ["ureq v", "rustls v", "ring v"].map(|name| tree.contains(name))
    };
    assert_eq!(names(""), [true; 3]);
    assert_eq!(names(LEFT_OUT), [false; 3]);
}

#[test]
fn what_is_left_out_leaves_nothing_in_the_program_and_its_functions_as_they_were() {
    let folder = built(&[]);
    let annotated = instructions(&folder);
    let program = folder.join("target/release").join(format!("left-out{}", env::consts::EXE_SUFFIX));
    let content = fs::read(&program).expect("the program").to_ascii_lowercase();
    for word in ["zebra", "usage", "segment.io", "do_not_track", "ureq", "machine-id", "exception_"] {
        assert!(!content.windows(word.len()).any(|found| found == word.as_bytes()), "{word} is in it");
    }
    assert!(Command::new(&program).env_clear().output().is_ok_and(|output| output.status.success()));
    let bare = instructions(&built(&["--features", "bare"]));
    assert_eq!(annotated, bare);
    assert!(bare.len() > 3, "no function was found");
}
