//! The switches in the process's environment: the product's own variable and `DO_NOT_TRACK`.
//! Variables are looked up by name, never listed, so no other one is ever seen.

use std::ffi::OsStr;

use crate::surroundings::Surroundings;

/// The variable that switches off every product that honours it, see <https://consoledonottrack.com>.
pub(super) const DO_NOT_TRACK: &str = "DO_NOT_TRACK";

/// The name of the product's own variable, if that is present. Its value does not matter: somebody
/// who writes `NML_DISABLE_USAGE_LOGGING=` or `=yes` means the same.
pub(super) fn own(surroundings: &Surroundings, name: &str) -> Option<String> {
    surroundings.variable(name).map(|_| name.to_owned())
}

/// Whether `DO_NOT_TRACK` says no.
pub(super) fn do_not_track(surroundings: &Surroundings) -> bool {
    surroundings.variable(DO_NOT_TRACK).is_some_and(|value| is_no(&value))
}

/// Whether `DO_NOT_TRACK` with this value says no: anything but empty, `0` and `false`. What is
/// not text is neither of these.
pub(super) fn is_no(value: &OsStr) -> bool {
    value
        .to_str()
        .is_none_or(|value| !(value.is_empty() || value == "0" || value.eq_ignore_ascii_case("false")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surroundings::Folder;

    #[test]
    fn do_not_track_says_no_unless_empty_zero_or_false() {
        for value in ["1", "true", "yes", "no", "00", " ", "0 ", "falsch", "é"] {
            assert!(is_no(OsStr::new(value)), "{value:?}");
        }
        for value in ["", "0", "false", "FALSE", "False"] {
            assert!(!is_no(OsStr::new(value)), "{value:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_value_that_is_no_text_says_no() {
        use std::os::unix::ffi::OsStrExt;
        let value = OsStr::from_bytes(b"\xff");
        let folder = Folder::with(&[]);
        assert!(do_not_track(&Surroundings::made_of(&folder).with_variable(DO_NOT_TRACK, value)));
    }

    #[test]
    fn the_own_variable_counts_by_presence_alone() {
        const NAME: &str = "WATCH_DISABLE_USAGE_LOGGING";
        let folder = Folder::with(&[]);
        let surroundings = Surroundings::made_of(&folder);
        assert_eq!(own(&surroundings, NAME), None);
        for value in ["", "0", "false", "1"] {
            let surroundings = surroundings.clone().with_variable(NAME, value);
            assert_eq!(own(&surroundings, NAME).as_deref(), Some(NAME));
        }
        let other = surroundings.with_variable("OTHER_DISABLE_USAGE_LOGGING", "1");
        assert_eq!(own(&other, NAME), None);
    }
}
