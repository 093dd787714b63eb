//! One round of the sender for one product: first what this process recorded, then what processes
//! that are gone left behind. Runs on the sender's thread; says what stopped it, and does not wait.

use std::mem;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use super::attempt::{Attempt, Fate, Stop};
use super::batch::{Batch, Item};
use super::conditions::{Conditions, Consent, Known};
use super::folder;
use super::line::{Header, Place};
use super::outbox::{Outbox, add};
use super::queue::{Queue, Reader};
use super::report::LastAnswer;
use super::segment::{Completion, Recorder, Request, User};
use super::spool::{Adopted, SpoolFile};
use super::transport::Transport;
use crate::product::Product;

/// What one round takes over from processes that are gone: a backlog is drained slowly, or the
/// first process after an outage would do nothing else.
const MOST_ADOPTED_FILES: usize = 16;

/// Of the files that this process begins during a round so many are sent in it, by the same connection;
/// others want their turn, too.
const MOST_FURTHER_FILES: usize = 4;

/// How long until a switch that cannot be read is read again.
const UNTIL_IT_IS_CLEAR: Duration = Duration::from_secs(60);

/// One round.
pub(super) struct Round<'a> {
    pub(super) product: &'a Product,
    pub(super) outbox: &'a Outbox,
    pub(super) transport: &'a mut dyn Transport,
    pub(super) conditions: &'a dyn Conditions,
}

/// What the round did about what processes that are gone left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Backlog {
    Done,
    /// There is more than one round takes.
    MoreIsLeft,
    /// This process needed its sender.
    Interrupted,
}

impl Round<'_> {
    /// Sends what this process recorded. If something has to wait, says for how long; `None` is
    /// until something changes.
    pub(super) fn send_own(&mut self) -> Result<(), Option<Duration>> {
        if !self.outbox.is_waiting() {
            return Ok(());
        }
        self.outbox.is_stuck.store(false, Ordering::Release);
        let result = self.try_to_send_own();
        self.outbox.is_stuck.store(result.is_err(), Ordering::Release);
        result
    }

    /// Sends what processes that are gone left behind; after the first file, until `is_needed` says
    /// that this process needs its sender.
    pub(super) fn send_backlog(&mut self, is_needed: &dyn Fn() -> bool) -> Backlog {
        let Some(files) = &self.outbox.files else { return Backlog::Done };
        let mut adopted = 0_usize;
        for path in folder::files(files.folder()) {
            if adopted > 0 && is_needed() {
                return Backlog::Interrupted;
            }
            if adopted >= MOST_ADOPTED_FILES {
                return Backlog::MoreIsLeft;
            }
            // Asked each time: nobody else's file is even opened after an opt-out.
            if self.may_begin().is_err() {
                return Backlog::Done;
            }
            let ours = &self.outbox.header;
            let is_ours =
                |header: &Header| header.product == ours.product && header.endpoint == ours.endpoint;
            if let Some(file) = SpoolFile::adopt(&path, is_ours) {
                adopted = adopted.saturating_add(1);
                if self.send_adopted(&file).is_err() {
                    return Backlog::Done;
                }
            }
        }
        Backlog::Done
    }

    fn try_to_send_own(&mut self) -> Result<(), Option<Duration>> {
        self.may_begin()?;
        let known = self.conditions.known();
        let outbox = self.outbox;
        let mut batch = self.batch(&outbox.header, &known.place, &known.user);
        // First what would not survive the process.
        self.drain(&outbox.ring, &mut batch, Whose::Own)?;
        let Some(files) = &outbox.files else { return Ok(()) };
        files.give_up_removed();
        let (most, mut last) = (files.all().len().saturating_add(MOST_FURTHER_FILES), None);
        for _ in 0..most {
            let Some(file) = files.after(last.as_ref()) else { break };
            file.describe(&known.place);
            // A file that cannot be read waits for a process that can.
            let is_drained = self.drain(&*file, &mut batch, Whose::Own)?;
            is_drained.then_some(()).ok_or(None)?;
            last = Some(file);
        }
        files.unlink_settled(false);
        Ok(())
    }

    fn send_adopted(&mut self, adopted: &Adopted) -> Result<(), Option<Duration>> {
        let known = self.conditions.known();
        // Before anything is sent: this process may end in the middle of it.
        adopted.file.mark_tried(self.conditions.now());
        let place = adopted.place.as_ref().unwrap_or(&known.place);
        let mut batch = self.batch(&adopted.header, place, &known.user);
        if self.drain(&adopted.file, &mut batch, Whose::Adopted)? {
            adopted.file.unlink();
        }
        Ok(())
    }

    /// Whether there is any point in beginning.
    fn may_begin(&self) -> Result<(), Option<Duration>> {
        if self.conditions.consent() != Consent::Given {
            return Err(self.stop(&Stop::NoConsent));
        }
        if self.outbox.prints() {
            return Ok(());
        }
        if self.product.write_key.is_empty() {
            self.outbox.set_last(LastAnswer::NoWriteKey);
            return Err(None);
        }
        match self.outbox.gate.closed_for(self.conditions.now()) {
            Some(wait) => {
                // What closed it says more, if it happened here.
                if !matches!(self.outbox.last(), Some(LastAnswer::Status(_) | LastAnswer::Failed(_))) {
                    self.outbox.set_last(LastAnswer::GateClosed);
                }
                Err(Some(wait))
            }
            None => Ok(()),
        }
    }

    /// Sends all that waits in a queue; returns whether it could be read to its end.
    fn drain(
        &mut self,
        queue: &dyn Queue,
        batch: &mut Batch,
        whose: Whose,
    ) -> Result<bool, Option<Duration>> {
        let Some(endpoint) = &self.outbox.endpoint else { return Err(None) };
        let outbox = self.outbox;
        let conditions = InHand { of: self.conditions, outbox, discards: outbox.discards() };
        let mut request = Request::to(endpoint.url(), self.product.write_key);
        let (mut reader, mut is_open) = (Reader::default(), false);
        loop {
            batch.clear();
            if queue.next(&mut reader, &mut |event| batch.add(queue.id(), event)).is_err() {
                return Ok(false);
            }
            if batch.items().is_empty() {
                return Ok(true);
            }
            let tried = if whose == Whose::Own { outbox.tried.load(Ordering::Relaxed) } else { 0 };
            let mut attempt = Attempt::new(&mut request, batch, self.transport, &conditions, tried);
            let mut settle = |items: &[Item], fate| {
                // The first success opens it, and the first failure after that ends this.
                if fate == Fate::Sent && !mem::replace(&mut is_open, true) {
                    outbox.gate.open();
                }
                settle(outbox, queue, items, fate, whose);
            };
            let result = attempt.deliver(&mut settle);
            if whose == Whose::Own {
                outbox.tried.store(attempt.tried, Ordering::Relaxed);
            }
            result.map_err(|stop| self.stop(&stop))?;
        }
    }

    /// Draws the consequences of a stop; returns how long to wait.
    fn stop(&self, stop: &Stop) -> Option<Duration> {
        match stop {
            // Asked again: the end user may have changed their mind twice meanwhile, and what was
            // recorded since is not to be deleted.
            Stop::NoConsent => match self.conditions.consent() {
                Consent::Given => None,
                Consent::Unclear => Some(UNTIL_IT_IS_CLEAR),
                Consent::Withdrawn => {
                    self.outbox.discard();
                    None
                }
            },
            Stop::Later { after } => {
                let now = self.conditions.now();
                let reason = self.outbox.last().map(|last| last.to_string()).unwrap_or_default();
                self.outbox.gate.close(now, *after, &reason);
                self.outbox.gate.closed_for(now)
            }
        }
    }

    /// An empty batch for events that this process recorded there.
    fn batch(&self, header: &Header, place: &Place, user: &User) -> Batch {
        let recorder = Recorder {
            product: header.product.clone(),
            version_property: self.product.version_property(),
            version: header.version.clone(),
            rust_version: header.rust_version.clone(),
            os_type: header.os_type.clone(),
            library_version: header.library.clone(),
            runtime_environment: place.runtime_environment.clone(),
            ci: place.ci.clone(),
            agent: place.agent.clone(),
        };
        Batch::new(Completion::new(&recorder, user), self.product.write_key)
    }
}

/// Whose events a queue holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Own,
    Adopted,
}

/// Counts what became of some events, and has their queue forget them.
fn settle(outbox: &Outbox, queue: &dyn Queue, items: &[Item], fate: Fate, whose: Whose) {
    let Some(last) = items.last() else { return };
    let total = items.len() as u64;
    let sent = match fate {
        Fate::Sent => items.iter().filter(|item| item.has_message()).count() as u64,
        Fate::Dropped => 0,
    };
    match whose {
        Whose::Own => {
            add(&outbox.counts.sent, sent);
            add(&outbox.counts.dropped, total.saturating_sub(sent));
        }
        Whose::Adopted => add(&outbox.counts.adopted, sent),
    }
    queue.settle(last.end, total, items.iter().map(|item| item.bytes).sum());
}

/// The conditions for what the sender has in its hand: consent to it is gone when the end user opts
/// out, and also when they did and changed their mind, for what was recorded before was deleted then.
struct InHand<'a> {
    of: &'a dyn Conditions,
    outbox: &'a Outbox,
    discards: u64,
}

impl Conditions for InHand<'_> {
    fn consent(&self) -> Consent {
        let consent = self.of.consent();
        if self.outbox.discards() == self.discards { consent } else { Consent::Withdrawn }
    }

    fn known(&self) -> Known {
        self.of.known()
    }

    fn pause(&self, wait: Duration) -> bool {
        self.of.pause(wait)
    }

    fn now(&self) -> SystemTime {
        self.of.now()
    }

    fn answered(&self, last: LastAnswer) {
        self.outbox.set_last(last);
    }
}

#[cfg(test)]
#[path = "round_tests.rs"]
mod tests;
