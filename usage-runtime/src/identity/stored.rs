//! The random id that is kept in a product's folder where the machine has none: the file `id`,
//! for its owner alone. Processes that make it at the same time end with the same one.

use std::fs;
use std::io;
use std::path::Path;

use uuid::{Uuid, Version};

use crate::kept_file;
use crate::random_id;
use crate::small_file;
use crate::state_folder;

const FILE: &str = "id";

/// Longer than a UUID with a line's end.
const LIMIT: u64 = 64;

/// The stored id, made if there is none yet; `None` where nothing can be kept.
///
/// A file that holds no valid id is replaced: an id that was lost is gone, and nobody gains from
/// a second user with every process.
pub(super) fn read_or_make(folder: &Path) -> Option<Uuid> {
    state_folder::make(folder).ok()?;
    let path = folder.join(FILE);
    if let Some(id) = read(&path) {
        return Some(id);
    }
    make(folder, &path).ok()?;
    // What is there now, ours or that of a faster process, is what the next one will read.
    read(&path)
}

/// Removes the stored id.
pub(super) fn remove(folder: &Path) -> io::Result<()> {
    kept_file::remove(&folder.join(FILE))
}

fn read(path: &Path) -> Option<Uuid> {
    let content = small_file::read(path, LIMIT).ok()??;
    let id = Uuid::try_parse_ascii(content.trim_ascii()).ok()?;
    (id.get_version() == Some(Version::Random)).then_some(id)
}

/// Writes a new id beside the file and then gives it the name, so that no process ever sees a
/// part of it.
fn make(folder: &Path, path: &Path) -> io::Result<()> {
    let id = random_id::random().ok_or(io::ErrorKind::Unsupported)?;
    let draft = kept_file::draft(folder, FILE, format!("{id}\n").as_bytes())?;
    let result = publish(&draft, path);
    // A draft that was renamed is no longer there.
    result.and(kept_file::remove(&draft))
}

/// Gives the draft its name, unless a valid id has it already. A link is made for one process
/// alone; renaming, which takes the place of whatever is there, is left for a file that holds no
/// id and for file systems without links.
fn publish(draft: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(draft, path) {
        Err(_) if read(path).is_none() => fs::rename(draft, path),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surroundings::Folder;
    use std::collections::BTreeSet;
    use std::sync::Barrier;

    fn names(folder: &Path) -> Vec<String> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn an_id_is_made_once_and_kept_for_its_owner_alone() {
        let folder = Folder::with(&[]);
        let state = folder.path("state/usage");
        let id = read_or_make(&state).unwrap();
        assert_eq!(read_or_make(&state), Some(id));
        assert_eq!(names(&state), ["id"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(state.join("id")).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn all_who_make_it_at_once_end_with_the_same_id() {
        for _ in 0..20 {
            let folder = Folder::with(&[]);
            let state = folder.path("state");
            let start = Barrier::new(8);
            let ids: BTreeSet<Option<Uuid>> = std::thread::scope(|scope| {
                let make = || {
                    start.wait();
                    read_or_make(&state)
                };
                let threads: Vec<_> = (0..8).map(|_| scope.spawn(make)).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            assert_eq!(ids.len(), 1, "{ids:?}");
            assert!(!ids.contains(&None));
            assert_eq!(names(&state), ["id"]);
        }
    }

    #[test]
    fn what_is_no_random_id_is_replaced() {
        for content in [
            "",
            "3d1219c7",
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "00000000-0000-0000-0000-0242ac110002",
            "nobody",
        ] {
            let folder = Folder::with(&[]);
            let state = folder.path("state");
            state_folder::make(&state).unwrap();
            folder.write("state/id", content);
            let id = read_or_make(&state).unwrap();
            assert_eq!(id.get_version(), Some(Version::Random), "{content:?}");
            assert_eq!(read_or_make(&state), Some(id), "{content:?}");
            assert_eq!(names(&state), ["id"]);
        }
    }

    #[test]
    fn where_nothing_can_be_kept_there_is_no_stored_id() {
        let folder = Folder::with(&[("file", "")]);
        assert_eq!(read_or_make(&folder.path("file/state")), None);
        let state = folder.path("state");
        fs::create_dir_all(state.join("id/in the way")).unwrap();
        #[cfg(unix)]
        fs::set_permissions(&state, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        assert_eq!(read_or_make(&state), None);
        assert_eq!(names(&state), ["id"], "no draft stays behind");
    }
}
