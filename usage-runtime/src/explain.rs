//! The answer to "what happened?": a value for the author and the end user, never a print.

use std::fmt;

use crate::consent::{Decision, Reason};
use crate::delivery::{self, Delivery};
use crate::identity;
use crate::logger::UsageLogger;

/// Whether a product's logging is on, who decided that, and what became of its events.
///
/// Its text is for people, a line for each fact; the fields are for programs.
///
/// ```
/// use usage_runtime::UsageLogger;
///
/// static USAGE: UsageLogger = UsageLogger::new("example", "1.0.0");
/// assert!(USAGE.explain().to_string().starts_with("off: the program runs under a doctest\n"));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Explanation {
    /// Whether the product may log, and which switch decided it.
    pub decision: Decision,
    /// Where the events go, and what became of those of this process.
    pub delivery: Delivery,
    /// The variable that switches the product off.
    pub opt_out_variable: String,
    /// The product's id, from which and the machine's id the user's follows; not secret. A reset
    /// changes it. With it
    /// `systemd-id128 machine-id --uuid --app-specific=<app id>` prints the user's id on Linux.
    pub app_id: String,
}

impl Explanation {
    pub(crate) fn of(logger: &'static UsageLogger) -> Self {
        Self {
            decision: logger.decide(),
            delivery: delivery::report(logger),
            opt_out_variable: logger.product().opt_out_variable(),
            app_id: identity::app_id(logger.product()),
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self.decision.reason() == Reason::LeftOut {
            return write!(f, "{}", self.decision);
        }
        writeln!(f, "{}", self.decision)?;
        writeln!(f, "events: {}", self.delivery)?;
        writeln!(f, "app id: {}", self.app_id)?;
        write!(f, "switch off: {}=", self.opt_out_variable)
    }
}
