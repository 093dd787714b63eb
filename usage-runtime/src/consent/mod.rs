//! May we send? Every switch, and which one decided.
//!
//! The files of this folder each ask one kind of switch, this one puts their answers beside each
//! other, and `precedence.rs` decides. Any doubt means: do not send.

mod dotenv;
mod precedence;
mod stored;
mod test_harness;
mod variable;

use std::fmt;
use std::path::PathBuf;

use crate::product::Product;
use crate::surroundings::Surroundings;
use crate::{state_folder, sys};
use precedence::Answers;

/// What code said about logging, for one product or for the whole process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Switch {
    Unset,
    Disabled,
    Enabled,
}

/// The two switches that code can move.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InCode {
    pub(crate) process: Switch,
    pub(crate) product: Switch,
}

/// Whether a product may log, and what decided it.
///
/// ```
/// # use usage_runtime::UsageLogger;
/// static USAGE: UsageLogger = UsageLogger::new("example", "1.0.0");
/// let decision = USAGE.explain().decision;
/// assert!(!decision.is_on());
/// assert_eq!(decision.to_string(), "off: this is a test");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    on: bool,
    reason: Reason,
}

/// What decided whether a product may log.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// Nothing said no.
    Default,
    /// The program runs with rights that its caller does not have, so that no switch of the
    /// caller can be believed.
    BorrowedRights,
    /// This variable is set.
    Variable(String),
    /// A `.env` says so.
    DotEnv {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1; `None` where the file could not be read.
        line: Option<usize>,
        /// The variable that it names; empty where the file could not be read.
        name: String,
    },
    /// The end user's stored choice, in this file.
    StoredChoice(PathBuf),
    /// [`disable_usage_logging`](crate::disable_usage_logging) or
    /// [`UsageLogger::disable`](crate::UsageLogger::disable).
    DisabledInCode,
    /// [`enable_usage_logging`](crate::enable_usage_logging) or
    /// [`UsageLogger::enable`](crate::UsageLogger::enable), over the product's own switch.
    EnabledInCode,
    /// The program runs under a test harness.
    Test,
}

impl Decision {
    /// Whether the product may log.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.on
    }

    /// What decided it.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    fn on(reason: Reason) -> Self {
        Self { on: true, reason }
    }

    fn off(reason: Reason) -> Self {
        Self { on: false, reason }
    }
}

impl Switch {
    /// The switch that was stored `as u8`.
    pub(crate) fn from_u8(stored: u8) -> Self {
        match stored {
            1 => Self::Disabled,
            2 => Self::Enabled,
            _ => Self::Unset,
        }
    }
}

/// Asks every switch anew and decides. Reads variables and, if these do not say no already, a few
/// small files; changes nothing.
pub(crate) fn decide(product: &Product, in_code: InCode) -> Decision {
    let surroundings = Surroundings::of_this_process();
    let quick = quick_answers(product, in_code, &surroundings);
    let decision = precedence::decide(quick.clone());
    // Files can only add a no, so there is no need to touch them.
    if !decision.is_on() {
        return decision;
    }
    let found = dotenv::ask(&surroundings, &product.opt_out_variable());
    precedence::decide(Answers {
        do_not_track: found.do_not_track,
        stored: state_folder::path(product).and_then(|folder| stored::ask(&folder)),
        own: quick.own.or(found.own),
        ..quick
    })
}

/// The answers that need no file.
fn quick_answers(product: &Product, in_code: InCode, surroundings: &Surroundings) -> Answers {
    Answers {
        borrowed_rights: sys::has_borrowed_rights(),
        do_not_track: variable::do_not_track(surroundings),
        stored: None,
        in_code,
        test: !product.in_tests && test_harness::is_running(surroundings),
        own: variable::own(surroundings, &product.opt_out_variable()),
    }
}

/// `on: nothing said no`, `off: NML_DISABLE_USAGE_LOGGING in /home/me/.env:3`.
impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", if self.on { "on" } else { "off" }, self.reason)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("nothing said no"),
            Self::BorrowedRights => f.write_str("the program runs with borrowed rights"),
            Self::Variable(name) => write!(f, "the variable {name} is set"),
            Self::DotEnv { path, line: Some(line), name } => write!(f, "{name} in {}:{line}", path.display()),
            Self::DotEnv { path, line: None, .. } => write!(f, "{} cannot be read", path.display()),
            Self::StoredChoice(path) => write!(f, "the choice stored in {}", path.display()),
            Self::DisabledInCode => f.write_str("switched off in code"),
            Self::EnabledInCode => f.write_str("switched on in code"),
            Self::Test => f.write_str("this is a test"),
        }
    }
}
