//! Calls that are over, of which each thread keeps a stack for those that begin: so recording allocates
//! nothing, and the beginning of a line need not be written again.

use std::cell::Cell;
use std::mem;

use super::call::Running;

/// How high the stack gets: as many calls as are nested in each other, as a rule.
const MOST: u8 = 4;

thread_local! {
    static TOP: Cell<Option<Box<Running>>> = const { Cell::new(None) };
}

/// What a call that is over has to know of the stack that it lies in.
#[derive(Debug)]
pub(super) struct Stacked {
    below: Option<Box<Running>>,
    /// Its own height, counted from one.
    height: u8,
}

impl Stacked {
    /// Of a call that lies in none.
    pub(super) const NOT: Self = Self { below: None, height: 0 };
}

/// One that is over.
#[inline]
pub(super) fn take() -> Option<Box<Running>> {
    let take = |top: &Cell<Option<Box<Running>>>| {
        let mut running = top.take()?;
        put(top, running.stacked.below.take());
        Some(running)
    };
    TOP.try_with(take).ok().flatten()
}

/// Keeps one that is over; drops it if there are enough, or if the thread is about to end.
#[inline]
pub(super) fn keep(mut running: Box<Running>) {
    let _ = TOP.try_with(|top| {
        let below = top.take();
        let height = below.as_ref().map_or(1, |below| below.stacked.height.saturating_add(1));
        if height > MOST {
            put(top, below);
            return;
        }
        mem::forget(mem::replace(&mut running.stacked.below, below));
        running.stacked.height = height;
        put(top, Some(running));
    });
}

/// Puts a call where there is none. To look whether one is to be dropped would take longer than all
/// the rest of keeping it.
#[inline]
fn put(place: &Cell<Option<Box<Running>>>, running: Option<Box<Running>>) {
    mem::forget(place.replace(running));
}

#[cfg(test)]
mod tests {
    use super::super::call_site::tests::site;
    use super::*;
    use crate::UsageLogger;

    static USAGE: UsageLogger = UsageLogger::new("product", "0.0.0");

    #[test]
    fn a_thread_keeps_a_few_calls_that_are_over_and_gives_each_out_once() {
        let site = site(&USAGE, r#""event","crate":"m""#);
        for _ in 0..2 {
            (0..MOST + 3).for_each(|_| keep(Box::new(Running::new(site))));
            let spare: Vec<_> = std::iter::from_fn(take).collect();
            assert_eq!(spare.len(), usize::from(MOST));
            assert!(spare.iter().all(|running| running.stacked.below.is_none()));
        }
    }
}
