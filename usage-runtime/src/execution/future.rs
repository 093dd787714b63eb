//! A future that is one call: recorded when it ends, and known as the enclosing call to what runs
//! inside of it, on whichever thread it is polled.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;

use super::call::{Call, Running};
use super::judge::Judge;
use super::nesting;
use super::outcome::Outcome;
use crate::sys::HalfPinned;

/// A future of an annotated function, and the call that goes on until it ends.
pub(crate) type Watched<F, J> = HalfPinned<F, Watch<J>>;

/// A call that goes on after its function has returned, here or on another thread. Dropped before
/// its end, it records that the call was cancelled.
///
/// `J` judges the value that the call ends with.
#[derive(Debug)]
pub struct Watch<J> {
    running: Option<Running>,
    judge: J,
}

impl<J> Watch<J> {
    /// Takes over from the guard of a call.
    #[inline]
    #[must_use]
    pub fn new(call: Call, judge: J) -> Self {
        Self { running: call.detach(), judge }
    }

    /// One poll of the call's future.
    fn poll<F: Future>(&mut self, future: Pin<&mut F>, context: &mut Context<'_>) -> Poll<F::Output>
    where
        J: Judge<F::Output>,
    {
        let polling = Polling::begin(&mut self.running);
        let ended = future.poll(context);
        let running = polling.end(ended.is_ready());
        if let (Poll::Ready(value), Some(running)) = (&ended, running) {
            running.record(self.judge.outcome(value));
        }
        ended
    }
}

impl<J> Drop for Watch<J> {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            let unwinding = thread::panicking() && !running.began_unwinding();
            running.record(if unwinding { Outcome::Panicked } else { Outcome::Cancelled });
        }
    }
}

impl<F, J> Future for Watched<F, J>
where
    F: Future,
    J: Judge<F::Output>,
{
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let (future, watch) = self.project();
        if watch.running.is_none() { future.poll(context) } else { watch.poll(future, context) }
    }
}

/// The time in which the call's code runs on this thread.
struct Polling<'a> {
    running: &'a mut Option<Running>,
    /// What encloses the poll, which need not be what encloses the call.
    enclosing: nesting::Enclosing,
}

impl<'a> Polling<'a> {
    fn begin(running: &'a mut Option<Running>) -> Self {
        let enclosing = nesting::enter(running.as_ref().map(Running::site));
        Self { running, enclosing }
    }

    /// The poll came back; gives the call out if it has ended.
    fn end(self, is_ready: bool) -> Option<Running> {
        nesting::enter(self.enclosing);
        let mut this = std::mem::ManuallyDrop::new(self);
        if is_ready { this.running.take() } else { None }
    }
}

/// Runs only if the future panicked: a runtime may catch that and drop the future much later.
impl Drop for Polling<'_> {
    fn drop(&mut self) {
        nesting::enter(self.enclosing);
        if let Some(running) = self.running.take() {
            running.record(Outcome::Panicked);
        }
    }
}
