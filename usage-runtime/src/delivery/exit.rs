//! The end of the process: waits a moment for what is on its way, and for what earlier processes
//! left behind, and removes what is delivered.
//!
//! Runs while other threads still run, and after the main thread's thread-locals are gone. So it
//! takes no lock that it would have to wait for, joins nothing, prints nothing and lets nothing
//! unwind. A thread that records meanwhile, or later, finds its file or begins another: what it
//! records stays there for a later process.

use std::panic::catch_unwind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::outbox::Outbox;
use super::sender::Sender;
use crate::execution::clock::wall_clock;
use crate::logger::UsageLogger;
use crate::{all_products, sys};

/// The longest wait where what is not sent survives in a file.
const FOR_FILES: Duration = Duration::from_millis(50);
/// The longest wait where it does not.
const FOR_MEMORY: Duration = Duration::from_millis(500);

/// Has the end of this process looked after, once; children that are forked inherit that.
pub(super) fn look_after() {
    static IS_LOOKED_AFTER: AtomicBool = AtomicBool::new(false);
    if !IS_LOOKED_AFTER.swap(true, Ordering::Relaxed) {
        sys::at_exit(at_exit);
    }
}

extern "C" fn at_exit() {
    let _ = catch_unwind(finish);
}

fn finish() {
    let Some(sender) = Sender::if_needed() else { return };
    all_products::all().for_each(UsageLogger::settle_budgets);
    sender.end();
    let begin = Instant::now();
    if let Some(limit) = outboxes().filter_map(limit_of).max() {
        sender.hurry(limit, || outboxes().all(|outbox| limit_of(outbox).is_none()));
    }
    // A process that is over in a moment would never come to what others left behind.
    if outboxes().all(|outbox| !outbox.is_waiting()) {
        sender.wait_for_backlog(FOR_FILES.saturating_sub(begin.elapsed()));
    }
    for files in outboxes().filter_map(|outbox| outbox.files.as_ref()) {
        files.unlink_settled(true);
    }
}

/// How long the end may wait for an outbox; `None` if there is nothing to wait for.
fn limit_of(outbox: &Outbox) -> Option<Duration> {
    let may_be_sent = outbox.is_waiting() && !outbox.is_stuck.load(Ordering::Acquire);
    // The sender would find that out, too, but it may not even run yet.
    if !may_be_sent || outbox.gate.is_closed_at_once(wall_clock()) {
        return None;
    }
    Some(if outbox.ring.unsettled() > 0 { FOR_MEMORY } else { FOR_FILES })
}

/// The outboxes of this process.
fn outboxes() -> impl Iterator<Item = &'static Outbox> {
    all_products::all().filter_map(|logger| logger.outbox().get())
}
