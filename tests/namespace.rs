//! Commands in a mount namespace of their own, where a disk can be full, and a machine have another
//! name, without being so for anybody else. Linux alone, and only where the machine allows it.

use std::io;
use std::process::Command;

use crate::run_by;

/// Where a machine's own programs are.
pub const SYSTEM_PATH: &str = "/usr/sbin:/usr/bin:/sbin:/bin";

/// `command` after the shell script `first`, which has to succeed, as root of a namespace of its own.
/// `$0` of the script is `argument`.
#[must_use]
pub fn around(command: &Command, first: &str, argument: &str) -> Command {
    let mut around = Command::new("/usr/bin/env");
    around.args(["unshare", "--map-root-user", "--mount", "--uts", "sh", "-c"]);
    around.arg(format!("{{ {first}\n}} >/dev/null 2>&1 || exit 98\nexec \"$@\""));
    around.arg(argument);
    let mut around = run_by(around, command);
    around.env("PATH", SYSTEM_PATH);
    around
}

/// Whether this machine lets a program without rights mount something for itself.
///
/// # Errors
///
/// Where it does not; the error says so.
pub fn is_allowed() -> io::Result<()> {
    let script = r#"mount -t tmpfs none "$0""#;
    let status = around(&Command::new("true"), script, "/tmp").status()?;
    if status.success() { Ok(()) } else { Err(io::ErrorKind::Unsupported.into()) }
}
