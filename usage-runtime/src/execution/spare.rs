//! The calls that are over and that a thread keeps for those that begin, so that recording one allocates
//! nothing. What a call was made of can be used again as it is, the beginning of its line, too.

use std::cell::Cell;
use std::mem;

use super::call::Running;

/// How many a thread keeps: as many as are nested in each other, as a rule.
const MOST: u8 = 4;

thread_local! {
    // The one that was over last, with the others behind it.
    static LAST: Cell<Option<Box<Running>>> = const { Cell::new(None) };
}

/// The place of a call among those that are kept, if it is one of them.
#[derive(Debug)]
pub(super) struct Place {
    /// The one that was over before it.
    before: Option<Box<Running>>,
    /// Counted from one.
    number: u8,
}

impl Place {
    pub(super) const NONE: Self = Self { before: None, number: 0 };
}

/// One that is over.
#[inline]
pub(super) fn take() -> Option<Box<Running>> {
    let take = |last: &Cell<Option<Box<Running>>>| {
        let mut running = last.take()?;
        put(last, running.place.before.take());
        Some(running)
    };
    LAST.try_with(take).ok().flatten()
}

/// Keeps one that is over; drops it if there are enough, or if the thread is about to end.
#[inline]
pub(super) fn keep(mut running: Box<Running>) {
    let _ = LAST.try_with(|last| {
        let before = last.take();
        let number = before.as_ref().map_or(1, |before| before.place.number.saturating_add(1));
        if number > MOST {
            put(last, before);
            return;
        }
        mem::forget(mem::replace(&mut running.place.before, before));
        running.place.number = number;
        put(last, Some(running));
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
        let site = site(&USAGE, r#""event","module":"m""#);
        for _ in 0..2 {
            (0..MOST + 3).for_each(|_| keep(Box::new(Running::new(site))));
            let spare: Vec<_> = std::iter::from_fn(take).collect();
            assert_eq!(spare.len(), usize::from(MOST));
            assert!(spare.iter().all(|running| running.place.before.is_none()));
        }
    }
}
