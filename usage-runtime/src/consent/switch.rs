//! What code said about logging, for one product or for the whole process.

/// What code said last.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InCode {
    pub(crate) process: Switch,
    pub(crate) product: Switch,
}

impl InCode {
    /// Whether one of them says no; then it does not matter what the other one says.
    pub(crate) fn says_no(self) -> bool {
        self.process == Switch::Disabled || self.product == Switch::Disabled
    }

    /// Whether one of them says yes and neither says no.
    pub(crate) fn says_yes(self) -> bool {
        !self.says_no() && (self.process == Switch::Enabled || self.product == Switch::Enabled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_comes_back_from_its_number() {
        for switch in [Switch::Unset, Switch::Disabled, Switch::Enabled] {
            assert_eq!(Switch::from_u8(switch as u8), switch);
        }
    }
}
