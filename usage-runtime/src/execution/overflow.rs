//! Calls beyond the budget, counted exactly, and how the counts get into events. A call that is
//! counted reads no clock, takes no lock and makes nothing.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use std::{iter, ptr};

use super::budget::Allowance;
use super::call_site::CallSite;
use super::clock::{Moment, WallTime};
use super::line::Line;
use super::record;
use crate::sys::AtomicRef;

/// Each thread counts in one of so many places, so that threads on one call site do not fight for
/// one cache line.
const PLACES: usize = 8;

/// Calls of one call site that became no event of their own and that no event has carried yet.
#[derive(Debug)]
pub(crate) struct Overflow {
    site: &'static CallSite,
    /// The one that was made before.
    pub(super) before: Option<&'static Overflow>,
    places: [Place; PLACES],
}

/// A cache line of its own.
#[derive(Debug, Default)]
#[repr(align(64))]
struct Place {
    /// Apart, so that a call is one addition, and no event can carry half of it.
    returned: AtomicU64,
    failed: AtomicU64,
}

/// Calls, and how many of them failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) calls: u64,
    pub(crate) exceptions: u64,
}

impl Counts {
    /// These and one call more.
    pub(crate) fn and_one(self, is_exception: bool) -> Self {
        Self {
            calls: self.calls.saturating_add(1),
            exceptions: self.exceptions.saturating_add(u64::from(is_exception)),
        }
    }
}

impl Overflow {
    pub(super) fn new(site: &'static CallSite) -> Self {
        Self { site, before: None, places: Default::default() }
    }

    /// Counts one call.
    #[inline]
    pub(crate) fn count(&self, is_exception: bool) {
        let place = place_of_this_thread();
        // Always there, but the compiler shall not have to believe it.
        if let Some(place) = self.places.get(place % PLACES) {
            let count = if is_exception { &place.failed } else { &place.returned };
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn is_empty(&self) -> bool {
        let is_zero = |count: &AtomicU64| count.load(Ordering::Relaxed) == 0;
        self.places.iter().all(|place| is_zero(&place.returned) && is_zero(&place.failed))
    }

    pub(super) fn take(&self) -> Counts {
        let taken = |counts: Counts, place: &Place| {
            let take = |count: &AtomicU64| count.swap(0, Ordering::Relaxed);
            let (returned, failed) = (take(&place.returned), take(&place.failed));
            Counts {
                calls: counts.calls.saturating_add(returned).saturating_add(failed),
                exceptions: counts.exceptions.saturating_add(failed),
            }
        };
        // Most often there is nothing, and looking is cheaper than swapping.
        if self.is_empty() { Counts::default() } else { self.places.iter().fold(Counts::default(), taken) }
    }

    pub(super) fn put_back(&self, Counts { calls, exceptions }: Counts) {
        let [place, ..] = &self.places;
        place.returned.fetch_add(calls.saturating_sub(exceptions), Ordering::Relaxed);
        place.failed.fetch_add(exceptions, Ordering::Relaxed);
    }

    /// Makes an event that stands for nothing but what was counted.
    fn record(&self) {
        let counts = self.take();
        if counts == Counts::default() {
            return;
        }
        let mut line = Line::new();
        line.begin(self.site);
        let line = line.end_of_counted(counts, WallTime::now());
        if !record(self.site.logger(), line) {
            self.put_back(counts);
        }
    }

    /// Refills the budget when it is time; returns how long until that, or until what was counted
    /// has waited long enough for a call that could carry it.
    pub(super) fn refill(&self, allowance: Allowance, now: u64) -> Option<u64> {
        let budget = self.site.budget();
        let due = budget.due(allowance);
        if budget.spent().is_some() {
            if now < due {
                return Some(due.saturating_sub(now));
            }
            budget.refilled();
        }
        if self.is_empty() {
            return None;
        }
        let last = due.saturating_add(allowance.refill_time());
        if now < last {
            return Some(last.saturating_sub(now));
        }
        self.record();
        // If it could not be kept: not at once again.
        (!self.is_empty()).then_some(allowance.refill_time())
    }

    /// As if nothing had been called yet.
    pub(super) fn reset(&self) {
        self.take();
        self.site.budget().fill();
    }
}

/// The budgets of one product that were ever spent, newest first.
pub(crate) type Overflows = AtomicRef<Overflow>;

/// Refills what is due; returns how long until the next time, if there is one.
pub(crate) fn refill(overflows: &Overflows, allowance: Option<Allowance>) -> Option<Duration> {
    /// Nobody needs it sooner, and it costs a wake-up.
    const SHORTEST: Duration = Duration::from_millis(20);
    let allowance = allowance?;
    let now = Moment::now().nanoseconds();
    let wait = all(overflows).filter_map(|overflow| overflow.refill(allowance, now)).min()?;
    Some(Duration::from_nanos(wait).max(SHORTEST))
}

/// Makes events of all that was counted and that no event has carried.
pub(crate) fn settle(overflows: &Overflows) {
    all(overflows).for_each(Overflow::record);
}

/// Forgets what was counted.
pub(crate) fn forget(overflows: &Overflows) {
    all(overflows).for_each(|overflow| {
        overflow.take();
    });
}

fn all(overflows: &Overflows) -> impl Iterator<Item = &'static Overflow> {
    iter::successors(overflows.load(), |overflow| overflow.before)
}

/// What was counted before a fork is the parent's to tell; the child begins anew, with a budget of
/// its own, for there is no thread in it that would refill the inherited one.
pub(super) fn look_after_forks() {
    static IS_SAID: AtomicBool = AtomicBool::new(false);
    extern "C" fn in_the_child() {
        for logger in crate::all_products::all() {
            all(logger.overflows()).for_each(Overflow::reset);
        }
    }
    crate::sys::once_at_fork(&IS_SAID, in_the_child);
}

/// Where this thread counts: by the page that its own memory begins in, which is a little more than a
/// whole stack away from the next thread's.
#[inline]
fn place_of_this_thread() -> usize {
    const PAGE_BITS: u32 = 12;
    thread_local! {
        // Made in const and without a destructor, so that it is there at any time.
        static PLACE: Cell<u8> = const { Cell::new(0) };
    }
    PLACE.with(|place| ptr::from_ref(place).addr() >> PAGE_BITS)
}
