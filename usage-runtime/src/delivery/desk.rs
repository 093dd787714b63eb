//! The sender's desk for one product: brings together the outbox, the end user's consent, who and
//! where this process is, and the transport. Lives on the sender's thread alone.

use std::cell::Cell;
use std::ptr;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime};

use super::conditions::{Conditions, Consent, Known};
use super::folder;
use super::http::Http;
use super::line::Place;
use super::outbox::Outbox;
use super::print::Print;
use super::receipts::{Keeper, Receipted};
use super::round::{Backlog, Round};
use super::segment::User;
use super::sender::Sender;
use super::transport::Transport;
use crate::consent::{self, Reason};
use crate::environment::{self, Environment};
use crate::execution::clock::wall_clock;
use crate::identity;
use crate::logger::UsageLogger;
use crate::state_folder;

/// How long until the folder is looked through again.
const BETWEEN_BACKLOGS: Duration = Duration::from_secs(600);
/// The same, while there is more in it than one round takes.
pub(super) const WITHIN_A_BACKLOG: Duration = Duration::from_secs(60);

/// One product's desk.
pub(super) struct Desk {
    logger: &'static UsageLogger,
    outbox: &'static Outbox,
    transport: Option<Box<dyn Transport>>,
    /// When the folder is looked through again; at once the first time.
    backlog_due: Option<Instant>,
}

impl Desk {
    /// Opens it, and looks after the product's folder once a process.
    pub(super) fn open(logger: &'static UsageLogger, outbox: &'static Outbox) -> Self {
        if let Some(files) = &outbox.files
            && !outbox.is_tidied.swap(true, Ordering::Relaxed)
        {
            folder::tidy(files.folder(), wall_clock());
        }
        Self { logger, outbox, transport: None, backlog_due: None }
    }

    pub(super) fn is_for(&self, outbox: &Outbox) -> bool {
        ptr::eq(self.outbox, outbox)
    }

    /// Whether enough waits to fill a request.
    pub(super) fn is_plenty(&self) -> bool {
        self.outbox.is_plenty() && !self.outbox.is_stuck.load(Ordering::Acquire)
    }

    /// Sends what this process recorded; returns how long until it is worth trying again.
    pub(super) fn send_own(&mut self, sender: &'static Sender) -> Option<Duration> {
        let here = Here::new(self.logger, sender);
        self.round(&here).send_own().err().flatten()
    }

    /// Sends what processes that are gone left behind, if it is time, and unless this process needs
    /// its sender; says how far that went.
    pub(super) fn send_backlog(&mut self, sender: &'static Sender, is_needed: &dyn Fn() -> bool) -> Backlog {
        if self.backlog_due.is_some_and(|due| Instant::now() < due) {
            return Backlog::Done;
        }
        let here = Here::new(self.logger, sender);
        let backlog = self.round(&here).send_backlog(is_needed);
        self.backlog_due = match backlog {
            Backlog::Done => Instant::now().checked_add(BETWEEN_BACKLOGS),
            Backlog::MoreIsLeft => Instant::now().checked_add(WITHIN_A_BACKLOG),
            Backlog::Interrupted => None,
        };
        backlog
    }

    /// Closes the connections: nothing stays open between rounds.
    pub(super) fn hang_up(&mut self) {
        self.transport = None;
    }

    fn round<'a>(&'a mut self, here: &'a Here) -> Round<'a> {
        let outbox = self.outbox;
        let logger = self.logger;
        let transport = self.transport.get_or_insert_with(|| transport(logger, outbox));
        Round { product: self.logger.product(), outbox, transport: &mut **transport, conditions: here }
    }
}

fn transport(logger: &'static UsageLogger, outbox: &Outbox) -> Box<dyn Transport> {
    match &outbox.endpoint {
        Some(endpoint) if !outbox.prints() => {
            let keeper = Keeper::new(state_folder::path(logger.product()), || logger.decide().is_on());
            Box::new(Receipted { transport: Http::new(endpoint), keeper })
        }
        // In print mode; without an endpoint nothing is recorded, so nothing comes here.
        _ => Box::new(Print::to_stderr()),
    }
}

/// The real conditions of a round: those of this product, here and now.
struct Here {
    logger: &'static UsageLogger,
    sender: &'static Sender,
    /// Of what was asked in this round.
    memory: Cell<consent::Memory>,
}

impl Here {
    fn new(logger: &'static UsageLogger, sender: &'static Sender) -> Self {
        Self { logger, sender, memory: Cell::default() }
    }
}

impl Conditions for Here {
    fn consent(&self) -> Consent {
        let mut memory = self.memory.take();
        let decision = self.logger.decide_again(&mut memory);
        self.memory.set(memory);
        match decision.reason() {
            _ if decision.is_on() => Consent::Given,
            Reason::Unreadable { .. } | Reason::UnknownFolder => Consent::Unclear,
            _ => Consent::Withdrawn,
        }
    }

    /// Asked anew each round: the end user may have reset the id meanwhile.
    fn known(&self) -> Known {
        let identity = identity::of(self.logger.product());
        let Environment { runtime, ci, agent, .. } = *environment::detect();
        let word = |found: Option<&str>| found.map(str::to_owned);
        Known {
            user: User { id: identity.user_id, identity: identity.class.to_owned() },
            place: Place { runtime_environment: runtime.to_owned(), ci: word(ci), agent: word(agent) },
        }
    }

    fn pause(&self, wait: Duration) -> bool {
        self.sender.pause(wait)
    }

    fn now(&self) -> SystemTime {
        wall_clock()
    }
}
