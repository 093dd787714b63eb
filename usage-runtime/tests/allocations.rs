//! What a call allocates: nothing when it is off, beyond the budget or recorded, once its thread has
//! recorded one. A binary of its own, for it counts what the whole process allocates on one thread.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::time::Duration;

use usage_runtime::{UsageLogger, UsageValue, log_usage};

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: all that is asked is handed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: as the caller promises.
        unsafe { System.realloc(place, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

static OFF: UsageLogger = UsageLogger::new("allocations-off", "0.0.0");
static SPENT: UsageLogger = in_tests("allocations-spent").budget(1, Duration::from_secs(3600));
static RECORDED: UsageLogger = in_tests("allocations-recorded").without_budget();

const fn in_tests(product: &'static str) -> UsageLogger {
    UsageLogger::new(product, "0.0.0").endpoint("http://127.0.0.1:9").log_in_tests()
}

#[derive(Clone, Copy, UsageValue)]
enum Metric {
    RocAuc,
    F1,
}

#[log_usage(event = "Off", logger = OFF, metrics = [Metric::RocAuc, Metric::F1])]
fn off(fails: bool) -> Result<(), Metric> {
    if fails { Err(Metric::F1) } else { Ok(()) }
}

#[log_usage(event = "Spent", logger = SPENT, metrics = [Metric::RocAuc, Metric::F1])]
fn spent(fails: bool) -> Result<(), Metric> {
    if fails { Err(Metric::F1) } else { Ok(()) }
}

#[log_usage(event = "Recorded", logger = RECORDED, metrics = [Metric::RocAuc, Metric::F1])]
fn recorded(depth: u32) -> Result<(), u8> {
    if depth == 0 { Ok(()) } else { recorded(depth - 1) }
}

/// How much this thread allocates meanwhile.
fn allocations(act: impl FnOnce()) -> u64 {
    let before = ALLOCATIONS.with(Cell::get);
    act();
    ALLOCATIONS.with(Cell::get) - before
}

#[test]
fn a_call_allocates_nothing() {
    let home = tempfile::tempdir().expect("a folder");
    // SAFETY: the only test of this binary, and no thread of ours runs yet.
    unsafe {
        std::env::set_var("HOME", home.path());
        std::env::set_var("XDG_STATE_HOME", home.path());
        std::env::remove_var("DO_NOT_TRACK");
    }
    // The first calls decide, make the file and start the sender.
    assert!(off(false).is_ok() && spent(false).is_ok() && recorded(2).is_ok());
    assert!(RECORDED.is_enabled() && SPENT.is_enabled() && !OFF.is_enabled());
    assert_eq!(allocations(|| assert!((0..100).all(|_| off(false).is_ok()))), 0, "off");
    let beyond = || assert!((0..100).all(|n| spent(n % 2 == 0).is_err() == (n % 2 == 0)));
    assert_eq!(allocations(beyond), 0, "beyond the budget");
    assert_eq!(allocations(|| assert!((0..100).all(|_| recorded(0).is_ok()))), 0, "recorded");
    assert_eq!(allocations(|| assert!((0..100).all(|_| recorded(2).is_ok()))), 0, "nested");
    assert_eq!(RECORDED.explain().delivery.recorded, 403);
}
