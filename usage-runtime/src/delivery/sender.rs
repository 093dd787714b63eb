//! The sender: the one background thread of a process, started by its first event. It waits, gathers
//! for a moment, and sends for all products. It never runs the host's signal handlers, and nobody
//! ever waits for its end.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering, fence};
use std::thread::{self, Builder, Thread};
use std::time::{Duration, Instant};

use super::desk::{Desk, WITHIN_A_BACKLOG};
use super::pause::Pause;
use super::round::Backlog;
use crate::all_products;
use crate::logger::UsageLogger;
use crate::per_process::PerProcess;
use crate::sys::{self, SetOnce};

/// How long the first event waits for others to share a request with.
const FIRST_GATHERING: Duration = Duration::from_millis(200);
/// The same for later ones: a process that runs for long and records all the time is no reason for
/// five requests a second.
const GATHERING: Duration = Duration::from_secs(1);
/// How often the sender looks meanwhile whether a request is full; it is not woken for that.
const GLANCE: Duration = Duration::from_millis(20);
/// How long until the next round when one has panicked, which none should.
const AFTER_A_PANIC: Duration = Duration::from_secs(60);
/// How long after the process began to end a request for others may still begin: what the end cuts
/// off may have arrived, and would be sent again.
const LAST_BEGINNING: Duration = Duration::from_millis(20);
/// Enough for TLS and for name services; only what is used of it takes memory.
const STACK: usize = 1024 * 1024;

/// This process's sender, as seen by the threads that record, wait and end the process.
pub(super) struct Sender {
    /// Something was recorded since the sender last looked.
    is_signalled: AtomicBool,
    /// Somebody waits: no gathering.
    is_urgent: AtomicBool,
    /// Since when the process ends: no second try.
    ending: SetOnce<Instant>,
    /// What processes that are gone left behind was looked through, as far as this one goes.
    has_looked_back: AtomicBool,
    /// Rounds that began and ended.
    begun: AtomicU64,
    ended: AtomicU64,
    thread: SetOnce<Thread>,
    is_started: AtomicBool,
    pause: Pause,
}

static SENDER: PerProcess<Sender> = PerProcess::new();

impl Sender {
    /// The sender of this process, whose thread may not run yet.
    pub(super) fn of_this_process() -> &'static Self {
        SENDER.get_or_make(Self::new)
    }

    fn new() -> Self {
        Self {
            is_signalled: AtomicBool::new(false),
            is_urgent: AtomicBool::new(false),
            ending: SetOnce::new(),
            has_looked_back: AtomicBool::new(false),
            begun: AtomicU64::new(0),
            ended: AtomicU64::new(0),
            thread: SetOnce::new(),
            is_started: AtomicBool::new(false),
            pause: Pause::new(),
        }
    }

    /// The sender of this process, if it was ever needed.
    pub(super) fn if_needed() -> Option<&'static Self> {
        SENDER.get()
    }

    /// Has the sender look soon. Wakes the thread for the first event after a rest alone, for that
    /// costs more than all the rest of recording.
    #[inline]
    pub(super) fn signal(&'static self) {
        // Either this thread sees that the sender has not looked yet, or the sender sees the event.
        fence(Ordering::SeqCst);
        if !self.is_signalled.load(Ordering::Relaxed) && !self.is_signalled.swap(true, Ordering::SeqCst) {
            self.wake();
        }
    }

    /// Has the sender look at once, and waits for `is_done` or for the end of a round that began
    /// after this call, `timeout` at most. Takes no lock, so that it can be done while the process
    /// ends.
    pub(super) fn hurry(&'static self, timeout: Duration, is_done: impl Fn() -> bool) {
        let before = self.begun.load(Ordering::SeqCst);
        self.is_urgent.store(true, Ordering::SeqCst);
        self.wake();
        if self.is_started.load(Ordering::SeqCst) {
            wait_for(timeout, || is_done() || self.ended.load(Ordering::SeqCst) > before);
        }
    }

    /// Waits until what processes that are gone left behind was sent, as far as there is time,
    /// `timeout` at most. Takes no lock either.
    pub(super) fn wait_for_backlog(&self, timeout: Duration) {
        if self.is_started.load(Ordering::SeqCst) {
            wait_for(timeout, || self.has_looked_back.load(Ordering::SeqCst));
        }
    }

    /// The process ends: no second tries from now on.
    pub(super) fn end(&self) {
        let _ = self.ending.set(Instant::now());
    }

    /// Waits on the sender's own thread; returns whether there is time to go on.
    pub(super) fn pause(&self, wait: Duration) -> bool {
        let begin = Instant::now();
        let is_ending = || self.ending.get().is_some();
        while !is_ending() && begin.elapsed() < wait {
            thread::park_timeout(wait.saturating_sub(begin.elapsed()));
        }
        !is_ending()
    }

    #[cold]
    #[inline(never)]
    fn wake(&'static self) {
        match self.thread.get() {
            Some(thread) => thread.unpark(),
            None => self.start(),
        }
    }

    /// Starts the thread. Where there are no threads to be had, events are written only, and it is
    /// tried again after some more of them.
    fn start(&'static self) {
        if crate::IS_LEFT_OUT || !self.pause.is_over() {
            self.is_signalled.store(false, Ordering::SeqCst);
            return;
        }
        if self.is_started.swap(true, Ordering::SeqCst) {
            // It has not looked at anything yet, and will.
            return;
        }
        let builder = Builder::new().name("usage-logging".to_owned()).stack_size(STACK);
        if sys::without_signals(|| builder.spawn(|| self.run())).is_err() {
            self.pause.begin();
            self.is_started.store(false, Ordering::SeqCst);
            self.is_signalled.store(false, Ordering::SeqCst);
        }
    }

    /// The thread's life. It has none after the process's: it is never joined.
    fn run(&'static self) {
        // By the thread itself, and first: whoever finds no thread here knows that it will look.
        let _ = self.thread.set(thread::current());
        let mut desks = Vec::new();
        let mut look_again = None;
        loop {
            self.wait(look_again);
            self.gather(&mut desks);
            let round = AssertUnwindSafe(|| self.round(&mut desks));
            let wait = catch_unwind(round).unwrap_or(Some(AFTER_A_PANIC));
            self.ended.store(self.begun.load(Ordering::SeqCst), Ordering::SeqCst);
            look_again = wait.and_then(|wait| Instant::now().checked_add(wait));
        }
    }

    /// Until something is recorded, somebody waits, or it is time. Refills budgets meanwhile.
    fn wait(&self, look_again: Option<Instant>) {
        while !self.is_signalled.load(Ordering::SeqCst) && !self.is_urgent.load(Ordering::SeqCst) {
            let left = look_again.map(|time| time.saturating_duration_since(Instant::now()));
            if left == Some(Duration::ZERO) {
                return;
            }
            let refill = all_products::all().filter_map(UsageLogger::refill_budgets).min();
            match left.into_iter().chain(refill).min() {
                None => thread::park(),
                Some(wait) => thread::park_timeout(wait),
            }
        }
    }

    /// Lets others join the first event, until a request is full or somebody waits.
    fn gather(&self, desks: &mut Vec<Desk>) {
        let is_first = self.begun.load(Ordering::SeqCst) == 0;
        let time = if is_first { FIRST_GATHERING } else { GATHERING };
        let begin = Instant::now();
        open_desks(desks);
        while begin.elapsed() < time
            && !self.is_urgent.load(Ordering::SeqCst)
            && !desks.iter().any(Desk::is_plenty)
        {
            thread::park_timeout(GLANCE);
        }
    }

    /// Begins a round. Before looking: what is recorded from now on signals anew.
    fn begin(&self) {
        self.begun.fetch_add(1, Ordering::SeqCst);
        self.is_signalled.store(false, Ordering::SeqCst);
        self.is_urgent.store(false, Ordering::SeqCst);
        fence(Ordering::SeqCst);
    }

    /// Sends for all products; returns how long until it is worth looking again.
    fn round(&'static self, desks: &mut Vec<Desk>) -> Option<Duration> {
        self.begin();
        open_desks(desks);
        let own = desks.iter_mut().filter_map(|desk| desk.send_own(self)).min();
        // Whoever waits for this round waits for nothing else.
        self.ended.store(self.begun.load(Ordering::SeqCst), Ordering::SeqCst);
        let is_over = || self.ending.get().is_some_and(|since| since.elapsed() > LAST_BEGINNING);
        let is_needed =
            || self.is_signalled.load(Ordering::SeqCst) || self.is_urgent.load(Ordering::SeqCst) || is_over();
        let backlogs: Vec<_> = desks.iter_mut().map(|desk| desk.send_backlog(self, &is_needed)).collect();
        if is_over() || !backlogs.contains(&Backlog::Interrupted) {
            self.has_looked_back.store(true, Ordering::SeqCst);
        }
        let more = backlogs.contains(&Backlog::MoreIsLeft).then_some(WITHIN_A_BACKLOG);
        desks.iter_mut().for_each(Desk::hang_up);
        own.into_iter().chain(more).min()
    }
}

/// A desk for each product that recorded something in this process.
fn open_desks(desks: &mut Vec<Desk>) {
    for logger in all_products::all() {
        if let Some(outbox) = logger.outbox().get()
            && !desks.iter().any(|desk| desk.is_for(outbox))
        {
            desks.push(Desk::open(logger, outbox));
        }
    }
}

/// Waits until `is_done`, `timeout` at most, by looking again and again: there is no lock and no
/// thread-local that could be gone.
fn wait_for(timeout: Duration, is_done: impl Fn() -> bool) {
    const LONGEST_NAP: Duration = Duration::from_millis(1);
    let begin = Instant::now();
    let mut nap = Duration::from_micros(50);
    while !is_done() && begin.elapsed() < timeout {
        thread::sleep(nap.min(timeout.saturating_sub(begin.elapsed())));
        nap = nap.saturating_mul(2).min(LONGEST_NAP);
    }
}

#[cfg(test)]
#[path = "sender_tests.rs"]
mod tests;
