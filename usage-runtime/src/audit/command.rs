//! The arguments of the `usage` subcommand, and its help. Pure.

use std::ffi::OsString;
use std::path::PathBuf;

/// What an end user asks.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    Help,
    Explain,
    Catalog { path: Option<PathBuf>, json: bool },
    Id,
    Print,
    Sent,
    Off,
    On,
    Reset,
    Forget,
}

impl Command {
    /// What was asked, or a sentence that says what was not understood.
    pub(super) fn parse(arguments: &[OsString]) -> Result<Self, String> {
        let Some((name, rest)) = arguments.split_first() else { return Ok(Self::Help) };
        let command = match name.to_str() {
            Some("help" | "--help" | "-h") => Self::Help,
            Some("explain") => Self::Explain,
            Some("catalog" | "catalogue") => return catalog(rest),
            Some("id") => Self::Id,
            Some("print") => Self::Print,
            Some("sent") => Self::Sent,
            Some("off") => Self::Off,
            Some("on") => Self::On,
            Some("reset") => Self::Reset,
            Some("forget") => Self::Forget,
            _ => return Err(not_understood(name)),
        };
        match rest.first() {
            None => Ok(command),
            Some(further) => Err(not_understood(further)),
        }
    }
}

/// What can be asked.
pub(super) fn help(product: &str) -> String {
    format!(
        "\
What {product} tells its makers about its use, and how to stop it.

  explain          whether it is on, and what decided that
  catalog          every event that this program could ever send
  catalog --json   the same for programs
  catalog FILE     the same of another program or library, without running it
  id               the id in each event, and how to have your data deleted
  print            how to see what would be sent, without sending it
  sent             the last requests, and whether they were accepted
  off              switches it off for you on this machine, from now on
  on               takes that back
  reset            gives you a new id that nobody can relate to the old one
  forget           asks the makers to delete your data, then switches off
  help             this text"
    )
}

fn catalog(arguments: &[OsString]) -> Result<Command, String> {
    let (mut path, mut json) = (None, false);
    for argument in arguments {
        if argument == "--json" && !json {
            json = true;
        } else if path.is_none() && !argument.as_encoded_bytes().starts_with(b"-") {
            path = Some(PathBuf::from(argument));
        } else {
            return Err(not_understood(argument));
        }
    }
    Ok(Command::Catalog { path, json })
}

fn not_understood(argument: &OsString) -> String {
    format!("\"{}\" is not understood.", argument.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_catalogue_is_of_this_program_or_of_a_file_in_any_order() {
        let parse = |arguments: &[&str]| {
            let arguments: Vec<_> = arguments.iter().map(OsString::from).collect();
            Command::parse(&arguments).unwrap()
        };
        let catalog = |path: Option<&str>, json| Command::Catalog { path: path.map(PathBuf::from), json };
        assert_eq!(parse(&["catalog"]), catalog(None, false));
        assert_eq!(parse(&["catalog", "--json"]), catalog(None, true));
        assert_eq!(parse(&["catalog", "--json", "a"]), catalog(Some("a"), true));
        assert_eq!(parse(&["catalog", "a", "--json"]), catalog(Some("a"), true));
    }
}
