//! The `usage` subcommand that an author's command-line program mounts: what an end user wants to
//! ask, answered in plain words. Prints to the writer that it is given and to nothing else.

mod answers;
mod choices;
mod command;

use std::ffi::OsString;
use std::io::{self, Write};

use self::command::Command;
use crate::logger::UsageLogger;

/// How a command ended; its number is the exit code.
type Code = u8;

const DONE: Code = 0;
const FAILED: Code = 1;
const WRONG_ARGUMENTS: Code = 2;

/// Answers an end user's question about the usage logging of `logger`'s product: give it what
/// follows the word `usage` in the arguments of your program, and exit with the code that it
/// returns.
///
/// `help` lists the questions. The answers are text for people, without colours, or JSON where that
/// was asked for; they go to `out`. Nothing is recorded and nothing is sent, but by `forget`, which
/// waits for the answer for ten seconds at most.
///
/// All but paths, commands and the requests themselves fits a terminal of 80 columns. No pager is
/// started: whoever wants one has it.
///
/// The code is 0; 1 if something failed, which `out` then says; 2 if the arguments were not
/// understood. Errors of `out` itself give 1, too, such as that of a pager that was left. It never
/// panics.
///
/// ```
/// use std::io::stdout;
/// use std::process::ExitCode;
///
/// use usage_runtime::{UsageLogger, audit};
///
/// pub static USAGE: UsageLogger = UsageLogger::new("watch", "1.2.0");
///
/// fn main() -> ExitCode {
///     let mut arguments = std::env::args_os().skip(1);
///     match arguments.next() {
///         Some(command) if command == "usage" => {
///             ExitCode::from(audit::run(&USAGE, arguments, &mut stdout()))
///         }
///         _ => ExitCode::SUCCESS, // what the program is for
///     }
/// }
/// ```
pub fn run(
    logger: &'static UsageLogger,
    arguments: impl IntoIterator<Item = impl Into<OsString>>,
    out: &mut dyn Write,
) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let answered = match Command::parse(&arguments) {
        Ok(command) => answer(logger, &command, out),
        Err(problem) => {
            writeln!(out, "{problem}\n\n{}", command::help(logger.product().name)).map(|()| WRONG_ARGUMENTS)
        }
    };
    answered.and_then(|code| out.flush().map(|()| code)).unwrap_or(FAILED)
}

fn answer(logger: &'static UsageLogger, command: &Command, out: &mut dyn Write) -> io::Result<Code> {
    match command {
        Command::Help => writeln!(out, "{}", command::help(logger.product().name)).map(|()| DONE),
        Command::Explain => answers::explain(logger, out),
        Command::Catalog { path, json } => answers::catalog(path.as_deref(), *json, out),
        Command::Id => answers::id(logger, out),
        Command::Print => answers::print(logger, out),
        Command::Sent => choices::sent(logger, out),
        Command::Off => choices::off(logger, out),
        Command::On => choices::on(logger, out),
        Command::Reset => choices::reset(logger, out),
        Command::Forget => choices::forget(logger, out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static USAGE: UsageLogger = UsageLogger::new("watch", "1.2.0").env_prefix("WATCH");

    fn said(arguments: &[&str]) -> (u8, String) {
        let mut out = Vec::new();
        let code = run(&USAGE, arguments, &mut out);
        (code, String::from_utf8(out).unwrap())
    }

    #[test]
    fn help_is_what_one_gets_without_a_question() {
        let (code, help) = said(&[]);
        assert_eq!((code, help.clone()), said(&["help"]));
        assert_eq!((code, help.clone()), said(&["--help"]));
        assert!(code == 0 && help.contains("explain") && help.contains("watch"), "{help}");
    }

    #[test]
    fn what_is_not_understood_is_said_and_helped() {
        for arguments in
            [&["explian"][..], &["explain", "more"], &["catalog", "a", "b"], &["catalog", "--xml"]]
        {
            let (code, text) = said(arguments);
            assert!(code == 2 && text.contains("not understood") && text.contains("help"), "{text}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_said() {
        let (code, text) = said(&["catalog", "/no/such/file"]);
        assert!(code == 1 && text.contains("/no/such/file cannot be read"), "{text}");
    }

    #[test]
    fn no_line_is_too_wide_for_a_terminal_and_none_has_a_colour() {
        for question in ["help", "explain", "id", "print"] {
            let (code, text) = said(&[question]);
            assert_eq!(code, 0, "{question}");
            assert!(!text.contains('\x1b') && text.ends_with('\n'), "{text}");
            // Paths and commands are as long as they are.
            let lines = text.lines().filter(|line| !line.contains('/') && !line.contains("--app-specific="));
            assert_eq!(lines.into_iter().find(|line| line.chars().count() > 80), None);
        }
    }

    #[test]
    fn a_writer_that_fails_does_no_harm() {
        let mut full: &mut [u8] = &mut [0; 4];
        assert_eq!(run(&USAGE, ["help"], &mut full), 1);
    }
}
