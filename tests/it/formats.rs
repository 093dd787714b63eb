//! The catalogue in files of other formats than this machine's: the lines of a program, compiled and linked
//! for macOS and Windows by the same compiler and its own linker. There is no standard library for these
//! here, so around the lines stands just what the compiler cannot do without.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use usage_runtime::catalog;

use crate::catalog::program;

const MARK: &str = "usage-runtime/catalog/1 {";

/// What the language asks of a crate that has no `core`.
const LANGUAGE: &str = r#"
#![feature(no_core, lang_items, auto_traits)]
#![no_core]
#![crate_type = "lib"]
#[lang = "pointee_sized"] pub trait PointeeSized {}
#[lang = "meta_sized"] pub trait MetaSized: PointeeSized {}
#[lang = "sized"] pub trait Sized: MetaSized {}
#[lang = "copy"] pub trait Copy {}
#[lang = "sync"] pub unsafe auto trait Sync {}
#[lang = "freeze"] pub unsafe auto trait Freeze {}
#[lang = "drop_in_place"] unsafe fn drop_in_place<T: PointeeSized>(_: *mut T) {}
pub struct Site { line: &'static str, end: usize }
"#;

/// The marked lines of a file, with the line breaks around them.
fn lines(file: &Path) -> Vec<String> {
    let content = fs::read(file).expect("a file");
    let lines = content.split(|byte| *byte == b'\n').filter_map(|line| str::from_utf8(line).ok());
    lines.filter(|line| line.starts_with(MARK)).map(|line| format!("\n{line}\n")).collect()
}

/// A library with a function for each line: a static that points to an event's, or that holds another, as
/// in the runtime; and with a function that nobody exports.
fn source(lines: &[String]) -> String {
    let mut source = LANGUAGE.to_owned();
    let unused = lines.iter().find(|line| line.contains("\"event\":\"Fit\"")).expect("an event");
    let unused = unused.replace("\"Fit\"", "\"Nobody exports this\"");
    for (number, line) in lines.iter().chain([&unused]).enumerate() {
        let written = if line.contains("\"event\":") {
            writeln!(source, "static LINE{number}: Site = Site {{ line: {line:?}, end: 70 }};")
        } else {
            let (length, bytes) = (line.len(), line.as_bytes());
            writeln!(source, "static LINE{number}: [u8; {length}] = {bytes:?};")
        };
        written.expect("a text");
        writeln!(source, "#[no_mangle] pub extern \"C\" fn function{number}() -> *const () {{")
            .and_then(|()| writeln!(source, "&raw const LINE{number} as *const () }}"))
            .expect("a text");
    }
    source
}

/// Runs a tool of the compiler's; what it says where it does not do what it should.
fn run(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn rustc() -> Command {
    Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
}

/// The compiler with which this is known to work. What it asks of a crate without `core` is its own
/// business, so another one need not be able to.
const KNOWN: &str = "rustc 1.95.";

fn version() -> String {
    run(rustc().arg("-vV")).expect("a compiler")
}

/// The linker that comes with the compiler, if it does.
fn linker() -> Result<PathBuf, String> {
    let version = version();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("no host")?;
    let sysroot = run(rustc().args(["--print", "sysroot"]))?;
    let name = format!("rust-lld{}", env::consts::EXE_SUFFIX);
    let linker = Path::new(sysroot.trim()).join("lib/rustlib").join(host).join("bin").join(name);
    if linker.exists() { Ok(linker) } else { Err(format!("{} is missing", linker.display())) }
}

/// The object file of the source, for this target.
fn compiled(source: &Path, target: &str) -> Result<PathBuf, String> {
    let object = source.with_file_name(format!("{target}.o"));
    // No stable compiler takes a crate without `core` otherwise.
    run(rustc()
        .env("RUSTC_BOOTSTRAP", "1")
        .args(["--target", target, "--emit", "obj", "-C", "opt-level=z", "-C", "panic=abort"])
        .arg(source)
        .arg("-o")
        .arg(&object))?;
    Ok(object)
}

/// A library with all functions but the last, without what nothing calls.
fn linked(linker: &Path, object: &Path, target: &str, functions: usize) -> Result<PathBuf, String> {
    let library = object.with_extension("library");
    let mut command = Command::new(linker);
    if target.ends_with("darwin") {
        let architecture = if target.starts_with("aarch64") { "arm64" } else { "x86_64" };
        command.args(["-flavor", "darwin", "-arch", architecture, "-dylib", "-dead_strip"]);
        command.args(["-platform_version", "macos", "11.0", "11.0", "-undefined", "dynamic_lookup"]);
        (0..functions).for_each(|number| {
            command.args(["-exported_symbol", &format!("_function{number}")]);
        });
        command.arg("-o").arg(&library);
    } else {
        command.args(["-flavor", "link", "/dll", "/noentry", "/nodefaultlib", "/opt:ref", "/opt:icf"]);
        (0..functions).for_each(|number| {
            command.arg(format!("/export:function{number}"));
        });
        command.arg(format!("/out:{}", library.display()));
    }
    run(command.arg(object))?;
    Ok(library)
}

#[test]
fn a_file_for_macos_or_windows_says_what_the_same_program_says_here() {
    let expected = catalog::of(program()).expect("a catalogue");
    let lines = lines(program());
    let folder = tempfile::tempdir().expect("a folder");
    let source_file = folder.path().join("lines.rs");
    fs::write(&source_file, source(&lines)).expect("a file");
    for (target, magic) in [
        ("x86_64-apple-darwin", &[0xcf, 0xfa, 0xed, 0xfe]),
        ("aarch64-apple-darwin", &[0xcf, 0xfa, 0xed, 0xfe]),
        ("x86_64-pc-windows-msvc", b"MZ\x78\0"),
        ("aarch64-pc-windows-msvc", b"MZ\x78\0"),
    ] {
        let object = linker().and_then(|linker| Ok((compiled(&source_file, target)?, linker)));
        let (object, linker) = match object {
            Ok(both) => both,
            Err(problem) if version().starts_with(KNOWN) => panic!("{problem}"),
            Err(problem) => return eprintln!("skipped, for this compiler cannot do it: {problem}"),
        };
        let in_object = catalog::of(&object).expect("a catalogue").to_string();
        assert!(in_object.contains("Nobody exports this"), "{target}: {in_object}");
        let library = linked(&linker, &object, target, lines.len()).expect("it is linked");
        assert!(fs::read(&library).expect("a file").starts_with(magic), "{target} has another format");
        assert_eq!(catalog::of(&library).expect("a catalogue"), expected, "{target}");
    }
}
