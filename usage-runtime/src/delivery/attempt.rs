//! One body's worth of events on its way: tried once and once more, parted when the server will not
//! have it whole. Knows no file, no thread and no clock of its own.

use std::mem;
use std::ops::Range;
use std::time::Duration;

use super::batch::{Batch, Item};
use super::conditions::{Conditions, Consent};
use super::report::LastAnswer;
use super::retry::{self, Verdict};
use super::segment::Request;
use super::transport::Transport;

/// The wait between the two tries, where Segment's clients begin.
const BEFORE_THE_SECOND_TRY: Duration = Duration::from_millis(500);
/// Requests that the search for bad events may cost a batch: enough to find two among a hundred.
const MOST_REQUESTS: u32 = 32;

/// What became of some events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Sent,
    Dropped,
}

/// Why the rest has to wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The end user does not agree, or that is not clear.
    NoConsent,
    /// Not now; in a while, if the server said how long.
    Later { after: Option<Duration> },
}

/// The way of one batch to its endpoint.
pub(super) struct Attempt<'a> {
    request: &'a mut Request,
    batch: &'a mut Batch,
    pub(super) transport: &'a mut dyn Transport,
    pub(super) conditions: &'a dyn Conditions,
    /// How often the first events were tried already, without an answer that settles them.
    pub(super) tried: u32,
    requests: u32,
}

impl<'a> Attempt<'a> {
    pub(super) fn new(
        request: &'a mut Request,
        batch: &'a mut Batch,
        transport: &'a mut dyn Transport,
        conditions: &'a dyn Conditions,
        tried: u32,
    ) -> Self {
        Self { request, batch, transport, conditions, tried, requests: 0 }
    }

    /// Delivers the batch. Tells `settle` the fate of one stretch of items after the other,
    /// in their order; what comes after a stop has to wait.
    pub(super) fn deliver(&mut self, settle: &mut dyn FnMut(&[Item], Fate)) -> Result<(), Stop> {
        self.deliver_part(0..self.batch.items().len(), settle)
    }

    fn deliver_part(
        &mut self,
        part: Range<usize>,
        settle: &mut dyn FnMut(&[Item], Fate),
    ) -> Result<(), Stop> {
        let count = self.batch.part(&part).iter().filter(|item| item.has_message()).count();
        if count == 0 {
            settle(self.batch.part(&part), Fate::Dropped);
            return Ok(());
        }
        match self.send(&part)? {
            Verdict::Delivered => settle(self.batch.part(&part), Fate::Sent),
            Verdict::Halve | Verdict::Search if count > 1 && self.requests < MOST_REQUESTS => {
                let middle = part.start.saturating_add(part.len().div_ceil(2));
                self.deliver_part(part.start..middle, settle)?;
                self.deliver_part(middle..part.end, settle)?;
            }
            Verdict::Halve | Verdict::Search | Verdict::Drop => {
                settle(self.batch.part(&part), Fate::Dropped);
            }
            Verdict::Keep { after, .. } => return Err(Stop::Later { after }),
        }
        Ok(())
    }

    /// Sends once, and once more if that may help.
    fn send(&mut self, part: &Range<usize>) -> Result<Verdict, Stop> {
        let first = self.send_once(part)?;
        let may_help = first == Verdict::Keep { again: true, after: None };
        if may_help && self.conditions.pause(BEFORE_THE_SECOND_TRY) {
            self.send_once(part)
        } else {
            Ok(first)
        }
    }

    fn send_once(&mut self, part: &Range<usize>) -> Result<Verdict, Stop> {
        if self.conditions.consent() != Consent::Given {
            return Err(Stop::NoConsent);
        }
        self.requests = self.requests.saturating_add(1);
        let body = self.batch.body_of(part, self.conditions.now());
        self.request.set(body, self.tried);
        let answer = self.transport.send(self.request);
        self.batch.give_back(mem::take(&mut self.request.body));
        let verdict = retry::judge(&answer, self.conditions.now());
        let is_settled = !matches!(verdict, Verdict::Keep { .. });
        self.tried = if is_settled { 0 } else { self.tried.saturating_add(1) };
        self.conditions.answered(LastAnswer::to_a_request(&answer, verdict == Verdict::Delivered));
        Ok(verdict)
    }
}

#[cfg(test)]
#[path = "attempt_tests.rs"]
mod tests;
