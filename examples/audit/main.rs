//! Answers an end user's questions about the usage logging of any program or library, without running
//! it: what it could ever send, and for each product in it what the product's own `usage` subcommand
//! would say. `cargo run --example audit` lists the questions.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::io::{Write, stderr, stdout};
use std::process::ExitCode;

use usage_runtime::catalog::{self, Catalog, CatalogProduct};
use usage_runtime::{UsageLogger, audit};

const HELP: &str = "\
What a program or library tells its makers about its use, read from its file.

  audit FILE            every event that it could ever send (--json for programs)
  audit FILE explain    whether that is on for you, here, and what decided it
  audit FILE id         the id in each event, and how to have your data deleted
  audit FILE print      how to see what would be sent, without sending it
  audit FILE sent       the last requests, and whether they were accepted
  audit FILE off        switches it off for you on this machine, from now on
  audit FILE on         takes that back
  audit FILE reset      gives you a new id that nobody can relate to the old one

Of a .env beside the program, or a switch in its code, `explain` knows nothing.";

/// What can be asked of a product whose program does not run. Not `forget`: to ask for deletion by an
/// event takes the write key, which is the program's; `id` has the words for a letter.
const QUESTIONS: [&str; 7] = ["explain", "id", "print", "sent", "off", "on", "reset"];

fn main() -> ExitCode {
    let mut arguments: Vec<_> = env::args_os().skip(1).collect();
    let all = arguments.len();
    arguments.retain(|argument| argument != "--json");
    let is_json = all > arguments.len();
    match &arguments[..] {
        [] if !is_json => say(HELP),
        [help] if help == "help" || help == "--help" || help == "-h" => say(HELP),
        [file] => read(file, |catalog| say(&if is_json { catalog.to_json() } else { catalog.to_string() })),
        [file, question] if !is_json && QUESTIONS.iter().any(|known| question == known) => {
            read(file, |catalog| ask(catalog, question))
        }
        _ => {
            complain(&format!("That is not understood.\n\n{HELP}"));
            ExitCode::from(2)
        }
    }
}

fn read(file: &OsString, answer: impl FnOnce(Catalog) -> ExitCode) -> ExitCode {
    match catalog::of(file) {
        Ok(catalog) => answer(catalog),
        Err(error) => {
            complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

/// Asks each product, of which the file can have several versions.
fn ask(catalog: Catalog, question: &OsString) -> ExitCode {
    if catalog.products.is_empty() {
        return say(&catalog.to_string());
    }
    let products: BTreeMap<_, _> =
        catalog.products.into_iter().map(|product| (product.name.clone(), product)).collect();
    let mut code = 0;
    for (number, product) in products.into_values().enumerate() {
        if number > 0 {
            let _ = say("");
        }
        code = code.max(audit::run(logger(product), [question], &mut stdout()));
    }
    ExitCode::from(code)
}

/// The product's logger, as its catalogue has it; without the write key, so it can send nothing.
fn logger(product: CatalogProduct) -> &'static UsageLogger {
    let CatalogProduct { name, version, endpoint, opt_out_variable, is_without_identity, .. } = product;
    // The file may be anyone's: nothing of it is to move the cursor or change colours.
    let shown = |letter: char| if letter.is_control() { '?' } else { letter };
    let [name, version, endpoint, prefix] =
        [&name, &version, &endpoint, opt_out_variable.trim_end_matches("_DISABLE_USAGE_LOGGING")]
            .map(|text| -> &'static str { text.chars().map(shown).collect::<String>().leak() });
    let logger = UsageLogger::new(name, version).endpoint(endpoint).env_prefix(prefix);
    Box::leak(Box::new(if is_without_identity { logger.without_identity() } else { logger }))
}

/// Says it; a pager that was left is no failure.
fn say(text: &str) -> ExitCode {
    let _ = writeln!(stdout(), "{text}");
    ExitCode::SUCCESS
}

fn complain(text: &str) {
    let _ = writeln!(stderr(), "{text}");
}
