//! One running call: what it began with, and the event that it becomes when it ends.

use std::thread;

use super::call_site::CallSite;
use super::clock::{self, Start};
use super::line::Line;
use super::nesting::{self, Enclosing};
use super::outcome::Outcome;
#[cfg(test)]
use super::tests::record;
use super::value::{UsageValue, ValueWriter};
use crate::catalog::descriptor;
#[cfg(not(test))]
use crate::delivery::record;

/// The guard of one call of an annotated function. Dropped, it records that the call returned, or
/// that it panicked if the thread has begun to unwind since.
#[derive(Debug)]
pub struct Call(Option<Running>);

/// A call that will be recorded.
#[derive(Debug)]
pub(crate) struct Running {
    site: &'static CallSite,
    start: Start,
    line: Line,
    /// The recorded call that this one began in.
    enclosing: Enclosing,
    /// Whether the thread was unwinding when the call began: it runs in a destructor then.
    unwinding: bool,
}

impl Call {
    /// Begins a call of `site`. If nothing is to be recorded, that is all there is to do.
    #[inline]
    #[must_use]
    pub fn enter(site: &'static CallSite) -> Self {
        Self(if site.is_on() { Some(Running::start(site)) } else { None })
    }

    /// Whether the call will be recorded, so that its values are needed.
    #[inline]
    #[must_use]
    pub fn is_recorded(&self) -> bool {
        self.0.is_some()
    }

    /// Adds the value of one property; `KEY` is what its descriptor calls it.
    pub fn property<const KEY: u64, V: UsageValue + ?Sized>(&mut self, name: &'static str, value: &V) {
        if let Some(running) = &mut self.0 {
            descriptor::keep_values::<KEY, V>();
            running.line.property(name, |json| ValueWriter::write(json, value));
        }
    }

    /// Records the call with this outcome, which the value that it returned has told.
    pub(crate) fn end(mut self, outcome: Outcome) {
        if let Some(running) = self.0.take() {
            running.end(outcome);
        }
    }

    /// Takes the call out of its guard, so that it can go on after the function has returned.
    pub(crate) fn detach(mut self) -> Option<Running> {
        let running = self.0.take()?;
        nesting::enter(running.enclosing);
        Some(running)
    }
}

impl Drop for Call {
    #[inline]
    fn drop(&mut self) {
        if let Some(running) = self.0.take() {
            running.end_unseen();
        }
    }
}

impl Running {
    #[cold]
    fn start(site: &'static CallSite) -> Self {
        let line = Line::begin(site);
        let enclosing = nesting::enter(Some(site));
        Self { site, line, enclosing, unwinding: thread::panicking(), start: Start::now() }
    }

    pub(crate) fn site(&self) -> &'static CallSite {
        self.site
    }

    /// Whether the thread was unwinding already when the call began.
    pub(crate) fn began_unwinding(&self) -> bool {
        self.unwinding
    }

    /// The end of a call whose value nobody saw.
    #[cold]
    fn end_unseen(self) {
        let unwinding = thread::panicking() && !self.began_unwinding();
        self.end(if unwinding { Outcome::Panicked } else { Outcome::Returned });
    }

    /// The end of a call that runs on this thread.
    fn end(self, outcome: Outcome) {
        nesting::enter(self.enclosing);
        self.record(outcome);
    }

    /// Turns the call into an event.
    pub(crate) fn record(self, outcome: Outcome) {
        let elapsed = self.start.elapsed();
        let logger = self.site.logger();
        let parent = self.enclosing.filter(|enclosing| std::ptr::eq(enclosing.logger(), logger));
        let line = self.line.end(self.site, elapsed, outcome, parent, clock::wall_clock());
        if let Some(line) = line {
            record(logger, &line);
        }
    }
}
