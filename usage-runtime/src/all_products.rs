//! What concerns all products of a process: the list of their loggers, and the switch over all of
//! them. Decides nothing for any of them.

use std::iter;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use crate::consent::Switch;
use crate::logger::UsageLogger;
use crate::sys::SetOnce;

/// The list's beginning. A list without locks: loggers are added at its end, and stay.
static FIRST: SetOnce<&'static UsageLogger> = SetOnce::new();

/// What [`enable_usage_logging`] and [`disable_usage_logging`] said.
static SWITCH: AtomicU8 = AtomicU8::new(Switch::Unset as u8);

/// A logger's place in the list.
pub(crate) struct Link {
    is_listed: AtomicBool,
    next: SetOnce<&'static UsageLogger>,
}

impl Link {
    pub(crate) const fn new() -> Self {
        Self { is_listed: AtomicBool::new(false), next: SetOnce::new() }
    }
}

/// Switches usage logging off for all products in this process, and deletes what they have
/// recorded and not yet sent.
///
/// ```
/// usage_runtime::disable_usage_logging();
/// ```
pub fn disable_usage_logging() {
    SWITCH.store(Switch::Disabled as u8, Ordering::SeqCst);
    all().for_each(UsageLogger::switched);
}

/// Undoes [`disable_usage_logging`] and [`UsageLogger::disable`], and switches on what a
/// product's own opt-out variable switched off. It overrides neither `DO_NOT_TRACK` nor a stored
/// choice.
///
/// ```
/// usage_runtime::enable_usage_logging();
/// ```
pub fn enable_usage_logging() {
    SWITCH.store(Switch::Enabled as u8, Ordering::SeqCst);
    all().for_each(|logger| logger.switch_to(Switch::Unset));
}

/// What code said about all products.
pub(crate) fn switch() -> Switch {
    Switch::from_u8(SWITCH.load(Ordering::SeqCst))
}

/// All loggers of this process that were ever asked anything.
pub(crate) fn all() -> impl Iterator<Item = &'static UsageLogger> {
    iter::successors(FIRST.get(), |logger| logger.link().next.get()).copied()
}

/// Puts a logger into the list, once.
pub(crate) fn list(logger: &'static UsageLogger) {
    if logger.link().is_listed.swap(true, Ordering::Relaxed) {
        return;
    }
    let (mut end, mut ours) = (&FIRST, logger);
    while let Err((taken, given_back)) = end.set(ours) {
        end = &taken.link().next;
        ours = given_back;
    }
}
