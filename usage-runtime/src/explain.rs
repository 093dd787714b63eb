//! The answer to "what happened?": a value for the author and the end user, never a print.

use std::fmt;

use crate::consent::Decision;
use crate::logger::UsageLogger;

/// Whether a product's logging is on, who decided that, and what became of its events.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Explanation {
    /// Whether the product may log, and which switch decided it.
    pub decision: Decision,
}

impl Explanation {
    pub(crate) fn of(logger: &'static UsageLogger) -> Self {
        Self { decision: logger.decide() }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.decision)
    }
}
