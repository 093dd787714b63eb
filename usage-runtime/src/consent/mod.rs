//! May we send? Every switch, and which one decided.

use crate::product::Product;

/// What code said about logging, for one product or for the whole process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Switch {
    Unset,
    Disabled,
    Enabled,
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

/// The two switches that code can move.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InCode {
    pub(crate) process: Switch,
    pub(crate) product: Switch,
}

/// Whether a product may log, and what decided it.
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
}

pub(crate) fn decide(_product: &Product, _in_code: InCode) -> Decision {
    Decision { on: true, reason: Reason::Default }
}
