//! A test that is made of a file of the library has no logger at its root, and compiles all the same.

#![deny(warnings)]

#[path = "../part.rs"]
mod part;

#[test]
fn what_is_logged_in_the_library_runs_in_a_test_without_a_logger() {
    assert_eq!(part::half(4), Ok(2));
    drop(part::half_later(3));
}
