//! A future that is one call: recorded when it ends, and known as the enclosing call to what runs
//! inside of it, on whichever thread it is polled.

use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;

use super::call::{Call, Detached, is_exception};
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
    call: Detached,
    judge: J,
}

impl<J> Watch<J> {
    /// Takes over from the guard of a call.
    #[inline]
    #[must_use]
    pub fn new(call: Call, judge: J) -> Self {
        Self { call: call.detach(), judge }
    }

    /// One poll of the future of a call that is recorded or counted.
    fn poll<F: Future>(&mut self, future: Pin<&mut F>, context: &mut Context<'_>) -> Poll<F::Output>
    where
        J: Judge<F::Output>,
    {
        let polling = Polling::begin(&mut self.call);
        let ended = future.poll(context);
        let call = polling.end(ended.is_ready());
        if let Poll::Ready(value) = &ended {
            call.end(self.judge.outcome(value));
        }
        ended
    }
}

impl Detached {
    /// The end of the call.
    fn end(self, outcome: Outcome) {
        match self {
            Self::Over => {}
            Self::Counted(overflow) => overflow.count(is_exception(outcome)),
            Self::Running(running) => running.record(outcome),
        }
    }

    /// The call, to be ended now.
    fn take(&mut self) -> Self {
        mem::replace(self, Self::Over)
    }
}

impl<J> Drop for Watch<J> {
    fn drop(&mut self) {
        let call = self.call.take();
        let began_unwinding = matches!(&call, Detached::Running(running) if running.began_unwinding());
        let unwinding = thread::panicking() && !began_unwinding;
        call.end(if unwinding { Outcome::Panicked } else { Outcome::Cancelled });
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
        if let Detached::Over = watch.call { future.poll(context) } else { watch.poll(future, context) }
    }
}

/// The time in which the call's code runs on this thread.
struct Polling<'a> {
    call: &'a mut Detached,
    /// What encloses the poll, which need not be what encloses the call; not known if the call
    /// encloses nothing itself.
    enclosing: Option<nesting::Enclosing>,
}

impl<'a> Polling<'a> {
    fn begin(call: &'a mut Detached) -> Self {
        let enclosing = match call {
            Detached::Running(running) => Some(nesting::enter(Some(running.site()))),
            Detached::Counted(_) | Detached::Over => None,
        };
        Self { call, enclosing }
    }

    fn leave(&self) {
        if let Some(enclosing) = self.enclosing {
            nesting::enter(enclosing);
        }
    }

    /// The poll came back; gives the call out if it has ended.
    fn end(self, is_ready: bool) -> Detached {
        self.leave();
        let mut this = mem::ManuallyDrop::new(self);
        if is_ready { this.call.take() } else { Detached::Over }
    }
}

/// Runs only if the future panicked: a runtime may catch that and drop the future much later.
impl Drop for Polling<'_> {
    fn drop(&mut self) {
        self.leave();
        self.call.take().end(Outcome::Panicked);
    }
}
