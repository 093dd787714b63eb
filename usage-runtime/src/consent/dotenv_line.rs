//! What one line of a `.env` says about a switch. The only file that names dotenvy.

use std::ffi::OsStr;

use super::variable;

/// Whether the line holds the variable `name`, however it is written: `NAME`, `NAME=`,
/// `export NAME=0`, `NAME: yes`. Presence alone counts.
pub(super) fn holds(line: &str, name: &str) -> bool {
    after_name(line, name).is_some()
}

/// Whether the line sets `DO_NOT_TRACK` to a value that says no. A name without a value says no,
/// and so does a value that nobody can read.
pub(super) fn says_do_not_track(line: &str) -> bool {
    after_name(line, variable::DO_NOT_TRACK)
        .is_some_and(|rest| value(rest).is_none_or(|value| variable::is_no(OsStr::new(&value))))
}

/// What follows the variable `name` in a line that holds it.
fn after_name<'line>(line: &'line str, name: &str) -> Option<&'line str> {
    let line = line.trim();
    let exported = line.strip_prefix("export").filter(|rest| rest.starts_with(char::is_whitespace));
    let rest = exported.map_or(line, str::trim_start).strip_prefix(name)?;
    let ends = rest.is_empty() || rest.starts_with(|next: char| next.is_whitespace() || "=:#".contains(next));
    ends.then(|| rest.trim_start())
}

/// The value in `= value  # comment` or `: value`, without its quotes. `None` where there is none,
/// where it is malformed, and where it refers to another variable: dotenvy would read that one.
fn value(rest: &str) -> Option<String> {
    let value = rest.strip_prefix(['=', ':']).filter(|value| !value.contains('$'))?;
    unquoted(&format!("VALUE={value}"))
}

/// The value in the line `VALUE=…`.
#[cfg(not(usage_logging_off))]
fn unquoted(line: &str) -> Option<String> {
    let (_, value) = dotenvy::from_read_iter(line.as_bytes()).next()?.ok()?;
    Some(value)
}

/// dotenvy is left out with usage logging.
#[cfg(usage_logging_off)]
fn unquoted(_line: &str) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_however_it_is_written() {
        for line in [
            "OFF",
            "OFF=",
            "OFF=1",
            "OFF = 0",
            "  OFF=false\r",
            "export OFF=0 # please",
            "export\tOFF",
            "OFF: yes",
            "OFF# really",
            "OFF  # really",
            "OFF 1",
            "OFF='open quote",
        ] {
            assert!(holds(line, "OFF"), "{line:?}");
        }
    }

    #[test]
    fn another_name_and_a_comment_are_not_the_name() {
        for line in
            ["", "#OFF=1", "# OFF", "XOFF=1", "OFF_X=1", "OFFX", "OFF.X=1", "off=1", "exportOFF", "A=OFF"]
        {
            assert!(!holds(line, "OFF"), "{line:?}");
        }
        assert!(holds("export=1", "export"));
    }

    #[test]
    fn do_not_track_is_judged_by_its_value() {
        for line in ["=1", "=\"1\"", "= yes # no", ": true", "='0 '", "=0x"] {
            assert!(says_do_not_track(&format!("DO_NOT_TRACK{line}")), "{line:?}");
        }
        for line in ["=", "=0", "= 0  # fine", "=\"false\"", "='FALSE'", ": 0", "=# nothing", ":"] {
            assert!(!says_do_not_track(&format!("DO_NOT_TRACK{line}")), "{line:?}");
        }
        assert!(!says_do_not_track("DO_NOT_TRACKER=1"));
    }

    #[test]
    fn a_value_in_doubt_says_no() {
        for line in ["", " 0", "='0", "=0 0", "=\\x"] {
            assert!(says_do_not_track(&format!("DO_NOT_TRACK{line}")), "{line:?}");
        }
    }

    /// dotenvy would put the variable's value in.
    #[test]
    fn no_other_variable_is_looked_up() {
        assert_eq!(value("=${PATH}"), None);
        assert_eq!(value("=$PATH"), None);
        assert!(says_do_not_track("DO_NOT_TRACK=$USAGE_RUNTIME_NOBODY_SETS_THIS"));
    }
}
