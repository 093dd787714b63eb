//! What surrounds this process: variables, folders, the root of the file system. Consent,
//! identity and environment read them through this value, so that a test can make others by hand.
//! Reads nothing before it is asked, and changes nothing.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::sys;

/// The surroundings of this process, or of one that a test made up.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings {
    variables: Variables,
    /// Whether the process has rights that its caller does not have.
    pub(crate) borrowed_rights: bool,
    /// `None` when it was deleted or must not be looked at.
    pub(crate) working_directory: Option<PathBuf>,
    /// The home folder, as the environment names it: asking the user database could wait for a
    /// network.
    pub(crate) home: Option<PathBuf>,
    /// The program's own file.
    pub(crate) executable: Option<PathBuf>,
    /// Where absolute paths such as `/proc/self/cgroup` begin.
    root: PathBuf,
}

#[derive(Clone, Debug)]
enum Variables {
    OfThisProcess,
    #[cfg(test)]
    Given(std::collections::BTreeMap<String, OsString>),
}

impl Surroundings {
    /// Those of this process, as they are now.
    pub(crate) fn of_this_process() -> Self {
        Self::of_this_process_in(None)
    }

    /// The same, with the program's own file, if that is known already: to ask for it takes longer than
    /// for all the rest.
    pub(crate) fn of_this_process_in(executable: Option<PathBuf>) -> Self {
        let home = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
        Self {
            variables: Variables::OfThisProcess,
            borrowed_rights: sys::has_borrowed_rights(),
            working_directory: env::current_dir().ok(),
            home: env::var_os(home).map(PathBuf::from).filter(|home| home.is_absolute()),
            executable: executable.or_else(|| env::current_exe().ok()),
            root: PathBuf::from("/"),
        }
    }

    /// The value of a variable; set to nothing is set, too.
    pub(crate) fn variable(&self, name: &str) -> Option<OsString> {
        match &self.variables {
            Variables::OfThisProcess => env::var_os(name),
            #[cfg(test)]
            Variables::Given(variables) => variables.get(name).cloned(),
        }
    }

    /// An absolute path in these surroundings.
    pub(crate) fn at(&self, absolute: &str) -> PathBuf {
        self.root.join(absolute.trim_start_matches('/'))
    }

    /// Whether something is at an absolute path.
    pub(crate) fn exists(&self, absolute: &str) -> bool {
        self.at(absolute).exists()
    }

    /// The text of a small file of the system; `None` where it is missing or cannot be read.
    pub(crate) fn text(&self, absolute: &str) -> Option<String> {
        const LIMIT: u64 = 64 * 1024;
        let content = crate::small_file::read(&self.at(absolute), LIMIT).ok()??;
        Some(String::from_utf8_lossy(&content).into_owned())
    }

    /// What the link at an absolute path says.
    pub(crate) fn link(&self, absolute: &str) -> Option<PathBuf> {
        Path::read_link(&self.at(absolute)).ok()
    }
}

#[cfg(test)]
pub(crate) use tests::Folder;

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use tempfile::TempDir;

    impl Surroundings {
        /// Surroundings with nothing in them: no variables, and `folder` for everything else.
        pub(crate) fn made_of(folder: &Folder) -> Self {
            Self {
                variables: Variables::Given(std::collections::BTreeMap::new()),
                borrowed_rights: false,
                working_directory: Some(folder.path("work")),
                home: Some(folder.path("home")),
                executable: Some(folder.path("bin/program")),
                root: folder.path("root"),
            }
        }

        pub(crate) fn with_variable(mut self, name: &str, value: impl Into<OsString>) -> Self {
            if let Variables::Given(variables) = &mut self.variables {
                variables.insert(name.to_owned(), value.into());
            }
            self
        }
    }

    /// A temporary folder that goes when it is dropped.
    pub(crate) struct Folder(TempDir);

    impl Folder {
        /// A new folder with these files, given as path and content.
        pub(crate) fn with(files: &[(&str, &str)]) -> Self {
            let folder = Self(tempfile::tempdir().unwrap());
            for (path, content) in files {
                folder.write(path, content);
            }
            folder
        }

        pub(crate) fn path(&self, path: &str) -> PathBuf {
            self.0.path().join(path)
        }

        pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
            let path = self.path(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
    }

    #[test]
    fn the_surroundings_of_a_process_are_its_own() {
        let surroundings = Surroundings::of_this_process();
        assert_eq!(surroundings.variable("PATH"), env::var_os("PATH"));
        assert_eq!(surroundings.variable("USAGE_RUNTIME_NOBODY_SETS_THIS"), None);
        assert_eq!(surroundings.executable, env::current_exe().ok());
        assert_eq!(surroundings.working_directory, env::current_dir().ok());
        assert!(!surroundings.borrowed_rights);
    }

    #[test]
    fn made_up_surroundings_have_nothing_of_the_process() {
        let folder = Folder::with(&[("root/etc/release", "made up")]);
        let surroundings = Surroundings::made_of(&folder).with_variable("A", "");
        assert_eq!(surroundings.variable("PATH"), None);
        assert_eq!(surroundings.variable("A"), Some(OsString::new()));
        assert_eq!(surroundings.text("/etc/release").as_deref(), Some("made up"));
        assert!(!surroundings.exists("/proc"));
    }
}
