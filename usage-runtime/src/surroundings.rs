//! Variables and files as consent, identity and environment see them: those of this process, or
//! what a test hands in. Decides nothing and changes nothing.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// How a variable is looked up.
type LookUp = dyn Fn(&str) -> Option<OsString>;

/// Where a process finds itself.
pub(crate) struct Surroundings {
    variable: Box<LookUp>,
    root: PathBuf,
    /// The working directory, where there still is one.
    pub(crate) working_directory: Option<PathBuf>,
    /// The end user's home folder.
    pub(crate) home: Option<PathBuf>,
    /// The running program's file.
    pub(crate) executable: Option<PathBuf>,
}

impl Surroundings {
    /// Those of this process.
    pub(crate) fn of_this_process() -> Self {
        Self {
            variable: Box::new(|name| env::var_os(name)),
            root: PathBuf::from("/"),
            working_directory: env::current_dir().ok(),
            home: env::home_dir(),
            executable: env::current_exe().ok(),
        }
    }

    /// The value of a variable; an empty one is a value, too.
    pub(crate) fn variable(&self, name: &str) -> Option<OsString> {
        (self.variable)(name)
    }

    /// Whether a variable is there, whatever its value.
    pub(crate) fn has_variable(&self, name: &str) -> bool {
        self.variable(name).is_some()
    }

    /// Whether a variable is there and says something.
    pub(crate) fn has_value(&self, name: &str) -> bool {
        self.variable(name).is_some_and(|value| !value.is_empty())
    }

    /// An absolute path below this process's root.
    pub(crate) fn path(&self, absolute: &str) -> PathBuf {
        self.root.join(absolute.trim_start_matches('/'))
    }

    /// Whether there is anything at an absolute path.
    pub(crate) fn exists(&self, absolute: &str) -> bool {
        self.path(absolute).exists()
    }

    /// The text of a small system file, trimmed; empty where it cannot be read.
    pub(crate) fn text(&self, absolute: &str) -> String {
        std::fs::read_to_string(self.path(absolute)).unwrap_or_default().trim().to_owned()
    }

    /// The folder of the running program.
    pub(crate) fn executable_folder(&self) -> Option<&Path> {
        self.executable.as_deref().and_then(Path::parent)
    }
}

#[cfg(test)]
impl Surroundings {
    /// A made-up place: `root` stands for `/`, and nothing is set but `variables`.
    pub(crate) fn made_up(root: &Path, variables: &[(&str, &str)]) -> Self {
        let variables: Vec<(String, OsString)> =
            variables.iter().map(|&(name, value)| (name.to_owned(), value.into())).collect();
        Self {
            variable: Box::new(move |name| {
                variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
            }),
            root: root.to_owned(),
            working_directory: None,
            home: None,
            executable: None,
        }
    }
}
