//! Holds an author's data sheet against the built program, in a test of the author's.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use super::of;

/// The variable that writes data sheets anew.
const UPDATE: &str = "UPDATE_TELEMETRY";

/// Holds the data sheet at `sheet` against the program or library at `binary`; for an author's
/// tests, so that `TELEMETRY.md` cannot say anything else than the program does.
///
/// With the variable `UPDATE_TELEMETRY` set, the sheet is written anew instead.
///
/// In a test of a package with a program named `watch`:
///
/// ```no_run
/// # macro_rules! program { () => { "target/debug/watch" } }
/// #[test]
/// fn the_data_sheet_is_true() {
///     // `program!()` stands for `env!("CARGO_BIN_EXE_watch")`, which cargo knows in tests.
///     usage_runtime::catalog::assert_data_sheet(program!(), "TELEMETRY.md");
/// }
/// # fn main() {}
/// ```
///
/// A library has its events in the test program itself, as far as its tests use them: take
/// `std::env::current_exe()`, or an example program that uses all of it.
///
/// # Panics
///
/// When the sheet differs from the program, with the lines that do; when either cannot be read.
#[track_caller]
#[expect(clippy::panic, reason = "an assertion in tests")]
pub fn assert_data_sheet(binary: impl AsRef<Path>, sheet: impl AsRef<Path>) {
    if let Err(problem) = check(binary.as_ref(), sheet.as_ref(), env::var_os(UPDATE).is_some()) {
        panic!("{problem}");
    }
}

fn check(binary: &Path, sheet: &Path, update: bool) -> Result<(), String> {
    let true_sheet = of(binary).map_err(|error| error.to_string())?.to_markdown();
    let name = sheet.display();
    if update {
        return fs::write(sheet, true_sheet).map_err(|error| format!("{name} cannot be written: {error}"));
    }
    let hint = format!("write it anew with {UPDATE}=1 in the environment of this test");
    let kept =
        fs::read_to_string(sheet).map_err(|error| format!("{name} cannot be read: {error}; {hint}"))?;
    // Git may have changed the ends of lines.
    let kept = kept.replace("\r\n", "\n");
    if kept == true_sheet {
        return Ok(());
    }
    let mut problem = format!("{name} differs from {}; {hint}:", binary.display());
    for (lines, others, sign) in [(&kept, &true_sheet, '-'), (&true_sheet, &kept, '+')] {
        for line in lines.lines().filter(|line| !others.lines().any(|other| other == *line)) {
            // A `String` takes what is written to it.
            let _ = write!(problem, "\n{sign} {line}");
        }
    }
    Err(problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_written_kept_and_found_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let (binary, sheet) = (folder.path().join("program"), folder.path().join("TELEMETRY.md"));
        let program = |event: &str| {
            let mark = super::super::descriptor::MARK;
            let line = format!(
                "\n{mark}{{\"site\":\"1\",\"event\":\"{event}\",\"crate\":\"m\",\"file\":\"f\",\"line\":1,\"properties\":[]}}\n"
            );
            fs::write(&binary, line).unwrap();
        };
        program("Fit");
        assert!(check(&binary, &sheet, false).unwrap_err().contains("UPDATE_TELEMETRY=1"));
        check(&binary, &sheet, true).unwrap();
        check(&binary, &sheet, false).unwrap();
        fs::write(&sheet, fs::read_to_string(&sheet).unwrap().replace('\n', "\r\n")).unwrap();
        check(&binary, &sheet, false).unwrap();
        program("Plot");
        let problem = check(&binary, &sheet, false).unwrap_err();
        assert!(problem.ends_with("\n- | Fit | | | `m/f` |\n+ | Plot | | | `m/f` |"), "{problem}");
    }
}
