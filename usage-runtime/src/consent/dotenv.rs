//! The switches in a `.env`. It is read line by line and never loaded: no variable of the process
//! changes, and nothing of the file is kept but the place of a switch.
//!
//! dotenvy is handed one line at a time, so that a line that it does not understand, an open
//! quote, or a folder in the file's place cannot hide a switch or hang the reader.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::Reason;
use super::variable::{self, DO_NOT_TRACK};
use crate::surroundings::Surroundings;

/// Bytes of a `.env` that are read; a longer one cannot be judged.
const LONGEST: u64 = 1 << 20;

/// What the files said.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) own: Option<Reason>,
    pub(crate) do_not_track: Option<Reason>,
}

/// Looks into each `.env` that counts for the variable `own` and for `DO_NOT_TRACK`.
pub(crate) fn ask(surroundings: &Surroundings, own: &str) -> Found {
    let mut found = Found::default();
    for folder in folders(surroundings) {
        look_into(folder.join(".env"), own, &mut found);
    }
    found
}

/// The working directory, its parents up to the repository's root or the home folder, and the
/// executable's folder. Without such a bound the working directory counts alone: what lies above
/// belongs to others.
fn folders(surroundings: &Surroundings) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    if let Some(start) = &surroundings.working_directory {
        let is_bound =
            |folder: &&Path| folder.join(".git").exists() || surroundings.home.as_deref() == Some(*folder);
        let bound = start.ancestors().find(is_bound).unwrap_or(start);
        folders.extend(start.ancestors().take_while(|folder| folder.starts_with(bound)).map(Path::to_owned));
    }
    folders.extend(surroundings.executable_folder().map(Path::to_owned));
    folders
}

/// Notes the first place of each switch. A file that is there and cannot be read counts as a
/// switch: it may hold one.
fn look_into(path: PathBuf, own: &str, found: &mut Found) {
    let content = match read(&path) {
        Ok(Some(content)) => content,
        Ok(None) => return,
        Err(_) => {
            // Code that switches on overrides the own switch alone, and this may be the other.
            found.do_not_track.get_or_insert(Reason::DotEnv { path, line: None, name: String::new() });
            return;
        }
    };
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&content);
    for (line, number) in content.split(|&byte| byte == b'\n').zip(1..) {
        let reason =
            |name: &str| Reason::DotEnv { path: path.clone(), line: Some(number), name: name.to_owned() };
        if found.own.is_none() && value_of(own, line).is_some() {
            found.own = Some(reason(own));
        }
        let value = value_of(DO_NOT_TRACK, line);
        if found.do_not_track.is_none() && value.is_some_and(|value| variable::says_do_not_track(&value)) {
            found.do_not_track = Some(reason(DO_NOT_TRACK));
        }
    }
}

/// The bytes of a regular file; `None` where there is none. Never blocks on a pipe.
fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match path.metadata() {
        Ok(metadata) if !metadata.is_file() => return Ok(None),
        Ok(metadata) if metadata.len() > LONGEST => return Err(io::ErrorKind::FileTooLarge.into()),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    }
    let mut content = Vec::new();
    File::open(path)?.take(LONGEST).read_to_end(&mut content)?;
    Ok(Some(content))
}

/// The value that one line gives to `name`, if it names it: as dotenvy reads it, or the bare name,
/// with nothing or with a colon behind it.
fn value_of(name: &str, line: &[u8]) -> Option<String> {
    // The look at the text first: no other line is handed to a parser that looks up variables.
    let text = String::from_utf8_lossy(line);
    let text = text.trim();
    let rest = text.strip_prefix("export ").unwrap_or(text).trim_start().strip_prefix(name)?;
    if rest.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '.') {
        return None;
    }
    let parsed = dotenvy::from_read_iter(text.as_bytes()).next();
    match parsed {
        Some(Ok((_, value))) => Some(value),
        // A line about this name that cannot be understood: its own words are its value.
        Some(Err(_)) | None => Some(rest.trim_start_matches([':', '=', ' ']).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "NML_DISABLE_USAGE_LOGGING";

    #[test]
    fn a_line_names_the_switch_in_any_of_its_spellings() {
        for line in [
            "NML_DISABLE_USAGE_LOGGING",
            "NML_DISABLE_USAGE_LOGGING=",
            " NML_DISABLE_USAGE_LOGGING = 2 # x\r",
            "export NML_DISABLE_USAGE_LOGGING=0",
            "NML_DISABLE_USAGE_LOGGING: 1",
            "NML_DISABLE_USAGE_LOGGING=\"open",
            "export NML_DISABLE_USAGE_LOGGING",
            "NML_DISABLE_USAGE_LOGGING=${HOME}",
        ] {
            assert!(value_of(OWN, line.as_bytes()).is_some(), "{line:?}");
        }
        assert!(value_of(OWN, b"NML_DISABLE_USAGE_LOGGING=\xff").is_some());
    }

    #[test]
    fn a_line_about_something_else_is_passed_over() {
        for line in [
            "",
            "#NML_DISABLE_USAGE_LOGGING=1",
            "XNML_DISABLE_USAGE_LOGGING=1",
            "NML_DISABLE_USAGE_LOGGING_X=1",
            "A=NML_DISABLE_USAGE_LOGGING",
            "NML_DISABLE=1",
        ] {
            assert_eq!(value_of(OWN, line.as_bytes()), None, "{line:?}");
        }
    }

    #[test]
    fn the_place_of_a_switch_is_kept_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".env");
        std::fs::write(
            &path,
            "\u{feff}bad line\nA=\"open\nDO_NOT_TRACK=0\nDO_NOT_TRACK=1\nNML_DISABLE_USAGE_LOGGING\n",
        )
        .unwrap();
        let mut found = Found::default();
        look_into(path.clone(), OWN, &mut found);
        let place = |line, name: &str| {
            Some(Reason::DotEnv { path: path.clone(), line: Some(line), name: name.to_owned() })
        };
        assert_eq!(found.own, place(5, OWN));
        assert_eq!(found.do_not_track, place(4, DO_NOT_TRACK));
    }

    #[test]
    fn the_way_up_ends_at_the_repository_or_at_home() {
        let top = tempfile::tempdir().unwrap();
        let deep = top.path().join("home/repository/deep/er");
        std::fs::create_dir_all(&deep).unwrap();
        let mut surroundings = Surroundings::made_up(Path::new("/"), &[]);
        surroundings.working_directory = Some(deep.clone());
        assert_eq!(folders(&surroundings), std::slice::from_ref(&deep), "no bound: nobody's parents");
        surroundings.home = Some(top.path().join("home"));
        assert_eq!(folders(&surroundings).len(), 4);
        std::fs::create_dir(top.path().join("home/repository/.git")).unwrap();
        assert_eq!(folders(&surroundings).last(), Some(&top.path().join("home/repository")));
        surroundings.executable = Some("/opt/app/program".into());
        assert_eq!(folders(&surroundings).last(), Some(&PathBuf::from("/opt/app")));
    }

    #[test]
    fn a_file_that_cannot_be_judged_switches_off_and_a_folder_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".env");
        std::fs::create_dir(&path).unwrap();
        let mut found = Found::default();
        look_into(path.clone(), OWN, &mut found);
        assert!(found.do_not_track.is_none() && found.own.is_none());
        std::fs::remove_dir(&path).unwrap();
        File::create(&path).unwrap().set_len(LONGEST + 1).unwrap();
        look_into(path.clone(), OWN, &mut found);
        assert_eq!(found.do_not_track, Some(Reason::DotEnv { path, line: None, name: String::new() }));
    }
}
