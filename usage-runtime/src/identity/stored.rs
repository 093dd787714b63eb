//! A random id in the product's state folder, for machines without a valid id of their own.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use uuid::Uuid;

use super::app_specific;
use crate::state_folder;

/// The file's name in the state folder.
const FILE: &str = "id";

/// The stored id, made on the first call; `None` where nothing can be stored.
pub(crate) fn id(folder: &Path) -> Option<String> {
    state_folder::make(folder).ok()?;
    let path = folder.join(FILE);
    read(&path).or_else(|| {
        let _ = store(folder, &path);
        read(&path)
    })
}

fn read(path: &Path) -> Option<String> {
    let id = Uuid::try_parse(fs::read_to_string(path).ok()?.trim()).ok()?;
    (!id.is_nil()).then(|| id.to_string())
}

/// Written beside its place and linked into it: of two processes that do it at once one wins, and
/// both read the winner's. What is there and is no id gives way.
fn store(folder: &Path, path: &Path) -> io::Result<()> {
    let id = app_specific::random_uuid();
    let draft = folder.join(format!("{id}.{FILE}"));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&draft)?.write_all(id.to_string().as_bytes())?;
    if path.exists() && read(path).is_none() {
        fs::remove_file(path)?;
    }
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    linked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_stays() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("product/usage");
        let first = id(&folder).unwrap();
        assert_eq!(id(&folder), Some(first));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "no draft is left");
    }

    #[test]
    fn all_who_race_for_the_first_id_get_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("usage");
        let ids: Vec<_> = std::thread::scope(|scope| {
            let racers: Vec<_> = (0..8).map(|_| scope.spawn(|| id(&folder))).collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).collect()
        });
        assert!(ids[0].is_some() && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    }

    #[test]
    fn a_broken_id_gives_way_to_a_new_one() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("usage");
        state_folder::make(&folder).unwrap();
        for broken in ["", "junk", "00000000-0000-0000-0000-000000000000"] {
            fs::write(folder.join(FILE), broken).unwrap();
            assert!(id(&folder).is_some_and(|id| id != broken), "{broken}");
        }
    }

    #[test]
    fn where_nothing_can_be_stored_there_is_none() {
        assert_eq!(id(Path::new("/proc/nowhere/usage")), None);
    }
}
