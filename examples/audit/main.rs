//! Says what any program or library could ever send with usage logging, without running it:
//! `cargo run --example audit -- FILE`, or `--json FILE` for programs.
//!
//! Of one's own program `usage_runtime::audit::run` answers more, see the quickstart's `usage`.

use std::env;
use std::error::Error;
use std::io::{Write, stdout};

use usage_runtime::catalog;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments: Vec<_> = env::args_os().skip(1).collect();
    let all = arguments.len();
    arguments.retain(|argument| argument != "--json");
    let [path] = &arguments[..] else {
        return Err("name one program or library: cargo run --example audit -- [--json] FILE".into());
    };
    let catalog = catalog::of(path)?;
    let text = if all > arguments.len() { catalog.to_json() } else { catalog.to_string() };
    // A pager that was left is no failure.
    let _ = writeln!(stdout(), "{text}");
    Ok(())
}
