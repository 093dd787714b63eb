//! A sign of where the process runs, as data for the tables of runtimes and CI systems.

use crate::surroundings::Surroundings;

/// Something that is there, or says something. Of a variable only the presence counts, or whether
/// it is one known word: no value ever goes further.
#[derive(Clone, Copy, Debug)]
pub(super) enum Signal {
    /// A variable that is set and not empty.
    Variable(&'static str),
    /// A variable with exactly this value, in any case.
    VariableIs(&'static str, &'static str),
    /// Something is at this path.
    Exists(&'static str),
    /// The text file at the path contains the words, in any case.
    Contains(&'static str, &'static str),
    /// The process does not see the machine's own processes. A missing answer counts as this one:
    /// it strengthens another sign and is none by itself.
    OwnProcesses,
    /// One of these.
    Any(&'static [Signal]),
    /// All of these.
    All(&'static [Signal]),
}

/// The inode of the first PID namespace, a constant of the kernel (`PROC_PID_INIT_INO`): whoever
/// is in it sees the machine's own processes.
const FIRST_PID_NAMESPACE: &str = "pid:[4026531836]";

impl Signal {
    pub(super) fn is_in(self, surroundings: &Surroundings) -> bool {
        match self {
            Self::Variable(name) => surroundings.variable(name).is_some_and(|value| !value.is_empty()),
            Self::VariableIs(name, word) => {
                surroundings.variable(name).is_some_and(|value| value.eq_ignore_ascii_case(word))
            }
            Self::Exists(path) => surroundings.exists(path),
            Self::Contains(path, words) => surroundings
                .text(path)
                .is_some_and(|text| text.to_ascii_lowercase().contains(&words.to_ascii_lowercase())),
            Self::OwnProcesses => surroundings
                .link("/proc/self/ns/pid")
                .is_none_or(|namespace| namespace.as_os_str() != FIRST_PID_NAMESPACE),
            Self::Any(signals) => signals.iter().any(|signal| signal.is_in(surroundings)),
            Self::All(signals) => signals.iter().all(|signal| signal.is_in(surroundings)),
        }
    }
}
