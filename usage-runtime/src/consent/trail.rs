//! Where a `.env` counts: on the way from the working directory upwards, and beside the program. Reads
//! none of them.

use std::path::{Path, PathBuf};

/// The name of such a file.
const FILE: &str = ".env";

/// What marks the root of a repository. Not `Cargo.toml`: a workspace has one in every member,
/// and the `.env` of the whole lies above them.
const REPOSITORY: [&str; 3] = [".git", ".jj", ".hg"];

/// Every `.env` that counts, be it there or not, and why there are no more.
#[derive(Debug)]
pub(super) struct Trail {
    working_directory: PathBuf,
    /// The program's folder.
    program: PathBuf,
    home: Option<PathBuf>,
    /// From the working directory upwards.
    files: Vec<PathBuf>,
    /// If it is none of these.
    beside_program: Option<PathBuf>,
    end: End,
}

/// Why a trail ends where it ends.
#[derive(Debug)]
enum End {
    /// At the root of a repository, by this mark.
    Repository(PathBuf),
    /// At the home folder.
    Home,
    /// There is nothing above.
    Top,
}

impl Trail {
    /// In the working directory and its parents, up to and including the first one that is the root of a
    /// repository or the home folder. Outside of both, in all of them: there is nobody else's to stop
    /// at. And in the program's folder.
    pub(super) fn of(working_directory: &Path, program: &Path, home: Option<&Path>) -> Self {
        let mut real_home = None;
        let mut files = Vec::new();
        let mut end = End::Top;
        for folder in working_directory.ancestors() {
            files.push(folder.join(FILE));
            if home == Some(folder) {
                end = End::Home;
                break;
            }
            let mut marks = REPOSITORY.iter().map(|mark| folder.join(mark));
            if let Some(mark) = marks.find(|mark| mark.exists()) {
                end = End::Repository(mark);
                break;
            }
            // At last, for it asks for each folder above.
            if home.is_some_and(|home| real_home.get_or_insert_with(|| resolved(home)) == folder) {
                end = End::Home;
                break;
            }
        }
        let beside_program = Some(program.join(FILE)).filter(|file| !files.contains(file));
        let [working_directory, program] = [working_directory, program].map(Path::to_owned);
        Self { working_directory, program, home: home.map(Path::to_owned), files, beside_program, end }
    }

    /// The files, the nearest first.
    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().chain(&self.beside_program).map(PathBuf::as_path)
    }

    /// Whether a new one from here would not be longer. A shorter one, since a repository was begun
    /// meanwhile, does no harm: a `.env` too many is obeyed rather than one too few.
    pub(super) fn still_serves(&self, working_directory: &Path, program: &Path, home: Option<&Path>) -> bool {
        let is_same_place = self.working_directory.as_os_str() == working_directory.as_os_str()
            && self.program.as_os_str() == program.as_os_str()
            && self.home.as_deref().map(Path::as_os_str) == home.map(Path::as_os_str);
        is_same_place
            && match &self.end {
                End::Repository(mark) => mark.exists(),
                End::Home => home.map(|home| resolved(home).join(FILE)).as_ref() == self.files.last(),
                End::Top => true,
            }
    }
}

/// The working directory comes with all links resolved, `$HOME` as somebody wrote it; on Windows both are as
/// somebody wrote them.
fn resolved(home: &Path) -> PathBuf {
    let real = if cfg!(windows) { None } else { home.canonicalize().ok() };
    real.unwrap_or_else(|| home.to_owned())
}
