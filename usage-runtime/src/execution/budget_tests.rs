//! Which calls become events of their own, and what becomes of the others.

use super::*;
use crate::UsageLogger;
use crate::execution::call_site;

static USAGE: UsageLogger =
    UsageLogger::new("product", "0.0.0").always_on().budget(3, Duration::from_secs(10));

fn site() -> &'static CallSite {
    call_site::tests::site(&USAGE, r#""e","crate":"m""#)
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Whether a call at that second becomes an event.
fn is_recorded(site: &'static CallSite, second: u64) -> bool {
    site.budget().spent().is_none() && site.budget().take(site, nanoseconds(seconds(second))).is_none()
}

/// What the sender does at that second, of one budget alone.
fn refill(site: &'static CallSite, second: u64) -> Option<Duration> {
    let overflow = site.budget().overflow.load().expect("it was spent");
    overflow.refill(USAGE.product().budget.unwrap(), nanoseconds(seconds(second))).map(Duration::from_nanos)
}

#[test]
fn a_burst_is_recorded_and_what_is_beyond_it_is_not() {
    let site = site();
    assert_eq!([(); 5].map(|()| is_recorded(site, 100)), [true, true, true, false, false]);
}

#[test]
fn a_budget_that_was_not_spent_refills_by_itself() {
    let site = site();
    assert_eq!([100, 100, 111, 122, 133].map(|second| is_recorded(site, second)), [true; 5]);
}

#[test]
fn a_budget_is_one_whatever_its_author_says() {
    static LONGEST: UsageLogger = UsageLogger::new("product", "0.0.0").always_on().budget(2, Duration::MAX);
    static MOST: UsageLogger =
        UsageLogger::new("product", "0.0.0").always_on().budget(u32::MAX, Duration::MAX);
    static NONE: UsageLogger = UsageLogger::new("product", "0.0.0").always_on().budget(0, Duration::ZERO);
    for (logger, recorded) in [(&LONGEST, 2), (&MOST, 9), (&NONE, 1)] {
        let site = call_site::tests::site(logger, r#""e","crate":"m""#);
        assert_eq!((0..9).filter(|_| is_recorded(site, 100)).count(), recorded);
    }
}

#[test]
fn a_spent_budget_is_refilled_by_the_sender_when_it_is_time_and_then_left_alone() {
    let site = site();
    (0..3).for_each(|_| assert!(is_recorded(site, 100)));
    assert_eq!(refill(site, 104), Some(seconds(6)));
    assert!(!is_recorded(site, 105));
    assert_eq!(refill(site, 110), None, "there is nothing to wait for");
    assert_eq!([111, 112].map(|second| is_recorded(site, second)), [true, false]);
}

#[test]
fn what_was_counted_waits_one_refill_for_a_call_that_carries_it() {
    let site = site();
    (0..3).for_each(|_| assert!(is_recorded(site, 100)));
    site.budget().spent().unwrap().count(false);
    site.budget().spent().unwrap().count(true);
    assert_eq!(refill(site, 110), Some(seconds(10)));
    assert_eq!(refill(site, 120), None);
    assert_eq!(site.budget().take_counted(), Counts::default(), "a last event has carried it");
}

#[test]
fn counts_of_all_threads_are_taken_once() {
    let site = site();
    let overflow = site.budget().overflow_of(site);
    std::thread::scope(|scope| {
        for thread in 0..20 {
            scope.spawn(move || (0..100).for_each(|call| overflow.count((thread + call) % 4 == 0)));
        }
    });
    assert_eq!(overflow.take(), Counts { calls: 2000, exceptions: 500 });
    assert_eq!(overflow.take(), Counts::default());
    overflow.put_back(Counts { calls: 7, exceptions: 2 });
    assert_eq!(site.budget().take_counted(), Counts { calls: 7, exceptions: 2 });
}

#[test]
fn a_forked_child_begins_with_a_full_budget_and_nothing_counted() {
    let site = site();
    (0..3).for_each(|_| assert!(is_recorded(site, 100)));
    let overflow = site.budget().spent().unwrap();
    overflow.count(true);
    overflow.reset();
    assert_eq!(overflow.take(), Counts::default());
    assert!(is_recorded(site, 100));
}
