//! The `.env` files that can switch logging off: where they are and what their lines say. They
//! are read and never loaded: no variable changes, and no line of them is kept.

use std::path::{Path, PathBuf};

use super::decision::Reason;
use super::dotenv_line;
use super::trail::Trail;
use super::variable::DO_NOT_TRACK;
use crate::small_file;
use crate::surroundings::Surroundings;

/// More than a `.env` has ever held; a longer one is not read and thus a doubt.
const LIMIT: u64 = 1024 * 1024;

/// The first reason of each kind to be off that any `.env` gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Findings {
    /// `DO_NOT_TRACK`, with a value that says no.
    pub(super) do_not_track: Option<Reason>,
    /// A file or a folder that cannot be read, so that nobody knows what stands there.
    pub(super) doubt: Option<Reason>,
    /// The product's own variable, with any value or none.
    pub(super) own_name: Option<Reason>,
}

/// Looks into every `.env` that is to be obeyed: in the working directory and its parents, up to
/// the root of the repository or the home folder, whichever comes first, and beside the program.
///
/// Goes the trail of the last search again, if that is not too short by now.
pub(super) fn search(surroundings: &Surroundings, own_name: &str, last: &mut Option<Trail>) -> Findings {
    let mut findings = Findings::default();
    match (&surroundings.working_directory, surroundings.executable.as_deref().and_then(Path::parent)) {
        (Some(working_directory), Some(program)) => {
            let home = surroundings.home.as_deref();
            let trail = last
                .take()
                .filter(|trail| trail.still_serves(working_directory, program, home))
                .unwrap_or_else(|| Trail::of(working_directory, program, home));
            for file in trail.files() {
                findings.look_into(file, own_name);
            }
            *last = Some(trail);
        }
        _ => findings.doubt = Some(Reason::UnknownFolder),
    }
    findings
}

impl Findings {
    fn look_into(&mut self, path: &Path, own_name: &str) {
        match small_file::read(path, LIMIT) {
            Ok(None) => {}
            Ok(Some(content)) => self.look_at(&content, path, own_name),
            Err(_) => self.doubt_about(path.to_owned()),
        }
    }

    /// Looks at each line alone, so that a malformed one or an open quote hides none below it.
    fn look_at(&mut self, content: &[u8], path: &Path, own_name: &str) {
        let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
        for (line, number) in content.split(|&byte| byte == b'\n').zip(1..) {
            // UTF-16 is full of zeros, and they are valid UTF-8.
            let Some(text) = str::from_utf8(line).ok().filter(|text| !text.contains('\0')) else {
                self.doubt_about(path.to_owned());
                continue;
            };
            let found =
                |name: &str| Reason::DotEnv { path: path.to_owned(), line: number, name: name.to_owned() };
            if self.do_not_track.is_none() && dotenv_line::says_do_not_track(text) {
                self.do_not_track = Some(found(DO_NOT_TRACK));
            }
            if self.own_name.is_none() && dotenv_line::holds(text, own_name) {
                self.own_name = Some(found(own_name));
            }
        }
    }

    fn doubt_about(&mut self, path: PathBuf) {
        self.doubt.get_or_insert(Reason::Unreadable { path });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surroundings::Folder;

    const OWN: &str = "NML_DISABLE_USAGE_LOGGING";

    /// A home with a repository, in which a program of the folder `bin` works.
    fn world() -> (Folder, Surroundings) {
        let folder = Folder::with(&[("home/repo/.git/HEAD", ""), ("home/repo/member/src/lib.rs", "")]);
        let mut surroundings = Surroundings::made_of(&folder);
        surroundings.working_directory = Some(folder.path("home/repo/member/src"));
        (folder, surroundings)
    }

    fn look(surroundings: &Surroundings) -> Findings {
        search(surroundings, OWN, &mut None)
    }

    fn at(path: PathBuf, line: usize) -> Reason {
        Reason::DotEnv { path, line, name: OWN.to_owned() }
    }

    fn findings_in(content: &[u8]) -> (Findings, PathBuf) {
        let (folder, surroundings) = world();
        folder.write("home/repo/.env", content);
        (look(&surroundings), folder.path("home/repo/.env"))
    }

    #[test]
    fn a_dotenv_counts_from_the_working_directory_to_the_repository_and_beside_the_program() {
        for place in ["home/repo/member/src/.env", "home/repo/member/.env", "home/repo/.env", "bin/.env"] {
            let (folder, surroundings) = world();
            assert_eq!(look(&surroundings), Findings::default());
            folder.write(place, format!("{OWN}=1"));
            assert_eq!(look(&surroundings).own_name, Some(at(folder.path(place), 1)), "{place}");
        }
    }

    #[test]
    fn whoever_asks_again_sees_a_dotenv_that_appeared_meanwhile_wherever_it_counts() {
        for place in ["home/repo/member/src/.env", "home/repo/member/.env", "home/repo/.env", "bin/.env"] {
            let (folder, surroundings) = world();
            let mut last = None;
            assert_eq!(search(&surroundings, OWN, &mut last), Findings::default());
            folder.write(place, OWN);
            assert_eq!(search(&surroundings, OWN, &mut last).own_name, Some(at(folder.path(place), 1)));
            std::fs::remove_file(folder.path(place)).unwrap();
            assert_eq!(search(&surroundings, OWN, &mut last), Findings::default());
        }
    }

    #[test]
    fn whoever_asks_again_goes_further_where_the_trail_ended_too_early() {
        let (folder, mut surroundings) = world();
        folder.write("home/.env", OWN);
        let mut last = None;
        assert_eq!(search(&surroundings, OWN, &mut last), Findings::default());
        std::fs::remove_dir_all(folder.path("home/repo/.git")).unwrap();
        let expected = Some(at(folder.path("home/.env"), 1));
        assert_eq!(search(&surroundings, OWN, &mut last).own_name, expected, "no repository any more");

        std::fs::rename(folder.path("home/.env"), folder.path(".env")).unwrap();
        assert_eq!(search(&surroundings, OWN, &mut last), Findings::default());
        surroundings.home = Some(folder.path("elsewhere"));
        let expected = Some(at(folder.path(".env"), 1));
        assert_eq!(search(&surroundings, OWN, &mut last).own_name, expected, "another home");

        let (folder, mut surroundings) = world();
        folder.write("home/.env", OWN);
        assert_eq!(search(&surroundings, OWN, &mut last), Findings::default());
        surroundings.working_directory = Some(folder.path("home"));
        let expected = Some(at(folder.path("home/.env"), 1));
        assert_eq!(search(&surroundings, OWN, &mut last).own_name, expected, "another working directory");
    }

    #[cfg(unix)]
    #[test]
    fn whoever_asks_again_goes_further_where_home_leads_elsewhere_now() {
        let (folder, mut surroundings) = world();
        std::fs::remove_dir_all(folder.path("home/repo/.git")).unwrap();
        folder.write(".env", OWN);
        std::os::unix::fs::symlink(folder.path("home"), folder.path("link")).unwrap();
        surroundings.home = Some(folder.path("link"));
        let mut last = None;
        assert_eq!(search(&surroundings, OWN, &mut last), Findings::default());
        std::fs::remove_file(folder.path("link")).unwrap();
        let expected = Some(at(folder.path(".env"), 1));
        assert_eq!(search(&surroundings, OWN, &mut last).own_name, expected);
    }

    #[test]
    fn a_manifest_does_not_end_the_search_for_the_repository() {
        let (folder, surroundings) = world();
        folder.write("home/repo/member/Cargo.toml", "");
        folder.write("home/repo/.env", OWN);
        assert_eq!(look(&surroundings).own_name, Some(at(folder.path("home/repo/.env"), 1)));
    }

    #[test]
    fn a_dotenv_above_the_repository_or_the_home_folder_does_not_count() {
        let (folder, mut surroundings) = world();
        folder.write("home/.env", OWN);
        folder.write(".env", OWN);
        assert_eq!(look(&surroundings), Findings::default());
        surroundings.working_directory = Some(folder.path("home"));
        assert_eq!(look(&surroundings).own_name, Some(at(folder.path("home/.env"), 1)));
        std::fs::remove_file(folder.path("home/.env")).unwrap();
        assert_eq!(look(&surroundings), Findings::default());
    }

    #[cfg(unix)]
    #[test]
    fn a_home_folder_behind_a_link_ends_the_search_too() {
        let (folder, mut surroundings) = world();
        folder.write(".env", OWN);
        std::os::unix::fs::symlink(folder.path("home"), folder.path("link")).unwrap();
        surroundings.working_directory = Some(folder.path("home"));
        surroundings.home = Some(folder.path("link"));
        assert_eq!(look(&surroundings), Findings::default());
    }

    #[test]
    fn without_a_repository_or_a_home_every_parent_counts() {
        let folder = Folder::with(&[(".env", OWN), ("work/deep/file", "")]);
        let mut surroundings = Surroundings::made_of(&folder);
        surroundings.working_directory = Some(folder.path("work/deep"));
        surroundings.home = None;
        assert_eq!(look(&surroundings).own_name, Some(at(folder.path(".env"), 1)));
    }

    #[test]
    fn neither_a_malformed_line_nor_a_quote_nor_a_bom_nor_a_duplicate_hides_a_name() {
        let malformed =
            format!("bad line here\nA=\"open\n\r\n{OWN}=0\r\n{OWN}=1\nDO_NOT_TRACK=0\nDO_NOT_TRACK=1");
        let (findings, path) = findings_in(malformed.as_bytes());
        assert_eq!(findings.own_name, Some(at(path.clone(), 4)));
        let name = "DO_NOT_TRACK".to_owned();
        assert_eq!(findings.do_not_track, Some(Reason::DotEnv { path, line: 7, name }));
        assert_eq!(findings.doubt, None);
        let (findings, path) = findings_in(format!("\u{feff}{OWN}").as_bytes());
        assert_eq!(findings.own_name, Some(at(path, 1)));
    }

    #[test]
    fn what_is_no_text_is_a_doubt_and_hides_no_name_either() {
        let utf_16: Vec<u8> = format!("{OWN}=1\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
        let latin_1 = [b"# caf\xe9\n", OWN.as_bytes()].concat();
        let (findings, path) = findings_in(&utf_16);
        assert_eq!(findings.doubt, Some(Reason::Unreadable { path }));
        let (findings, path) = findings_in(&latin_1);
        assert_eq!(findings.own_name, Some(at(path.clone(), 2)));
        assert_eq!(findings.doubt, Some(Reason::Unreadable { path }));
    }

    #[test]
    fn what_cannot_be_read_is_a_doubt() {
        let long = "A=1\n".repeat(300_000);
        let (findings, path) = findings_in(long.as_bytes());
        assert_eq!(findings.doubt, Some(Reason::Unreadable { path }));
        let (_folder, mut surroundings) = world();
        surroundings.working_directory = None;
        assert_eq!(look(&surroundings).doubt, Some(Reason::UnknownFolder));
        let (_folder, mut surroundings) = world();
        surroundings.executable = None;
        assert_eq!(look(&surroundings).doubt, Some(Reason::UnknownFolder));
    }

    #[test]
    fn a_folder_with_that_name_is_passed_over_and_the_search_goes_on() {
        let (folder, surroundings) = world();
        folder.write("home/repo/member/.env/bin/python", "");
        assert_eq!(look(&surroundings), Findings::default());
        folder.write("home/repo/.env", OWN);
        assert_eq!(look(&surroundings).own_name, Some(at(folder.path("home/repo/.env"), 1)));
    }

    #[test]
    fn the_other_variables_of_the_product_are_nothing_to_a_dotenv() {
        let (findings, _) =
            findings_in(b"NML_USAGE_ENDPOINT=https://elsewhere.example\nNML_PRINT_USAGE_LOGGING=1");
        assert_eq!(findings, Findings::default());
    }
}
