//! The switches in the environment.

use super::Reason;
use crate::surroundings::Surroundings;

/// The variable that switches every product off, see <https://consoledonottrack.com>.
pub(crate) const DO_NOT_TRACK: &str = "DO_NOT_TRACK";

/// The product's own variable switches off by presence alone, whatever its value.
pub(crate) fn own(surroundings: &Surroundings, name: &str) -> Option<Reason> {
    surroundings.has_variable(name).then(|| Reason::Variable(name.to_owned()))
}

/// `DO_NOT_TRACK` switches off unless it is empty, `0` or `false`.
pub(crate) fn do_not_track(surroundings: &Surroundings) -> Option<Reason> {
    let value = surroundings.variable(DO_NOT_TRACK)?;
    // What is not UTF-8 is none of the three, also after the replacement.
    says_do_not_track(&value.to_string_lossy()).then(|| Reason::Variable(DO_NOT_TRACK.to_owned()))
}

/// Whether a value of `DO_NOT_TRACK` says yes.
pub(crate) fn says_do_not_track(value: &str) -> bool {
    !["", "0", "false"].iter().any(|no| value.trim().eq_ignore_ascii_case(no))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn the_own_variable_switches_off_whatever_it_says() {
        for value in ["", "0", "false", "1"] {
            let surroundings = Surroundings::made_up(Path::new("/"), &[("NML_DISABLE_USAGE_LOGGING", value)]);
            let reason = own(&surroundings, "NML_DISABLE_USAGE_LOGGING");
            assert_eq!(reason, Some(Reason::Variable("NML_DISABLE_USAGE_LOGGING".to_owned())), "{value}");
            assert_eq!(own(&surroundings, "NML_DISABLE"), None);
        }
    }

    #[test]
    fn do_not_track_can_say_no() {
        for (value, says) in [("", false), ("0", false), ("FALSE", false), ("1", true), ("no", true)] {
            let surroundings = Surroundings::made_up(Path::new("/"), &[(DO_NOT_TRACK, value)]);
            assert_eq!(do_not_track(&surroundings).is_some(), says, "{value}");
        }
        assert_eq!(do_not_track(&Surroundings::made_up(Path::new("/"), &[])), None);
    }
}
