//! One running call: what it began with, and the event that it becomes when it ends.

use std::{mem, thread};

use super::call_site::CallSite;
use super::clock::{self, Start};
use super::judge::Judge;
use super::line::{Ending, Line};
use super::nesting::{self, Enclosing};
use super::outcome::Outcome;
use super::overflow::Overflow;
use super::record;
use super::value::{UsageValue, ValueWriter};
use crate::catalog::descriptor;

/// The guard of one call of an annotated function. Dropped, it records that the call returned, or
/// that it panicked if the thread has begun to unwind since.
#[derive(Debug)]
pub struct Call(State);

/// What is to become of a call.
#[derive(Debug)]
enum State {
    /// Nothing: logging is off.
    Off,
    /// It is counted, for it is beyond the budget of its call site.
    Counted(Counted),
    /// It becomes an event.
    Recorded(Recorded),
}

/// A call beyond the budget, which is counted when it ends. It encloses nothing: what it calls has
/// the recorded call around it as parent.
#[derive(Debug)]
struct Counted {
    overflow: &'static Overflow,
    /// Whether the thread was unwinding when the call began: it runs in a destructor then.
    unwinding: bool,
}

/// A call that becomes an event when it ends; nothing is left of it then.
#[derive(Debug)]
struct Recorded(Option<Running>);

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

/// A call that goes on after its function has returned.
#[derive(Debug)]
pub(crate) enum Detached {
    /// Nothing is to be done, or all was.
    Over,
    /// To be counted.
    Counted(&'static Overflow),
    /// To be recorded.
    Running(Running),
}

impl Call {
    /// Begins a call of `site`. If nothing is to be recorded, that is all there is to do: one
    /// relaxed load and a branch. Beyond the budget it is another of these.
    #[inline]
    #[must_use]
    pub fn enter(site: &'static CallSite) -> Self {
        if site.logger().is_off() {
            return Self(State::Off);
        }
        Self(match site.budget().spent() {
            // Nothing was ever spent before it was decided that logging is on.
            Some(overflow) => State::Counted(Counted::new(overflow)),
            None => Running::start(site),
        })
    }

    /// Whether the call becomes an event, so that its values are needed.
    #[inline]
    #[must_use]
    pub fn is_recorded(&self) -> bool {
        matches!(self.0, State::Recorded(_))
    }

    /// Whether nothing is to become of the call.
    #[inline]
    pub(crate) fn is_off(&self) -> bool {
        matches!(self.0, State::Off)
    }

    /// Adds the value of one property; `KEY` is what its descriptor calls it.
    pub fn property<const KEY: u64, V: UsageValue + ?Sized>(&mut self, name: &'static str, value: &V) {
        if let State::Recorded(Recorded(Some(running))) = &mut self.0 {
            descriptor::keep_values::<KEY, V>();
            running.line.property(name, |json| ValueWriter::write(json, value));
        }
    }

    /// Ends the call with the value that it returned.
    #[inline]
    pub(crate) fn end<V, J: Judge<V>>(self, judge: J, value: &V) {
        match self.0 {
            State::Off => {}
            State::Counted(counted) => counted.end(is_exception(judge.outcome(value))),
            State::Recorded(recorded) => recorded.end(judge.outcome(value)),
        }
    }

    /// Takes the call out of its guard, so that it can go on after the function has returned.
    #[inline]
    pub(crate) fn detach(self) -> Detached {
        match self.0 {
            State::Off => Detached::Over,
            State::Counted(counted) => {
                let overflow = counted.overflow;
                mem::forget(counted);
                Detached::Counted(overflow)
            }
            State::Recorded(recorded) => recorded.detach(),
        }
    }
}

impl Counted {
    #[inline]
    fn new(overflow: &'static Overflow) -> Self {
        Self { overflow, unwinding: thread::panicking() }
    }

    #[inline]
    fn end(self, is_exception: bool) {
        self.overflow.count(is_exception);
        mem::forget(self);
    }
}

/// The end of a call whose value nobody saw.
impl Drop for Counted {
    #[inline]
    fn drop(&mut self) {
        self.overflow.count(thread::panicking() && !self.unwinding);
    }
}

impl Recorded {
    /// The end of a call that runs on this thread.
    fn end(mut self, outcome: Outcome) {
        if let Some(running) = self.0.take() {
            running.end(outcome);
        }
    }

    fn detach(mut self) -> Detached {
        let Some(running) = self.0.take() else { return Detached::Over };
        nesting::enter(running.enclosing);
        Detached::Running(running)
    }
}

/// The end of a call whose value nobody saw.
impl Drop for Recorded {
    #[inline]
    fn drop(&mut self) {
        if let Some(running) = self.0.take() {
            running.end_unseen();
        }
    }
}

impl Running {
    /// Begins a call, if logging is on and something is left of its budget.
    #[cold]
    fn start(site: &'static CallSite) -> State {
        if !site.logger().is_on() {
            return State::Off;
        }
        let now = clock::Moment::now();
        if let Some(overflow) = site.budget().take(site, now.monotonic()) {
            return State::Counted(Counted::new(overflow));
        }
        let line = Line::begin(site);
        let enclosing = nesting::enter(Some(site));
        let running = Self { site, line, enclosing, unwinding: thread::panicking(), start: Start::at(now) };
        State::Recorded(Recorded(Some(running)))
    }

    pub(crate) fn site(&self) -> &'static CallSite {
        self.site
    }

    /// Whether the thread was unwinding already when the call began.
    pub(crate) fn began_unwinding(&self) -> bool {
        self.unwinding
    }

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

    /// Turns the call into an event, which stands for those that were only counted since the last
    /// one, too.
    pub(crate) fn record(self, outcome: Outcome) {
        let Self { site, start, line, enclosing, .. } = self;
        let elapsed = start.elapsed();
        let logger = site.logger();
        let counted = site.budget().take_counted();
        let parent = enclosing.filter(|enclosing| std::ptr::eq(enclosing.logger(), logger));
        let ending = Ending { elapsed, outcome, parent, counted, moment: clock::wall_clock() };
        if !line.end(site, &ending).is_some_and(|line| record(logger, &line)) {
            site.budget().put_back(site, counted.and_one(is_exception(outcome)));
        }
    }
}

#[inline]
pub(crate) fn is_exception(outcome: Outcome) -> bool {
    !matches!(outcome, Outcome::Returned)
}
