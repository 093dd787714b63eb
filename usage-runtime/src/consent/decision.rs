//! A decision and its reason, as values for code and as sentences for people.

use std::fmt;
use std::path::PathBuf;

/// Whether a product may log, and what decided it.
///
/// It displays as a sentence: `off: NML_DISABLE_USAGE_LOGGING is at /work/.env:3`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    reason: Reason,
}

/// What decided whether a product may log. All but the first two mean that it may not.
///
/// ```
/// use usage_runtime::{Reason, UsageLogger};
///
/// static USAGE: UsageLogger = UsageLogger::new("nannyml", "1.0.0").env_prefix("NML");
///
/// USAGE.disable();
/// let decision = USAGE.explain().decision;
/// assert!(!decision.is_on());
/// assert_eq!(decision.reason(), &Reason::DisabledInCode);
/// assert_eq!(decision.to_string(), "off: code of this program switched it off");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// Nothing said no.
    Default,
    /// Code switched logging on, and nothing that is above code said no.
    EnabledInCode,
    /// The program was built with `--cfg usage_logging_off`.
    LeftOut,
    /// The process has rights that its caller does not have, so neither its environment nor its
    /// folders tell what the caller wants.
    BorrowedRights,
    /// Code switched logging off, for this product or for all.
    DisabledInCode,
    /// This variable is in the environment: the product's own, or `DO_NOT_TRACK`.
    Variable {
        /// The variable's name.
        name: String,
    },
    /// The program runs under a test harness, and the author did not ask for events from there.
    TestHarness {
        /// Which one, for a reader.
        harness: &'static str,
    },
    /// The end user stored the choice `off`.
    StoredChoice {
        /// The file with the choice.
        path: PathBuf,
    },
    /// A `.env` holds the name of a switch.
    DotEnv {
        /// The `.env`.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The switch: the product's own variable, or `DO_NOT_TRACK`.
        name: String,
    },
    /// A `.env` or a stored choice is there, and cannot be read or is no text. What it says could
    /// be no.
    Unreadable {
        /// The file.
        path: PathBuf,
    },
    /// The working directory or the program's own folder cannot be found, nor then a `.env`
    /// there.
    UnknownFolder,
}

impl Decision {
    pub(super) fn because(reason: Reason) -> Self {
        Self { reason }
    }

    /// Whether the product may log.
    #[must_use]
    pub fn is_on(&self) -> bool {
        matches!(self.reason, Reason::Default | Reason::EnabledInCode)
    }

    /// What decided it.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        &self.reason
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", if self.is_on() { "on" } else { "off" }, self.reason)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("no switch says otherwise"),
            Self::EnabledInCode => f.write_str("code of this program switched it on"),
            Self::LeftOut => f.write_str("the program was built without usage logging"),
            Self::BorrowedRights => f.write_str("the program runs with rights that its caller does not have"),
            Self::DisabledInCode => f.write_str("code of this program switched it off"),
            Self::Variable { name } => write!(f, "the variable {name} is set"),
            Self::TestHarness { harness } => write!(f, "the program runs under {harness}"),
            Self::StoredChoice { path } => write!(f, "it is the stored choice in {}", path.display()),
            Self::DotEnv { path, line, name } => write!(f, "{name} is at {}:{line}", path.display()),
            Self::Unreadable { path } => {
                write!(f, "{} cannot be read, so it could say no", path.display())
            }
            Self::UnknownFolder => {
                f.write_str("the working directory or the program's folder cannot be found, and a .env there could say no")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(reason: Reason) -> String {
        Decision::because(reason).to_string()
    }

    #[test]
    fn a_decision_reads_as_a_sentence_that_names_the_switch_and_its_place() {
        assert_eq!(said(Reason::Default), "on: no switch says otherwise");
        let name = "NML_DISABLE_USAGE_LOGGING".to_owned();
        let (path, line) = (PathBuf::from("/work/.env"), 3);
        assert_eq!(
            said(Reason::DotEnv { path: path.clone(), line, name: name.clone() }),
            "off: NML_DISABLE_USAGE_LOGGING is at /work/.env:3"
        );
        assert_eq!(said(Reason::Variable { name }), "off: the variable NML_DISABLE_USAGE_LOGGING is set");
        assert_eq!(said(Reason::Unreadable { path }), "off: /work/.env cannot be read, so it could say no");
    }
}
