//! One running call: what it began with, and the event that it becomes when it ends.

use std::{mem, thread};

use super::call_site::CallSite;
use super::clock::{Moment, Start, WallTime};
use super::judge::Judge;
use super::line::{Ending, Line};
use super::nesting::{self, Enclosing};
use super::outcome::Outcome;
use super::overflow::{Counts, Overflow};
use super::record;
use super::spare::{self, Stacked};
use super::value::{UsageValue, ValueWriter};
use crate::catalog::descriptor;

/// The guard of one call of an annotated function. Dropped, it records that the call returned, or
/// that it panicked if the thread has begun to unwind since.
#[derive(Debug)]
pub struct Call(pub(super) State);

/// What is to become of a call.
#[derive(Debug)]
pub enum State {
    /// Nothing: logging is off.
    Off,
    /// It is counted, for it is beyond the budget of its call site.
    Counted(Counted),
    /// It becomes an event.
    Recorded(Recorded),
}

/// What a call can know before it reads a clock.
#[derive(Debug)]
pub(crate) enum Way {
    /// Logging is off.
    Off,
    /// To be counted there, for it is beyond the budget.
    Counted(&'static Overflow),
    /// All else.
    Undecided,
}

/// A call beyond the budget, which is counted when it ends. It encloses nothing: what it calls has
/// the recorded call around it as parent.
#[derive(Debug)]
pub struct Counted(pub(super) &'static Overflow);

/// A call that becomes an event when it ends; nothing is left of it then. Behind a pointer, so that
/// a guard fits into registers while logging is off.
#[derive(Debug)]
pub struct Recorded(Option<Box<Running>>);

/// Where the values of a call's properties go, if they are asked for: they are taken before the function's
/// own code runs.
#[derive(Debug)]
pub struct Values<'a>(Option<&'a mut Running>);

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
    pub(super) stacked: Stacked,
}

/// A call that goes on after its function has returned.
#[derive(Debug)]
pub(crate) enum Detached {
    /// Nothing is to be done, or all was.
    Over,
    /// To be counted.
    Counted(&'static Overflow),
    /// To be recorded.
    Running(Box<Running>),
}

impl Call {
    /// Begins a call of `site`. If nothing is to be recorded, that is all there is to do: one relaxed
    /// load and a branch. Beyond the budget it is another of these.
    #[inline]
    #[must_use]
    pub fn enter(site: &'static CallSite) -> Self {
        Self(if site.logger().is_off() { State::Off } else { State::begin(site) })
    }

    /// The call that this is the state of.
    #[inline]
    pub(crate) const fn of(state: State) -> Self {
        Self(state)
    }

    /// Where the values of the call's properties go.
    #[inline]
    pub fn values(&mut self) -> Values<'_> {
        self.0.values()
    }

    /// Takes the call out of its guard, so that it can go on after the function has returned.
    #[inline]
    pub(crate) fn detach(self) -> Detached {
        match self.0 {
            State::Off => Detached::Over,
            State::Counted(counted) => {
                let overflow = counted.0;
                mem::forget(counted);
                Detached::Counted(overflow)
            }
            State::Recorded(recorded) => recorded.detach(),
        }
    }
}

impl Values<'_> {
    /// Of a call that becomes no event.
    pub(crate) const UNASKED: Self = Self(None);

    /// Whether the call becomes an event, so that its values are needed.
    #[inline]
    #[must_use]
    pub fn are_asked(&self) -> bool {
        self.0.is_some()
    }

    /// Adds the value of one property; `KEY` is what its descriptor calls it.
    pub fn add<const KEY: u64, V: UsageValue + ?Sized>(&mut self, name: &'static str, value: &V) {
        if let Some(running) = &mut self.0 {
            descriptor::keep_values::<KEY, V>();
            running.line.property(name, |json| ValueWriter::write(json, value));
        }
    }
}

impl Way {
    #[inline]
    pub(crate) fn of(site: &'static CallSite) -> Self {
        if site.logger().is_off() {
            return Self::Off;
        }
        site.budget().spent().map_or(Self::Undecided, Self::Counted)
    }
}

impl State {
    /// That of a call of `site` which is not off.
    #[inline]
    pub(crate) fn begin(site: &'static CallSite) -> Self {
        Counted::at(site).map_or_else(|| Running::start(site), Self::Counted)
    }

    /// Where the values of the call's properties go.
    #[inline]
    pub(crate) fn values(&mut self) -> Values<'_> {
        match self {
            Self::Recorded(Recorded(running)) => Values(running.as_deref_mut()),
            Self::Off | Self::Counted(_) => Values::UNASKED,
        }
    }

    /// Ends the call with the value that it returned.
    #[inline]
    pub(crate) fn end<V, J: Judge<V>>(self, judge: J, value: &V) {
        match self {
            Self::Off => {}
            Self::Counted(counted) => counted.end(judge.is_failure(value)),
            Self::Recorded(recorded) => recorded.end(judge.outcome(value)),
        }
    }
}

impl Counted {
    /// A call of `site` which is not off, if nothing is left of the budget. Nothing was ever spent before
    /// it was decided that logging is on.
    #[inline]
    fn at(site: &'static CallSite) -> Option<Self> {
        site.budget().spent().map(Self)
    }

    #[inline]
    pub(crate) fn end(self, is_exception: bool) {
        self.0.count(is_exception);
        mem::forget(self);
    }
}

/// The end of a call whose value nobody saw. If it began when the thread was unwinding, in a
/// destructor, it is taken to have failed: to know better would cost every call that is counted.
impl Drop for Counted {
    #[cold]
    fn drop(&mut self) {
        self.0.count(thread::panicking());
    }
}

impl Recorded {
    /// The end of a call that runs on this thread.
    fn end(mut self, outcome: Outcome) {
        let running = self.0.take();
        mem::forget(self);
        if let Some(running) = running {
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
    #[inline(never)]
    fn start(site: &'static CallSite) -> State {
        if !site.logger().is_on() {
            return State::Off;
        }
        let now = Moment::now();
        if let Some(overflow) = site.budget().take(site, now.nanoseconds()) {
            return State::Counted(Counted(overflow));
        }
        let enclosing = nesting::enter(Some(site));
        let unwinding = thread::panicking();
        let mut running = spare::take().unwrap_or_else(|| Box::new(Self::new(site)));
        running.line.begin(site);
        running.site = site;
        running.enclosing = enclosing;
        running.unwinding = unwinding;
        running.start = Start::at(now);
        State::Recorded(Recorded(Some(running)))
    }

    #[cold]
    pub(super) fn new(site: &'static CallSite) -> Self {
        let (line, start) = (Line::new(), Start::at(Moment::now()));
        Self { site, start, line, enclosing: None, unwinding: false, stacked: Stacked::NOT }
    }

    pub(crate) fn site(&self) -> &'static CallSite {
        self.site
    }

    /// Whether the thread was unwinding already when the call began.
    pub(crate) fn began_unwinding(&self) -> bool {
        self.unwinding
    }

    #[cold]
    #[inline(never)]
    fn end_unseen(self: Box<Self>) {
        let unwinding = thread::panicking() && !self.began_unwinding();
        self.end(if unwinding { Outcome::Panicked } else { Outcome::Returned });
    }

    /// The end of a call that runs on this thread.
    #[cold]
    #[inline(never)]
    fn end(self: Box<Self>, outcome: Outcome) {
        nesting::enter(self.enclosing);
        self.record(outcome);
    }

    /// Turns the call into an event, which stands for those that were only counted since the last
    /// one, too.
    pub(crate) fn record(mut self: Box<Self>, outcome: Outcome) {
        let elapsed = self.start.elapsed();
        let (site, logger) = (self.site, self.site.logger());
        let counted = site.budget().take_counted();
        let parent = self.enclosing.filter(|enclosing| std::ptr::eq(enclosing.logger(), logger));
        let moment = WallTime::now();
        let is_plain = !outcome.is_exception() && parent.is_none() && counted == Counts::default();
        if !(is_plain && self.line.end_plainly(elapsed, moment)) {
            self.line.end(site, &Ending { elapsed, outcome: &outcome, parent, counted, moment });
        }
        if !record(logger, self.line.bytes()) {
            site.budget().put_back(site, counted.and_one(outcome.is_exception()));
        }
        spare::keep(self);
    }
}
