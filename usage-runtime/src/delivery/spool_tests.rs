//! Tests of the protocol of one spool file, step by step and with a crash after each.

use std::io::Write;

use super::super::testing::{Folder, Taken, event, header, next, next_by};
use super::*;

fn adopt(path: &Path) -> Option<Adopted> {
    SpoolFile::adopt(path, |_| true)
}

fn names_of(waiting: &[Taken]) -> Vec<String> {
    let name = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["event"].to_string();
    waiting.iter().map(|event| name(&event.line).trim_matches('"').to_owned()).collect()
}

fn waiting_in(queue: &SpoolFile) -> Vec<String> {
    names_of(&next(queue, 1000))
}

fn append_all(file: &SpoolFile, names: &[&str]) {
    for name in names {
        file.append(&event(name)).unwrap();
    }
}

/// A file with these events, whose process is gone.
fn left_behind(folder: &Folder, events: &[&str]) -> PathBuf {
    let file = SpoolFile::birth(folder.path(), &header()).unwrap();
    append_all(&file, events);
    file.path.clone()
}

fn append_raw(path: &Path, bytes: &[u8]) {
    OpenOptions::new().append(true).open(path).unwrap().write_all(bytes).unwrap();
}

#[test]
fn an_event_has_one_line_whether_it_comes_with_the_end_of_it_or_not() {
    let folder = Folder::new();
    let file = SpoolFile::birth(folder.path(), &header()).unwrap();
    let header = file.size();
    append_all(&file, &["a"]);
    let length = file.size() - header;
    file.append(&format!("{}\n", event("b"))).unwrap();
    append_all(&file, &["c"]);
    assert_eq!(waiting_in(&file), ["a", "b", "c"]);
    assert_eq!((file.size(), file.unsettled()), (header + 3 * length, 3 * length));
    assert_eq!(fs::read_to_string(&file.path).unwrap().lines().count(), 4);
}

#[test]
fn a_file_is_born_locked_with_its_header_and_under_its_final_name_alone() {
    let folder = Folder::new();
    let file = SpoolFile::birth(folder.path(), &header()).unwrap();
    assert_eq!(folder.names(), [format!("{}.jsonl", file.id)]);
    let content = fs::read_to_string(&file.path).unwrap();
    assert_eq!(Header::parse(content.trim_end().as_bytes()), Some((file.id, header())));
    assert!(SpoolFile::lock(&file.path).is_none());
}

#[cfg(unix)]
#[test]
fn a_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let path = left_behind(&folder, &[]);
    assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[cfg(unix)]
#[test]
fn a_link_is_neither_followed_nor_removed() {
    let (folder, elsewhere) = (Folder::new(), Folder::new());
    let target = left_behind(&elsewhere, &["a"]);
    let link = folder.path().join("link.jsonl");
    std::os::unix::fs::symlink(&target, &link).unwrap();
    assert!(adopt(&link).is_none());
    assert!(link.exists() && target.exists());
}

#[test]
fn a_birth_that_fails_leaves_nothing() {
    let folder = Folder::new();
    let missing = folder.path().join("missing");
    assert!(SpoolFile::birth(&missing, &header()).is_err());
    assert_eq!(folder.names(), [""; 0]);
}

#[test]
fn events_are_read_in_order_and_settled_ones_not_again() {
    let folder = Folder::new();
    let file = SpoolFile::birth(folder.path(), &header()).unwrap();
    append_all(&file, &["a", "b", "c"]);
    let first = next(&file, 2);
    assert_eq!(names_of(&first), ["a", "b"]);
    file.settle(first[1].end, 2, 2 * (event("a").len() as u64 + 1));
    assert_eq!(waiting_in(&file), ["c"]);
    assert_eq!(file.unsettled(), event("c").len() as u64 + 1);
    file.append(&event("d")).unwrap();
    assert_eq!(waiting_in(&file), ["c", "d"]);
}

#[test]
fn who_reads_for_one_body_after_the_other_misses_nothing_that_is_appended_meanwhile() {
    let folder = Folder::new();
    let file = SpoolFile::birth(folder.path(), &header()).unwrap();
    let (reader, event_f, mut names) = (&mut Reader::default(), event("f"), Vec::new());
    append_all(&file, &["a", "b", "c"]);
    for append in ["d", "e", &event_f[..20], &event_f[20..], "\n", ""] {
        let taken = next_by(reader, &file, 2);
        taken.last().iter().for_each(|last| file.settle(last.end, taken.len() as u64, 0));
        names.extend(names_of(&taken));
        let is_name = ["d", "e"].contains(&append);
        if is_name { append_all(&file, &[append]) } else { append_raw(&file.path, append.as_bytes()) }
    }
    assert_eq!(names.concat(), "abcdef");
}

#[test]
fn the_file_of_a_process_that_lives_is_not_adopted() {
    let folder = Folder::new();
    let file = SpoolFile::birth(folder.path(), &header()).unwrap();
    file.append(&event("a")).unwrap();
    assert!(adopt(&file.path).is_none());
    assert!(file.path.exists());
}

#[test]
fn the_file_of_a_process_that_is_gone_is_adopted_by_one_alone() {
    let folder = Folder::new();
    let path = left_behind(&folder, &["a", "b"]);
    let first = adopt(&path).unwrap();
    assert!(adopt(&path).is_none());
    assert_eq!(waiting_in(&first.file), ["a", "b"]);
    assert_eq!(first.header, header());
}

#[test]
fn an_adopter_that_comes_after_the_file_was_finished_gets_nothing() {
    let folder = Folder::new();
    let path = left_behind(&folder, &["a"]);
    // It opened the file while the first adopter had it, and gets the lock when that one is done.
    let late = options().open(&path).unwrap();
    let first = adopt(&path).unwrap();
    first.file.unlink();
    drop(first);
    assert!(locked(late).is_none());
    assert!(adopt(&path).is_none());
}

#[test]
fn a_file_that_is_given_back_is_free_although_a_forked_child_has_its_descriptor() {
    let folder = Folder::new();
    let path = left_behind(&folder, &["a"]);
    let adopted = adopt(&path).unwrap().file;
    let inherited = adopted.file.try_clone().unwrap();
    drop(adopted);
    assert_eq!(waiting_in(&adopt(&path).unwrap().file), ["a"]);
    drop(inherited);
}

#[test]
fn an_adopter_goes_on_where_the_last_one_was_killed() {
    let folder = Folder::new();
    let path = left_behind(&folder, &["a", "b", "c"]);
    let first = adopt(&path).unwrap().file;
    let sent = next(&first, 2);
    first.settle(sent[1].end, 2, 0);
    drop(first);
    assert_eq!(waiting_in(&adopt(&path).unwrap().file), ["c"]);
}

#[test]
fn message_ids_are_the_same_for_every_adopter_and_for_the_owner() {
    let folder = Folder::new();
    let owner = SpoolFile::birth(folder.path(), &header()).unwrap();
    append_all(&owner, &["a", "b", "c"]);
    let ids = |file: &SpoolFile| -> Vec<_> {
        let waiting = next(file, 100);
        waiting.iter().map(|event| file.id().message_id(event.position)).collect()
    };
    let path = owner.path.clone();
    let before = ids(&owner);
    let first = next(&owner, 1);
    drop(owner);
    let adopter = adopt(&path).unwrap().file;
    assert_eq!(ids(&adopter), before);
    adopter.settle(first[0].end, 1, 0);
    drop(adopter);
    assert_eq!(ids(&adopt(&path).unwrap().file), before[1..]);
}

#[test]
fn an_adopter_learns_where_the_owner_ran() {
    let folder = Folder::new();
    let place = Place { runtime_environment: "docker".to_owned(), ci: Some("x".to_owned()), agent: None };
    let file = SpoolFile::birth(folder.path(), &header()).unwrap();
    file.append(&event("a")).unwrap();
    file.describe(&place);
    file.describe(&Place { ci: None, ..place.clone() });
    let path = file.path.clone();
    assert_eq!(waiting_in(&file), ["a"]);
    drop(file);
    let adopted = adopt(&path).unwrap();
    assert_eq!((adopted.place, waiting_in(&adopted.file)), (Some(place), vec!["a".to_owned()]));
    drop(adopted.file);
    assert_eq!(adopt(&left_behind(&Folder::new(), &[])).and_then(|adopted| adopted.place), None);
}

#[test]
fn a_torn_last_line_is_dropped_wherever_it_is_torn() {
    let whole = format!("{}\n", event("b"));
    for torn in 1..whole.len() {
        let folder = Folder::new();
        let path = left_behind(&folder, &["a"]);
        append_raw(&path, &whole.as_bytes()[..torn]);
        assert_eq!(waiting_in(&adopt(&path).unwrap().file), ["a"], "{torn}");
    }
}

#[test]
fn an_event_behind_a_write_that_failed_half_way_is_not_lost() {
    let folder = Folder::new();
    let file = SpoolFile::birth(folder.path(), &header()).unwrap();
    append_raw(&file.path, &event("torn").as_bytes()[..25]);
    file.append(&event("a")).unwrap();
    file.append(&event("b")).unwrap();
    assert_eq!(waiting_in(&file), ["a", "b"]);
}

#[test]
fn junk_is_skipped_however_long() {
    let folder = Folder::new();
    let path = left_behind(&folder, &["a"]);
    append_raw(&path, b"\xff\xfe\n\n{}\n");
    append_raw(&path, &vec![b'x'; 3 * LONGEST_LINE + 7]);
    append_raw(&path, format!("\n{}\n", event("b")).as_bytes());
    assert_eq!(waiting_in(&adopt(&path).unwrap().file), ["a", "b"]);
}

#[test]
fn a_file_that_no_process_of_ours_can_have_written_is_removed() {
    let folder = Folder::new();
    let torn = &header().to_line(QueueId::random().unwrap())[..50];
    for (name, content) in [("empty", ""), ("junk", "\0\0\0\n\n"), ("torn", torn), ("alien", "{}\n")] {
        let path = folder.path().join(format!("{name}.jsonl"));
        fs::write(&path, content).unwrap();
        assert!(adopt(&path).is_none());
    }
    assert_eq!(folder.names(), [""; 0]);
}

#[test]
fn the_files_of_newer_versions_and_of_other_products_stay() {
    let folder = Folder::new();
    let newer = header().to_line(QueueId::random().unwrap()).replace(r#""spool":1"#, r#""spool":2"#);
    let path = folder.path().join("newer.jsonl");
    fs::write(&path, newer).unwrap();
    assert!(adopt(&path).is_none());
    let other = left_behind(&folder, &["a"]);
    assert!(SpoolFile::adopt(&other, |header| header.product == "other").is_none());
    assert_eq!(folder.names().len(), 2);
    assert!(adopt(&other).is_some());
}

#[test]
fn what_is_no_regular_file_is_left_alone() {
    let folder = Folder::new();
    let path = folder.path().join("folder.jsonl");
    fs::create_dir(&path).unwrap();
    assert!(adopt(&path).is_none() && path.exists());
}

#[test]
fn a_file_that_someone_cut_short_does_not_wait_for_ever() {
    let folder = Folder::new();
    let file = SpoolFile::birth(folder.path(), &header()).unwrap();
    file.append(&event("a")).unwrap();
    File::options().write(true).open(&file.path).unwrap().set_len(0).unwrap();
    assert_eq!(waiting_in(&file), [""; 0]);
    assert_eq!(file.unsettled(), 0);
}

#[test]
fn threads_that_append_at_once_lose_and_tear_nothing() {
    let folder = Folder::new();
    let file = SpoolFile::birth(folder.path(), &header()).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let file = &file;
            scope
                .spawn(move || (0..100).for_each(|n| file.append(&event(&format!("{thread}-{n}"))).unwrap()));
        }
    });
    let mut names = waiting_in(&file);
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 400);
}
