//! The budget of a call site: which of its calls become events of their own.
//!
//! A token bucket in one number, the moment at which the budget will be full again. A recorded call
//! has read a clock anyway and looks at that; once nothing is left, calls look at one pointer, and
//! the sender, whom the last recorded call has told, takes it away when there is something again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::call_site::CallSite;
use super::clock::nanoseconds;
use super::overflow::{Counts, Overflow, look_after_forks};
use crate::delivery;
use crate::sys::AtomicRef;

/// How many calls of each call site of a product become events of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allowance {
    /// So many at once.
    pub(crate) burst: u32,
    /// One more after each such time.
    pub(crate) refill: Duration,
}

impl Allowance {
    /// What a product has unless its author says otherwise.
    pub(crate) const DEFAULT: Self = Self { burst: 100, refill: Duration::from_secs(60) };

    /// With a refill within bounds: so long that a budget can be spent, and so short that all of it can be
    /// added to a moment.
    pub(crate) const fn of(burst: u32, refill: Duration) -> Self {
        const SHORTEST: Duration = Duration::from_micros(1);
        const LONGEST_IN_ALL: Duration = Duration::from_nanos(u64::MAX >> 2);
        let longest = match LONGEST_IN_ALL.checked_div(burst) {
            Some(longest) => longest,
            None => LONGEST_IN_ALL,
        };
        let refill = match refill.as_nanos() {
            short if short < SHORTEST.as_nanos() => SHORTEST,
            long if long > longest.as_nanos() => longest,
            _ => refill,
        };
        Self { burst, refill }
    }

    pub(super) fn refill_time(self) -> u64 {
        nanoseconds(self.refill)
    }

    /// How far ahead of now the budget may be full again for one more event to be in it.
    fn reach(self) -> u64 {
        self.refill_time().saturating_mul(u64::from(self.burst.saturating_sub(1)))
    }
}

/// What is left of one call site's budget.
#[derive(Debug)]
pub(crate) struct Budget {
    /// Where calls are counted while nothing is left: all that a call beyond the budget reads.
    spent: AtomicRef<Overflow>,
    /// The same from the first time on.
    overflow: AtomicRef<Overflow>,
    /// When it is full again, in nanoseconds as of `Moment`.
    full_at: AtomicU64,
}

impl Budget {
    /// A full one.
    pub(crate) const fn new() -> Self {
        Self { spent: AtomicRef::none(), overflow: AtomicRef::none(), full_at: AtomicU64::new(0) }
    }

    /// Where a call has to be counted, if nothing is left.
    #[inline]
    pub(crate) fn spent(&self) -> Option<&'static Overflow> {
        self.spent.load()
    }

    /// Takes one event out of the budget of `site`, whose own this is, at `now`; if
    /// nothing is left, returns where the call has to be counted.
    pub(crate) fn take(&self, site: &'static CallSite, now: u64) -> Option<&'static Overflow> {
        let allowance = site.logger().product().budget?;
        let limit = now.saturating_add(allowance.reach());
        let mut full_at = self.full_at.load(Ordering::Relaxed);
        loop {
            if full_at > limit {
                return Some(self.spend(site));
            }
            let then = full_at.max(now).saturating_add(allowance.refill_time());
            let taken =
                self.full_at.compare_exchange_weak(full_at, then, Ordering::Relaxed, Ordering::Relaxed);
            let Err(other) = taken else {
                if then > limit {
                    self.spend(site);
                }
                return None;
            };
            full_at = other;
        }
    }

    /// Nothing is left: has calls counted from now on, and the sender know.
    fn spend(&self, site: &'static CallSite) -> &'static Overflow {
        let overflow = self.overflow_of(site);
        self.spent.store(Some(overflow));
        delivery::look_after_budgets();
        overflow
    }

    /// Where calls of `site`, whose own this is, are counted.
    fn overflow_of(&self, site: &'static CallSite) -> &'static Overflow {
        if let Some(overflow) = self.overflow.load() {
            return overflow;
        }
        look_after_forks();
        let list = site.logger().overflows();
        let mut ours: &mut Overflow = Box::leak(Box::new(Overflow::new(site)));
        // Another thread may do the same; its counts are read as well, so both may stay.
        loop {
            let newest = list.load();
            ours.before = newest;
            // The list must not have it before it is complete, nor anyone change it after that.
            match list.replace(newest, ours) {
                Ok(ours) => {
                    self.overflow.store(Some(ours));
                    return ours;
                }
                Err(given_back) => ours = given_back,
            }
        }
    }

    /// There is something in it again.
    pub(super) fn refilled(&self) {
        self.spent.store(None);
    }

    /// As if nothing had been called yet.
    pub(super) fn fill(&self) {
        self.full_at.store(0, Ordering::Relaxed);
        self.refilled();
    }

    /// When there is an event in it again.
    pub(super) fn due(&self, allowance: Allowance) -> u64 {
        self.full_at.load(Ordering::Relaxed).saturating_sub(allowance.reach())
    }

    /// All that was counted and that no event has carried.
    pub(crate) fn take_counted(&self) -> Counts {
        self.overflow.load().map(Overflow::take).unwrap_or_default()
    }

    /// Counts what an event should have carried that could not be kept.
    #[cold]
    pub(crate) fn put_back(&self, site: &'static CallSite, counts: Counts) {
        self.overflow_of(site).put_back(counts);
    }
}

#[cfg(test)]
#[path = "budget_tests.rs"]
mod tests;
