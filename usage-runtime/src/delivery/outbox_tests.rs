//! Tests of what becomes of an event on the host's thread.

use super::super::testing::{Folder, PRODUCT, event, next, outbox};
use super::*;

#[test]
fn an_event_goes_to_a_file_and_is_counted() {
    let folder = Folder::new();
    let outbox = outbox(Some(&folder));
    assert!(outbox.record(&event("a")));
    assert!(std::fs::read_to_string(&folder.spools()[0]).unwrap().ends_with(&format!("{}\n", event("a"))));
    let report = outbox.report();
    assert_eq!((report.recorded, report.waiting, report.sent), (1, 1, 0));
    assert_eq!(report.waits_in, WaitsIn::Folder(folder.path().to_owned()));
}

#[cfg(unix)]
#[test]
fn where_no_folder_can_be_written_events_wait_in_memory() {
    let folder = Folder::new();
    let outbox = outbox(Some(&folder));
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
    assert!(outbox.record(&event("a")));
    let report = outbox.report();
    assert_eq!((report.waiting, report.waits_in), (1, WaitsIn::Memory));
}

#[test]
fn an_event_that_is_too_large_is_dropped_and_counted() {
    let folder = Folder::new();
    let outbox = outbox(Some(&folder));
    assert!(!outbox.record(&event(&"x".repeat(LARGEST_EVENT))));
    assert_eq!((outbox.report().dropped, folder.names()), (1, vec![]));
}

#[test]
fn the_next_event_tells_how_many_were_dropped_and_none_tells_it_again() {
    let folder = Folder::new();
    let outbox = outbox(Some(&folder));
    let too_large = event(&"x".repeat(LARGEST_EVENT));
    assert!(!outbox.record(&too_large) && !outbox.record(&too_large));
    assert!(outbox.record(&event("a")) && outbox.record(&event("b")) && !outbox.record(&too_large));
    // With its number it would be too large itself; so the one after it tells both.
    let almost = event(&"x".repeat(LARGEST_EVENT - event("").len()));
    assert!(!outbox.record(&almost) && outbox.record(&event("c")) && outbox.record(&almost));
    let told: Vec<_> = next(&*outbox.files.as_ref().unwrap().all()[0], 9)
        .iter()
        .map(|waiting| serde_json::from_str::<serde_json::Value>(&waiting.line).unwrap())
        .map(|event| event["properties"]["dropped"].as_u64())
        .collect();
    assert_eq!(told, [Some(2), None, Some(2), None]);
    assert_eq!(outbox.report().dropped, 4);
}

#[test]
fn an_event_tells_it_in_one_line_whether_it_comes_with_the_end_of_it_or_not() {
    let line = event("a");
    let told = with_dropped(line.as_bytes(), 3);
    assert_eq!(told, with_dropped(format!("{line}\n").as_bytes(), 3));
    assert!(told.ends_with(b",\"dropped\":3}}\n") && !told.trim_ascii_end().contains(&b'\n'));
}

#[test]
fn where_events_must_not_go_anywhere_nothing_is_recorded() {
    let folder = Folder::new();
    let destination =
        Destination::Refused { endpoint: "http://evil.example".to_owned(), reason: Refusal::NotEncrypted };
    let outbox = Outbox::with(&PRODUCT, destination.clone(), None, Some(folder.path().to_owned()));
    assert!(!outbox.record(&event("a")));
    let report = outbox.report();
    assert_eq!((report.recorded, report.destination, folder.names()), (0, destination, vec![]));
}

#[test]
fn discarding_deletes_from_disk_and_memory_and_is_counted() {
    let folder = Folder::new();
    let outbox = outbox(Some(&folder));
    assert!(outbox.record(&event("a")) && outbox.ring.push(&event("b")));
    add(&outbox.counts.recorded, 1);
    outbox.discard();
    let report = outbox.report();
    assert_eq!((report.waiting, report.discarded, folder.names()), (0, 2, vec![]));
    assert!(!outbox.is_waiting());
}

#[test]
fn in_print_mode_nothing_touches_the_disk() {
    let destination = Destination::Printed { variable: "X".to_owned(), endpoint: "https://x".to_owned() };
    let outbox = Outbox::with(&PRODUCT, destination, Endpoint::parse("https://x").ok(), None);
    assert!(outbox.prints() && outbox.record(&event("a")));
    assert_eq!(outbox.report().waits_in, WaitsIn::Memory);
}
