//! A future that is one call: recorded when it ends, and known as the enclosing call to what runs
//! inside of it, on whichever thread it is polled.

use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;

use super::call::{Call, Detached};
use super::judge::Judge;
use super::nesting;
use super::outcome::Outcome;
use crate::sys::HalfPinned;

/// A future of an annotated function, and the call that goes on until it ends.
pub(crate) type Watched<F, J> = HalfPinned<F, Watch<J>>;

/// A call that goes on after its function has returned, here or on another thread. Dropped before
/// its end, it records that the call was cancelled.
///
/// `J` judges the value that the call ends with. What depends on it, or on the future, the compiler
/// makes anew for each annotated function, so that is as little as can be.
#[derive(Debug)]
pub struct Watch<J> {
    progress: Progress,
    judge: J,
}

#[derive(Debug)]
struct Progress(Detached);

impl<J> Watch<J> {
    /// Takes over from the guard of a call.
    #[inline]
    #[must_use]
    pub fn new(call: Call, judge: J) -> Self {
        Self { progress: Progress(call.detach()), judge }
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
        let polling = Polling::begin(&mut watch.progress.0);
        let polled = future.poll(context);
        match &polled {
            Poll::Ready(value) if polling.is_watched() => polling.end(watch.judge.outcome(value)),
            _ => polling.pause(),
        }
        polled
    }
}

impl Drop for Progress {
    #[inline]
    fn drop(&mut self) {
        if !matches!(self.0, Detached::Over) {
            self.0.take().cancel();
        }
    }
}

impl Detached {
    /// The end of the call.
    fn end(self, outcome: Outcome) {
        match self {
            Self::Over => {}
            Self::Counted(overflow) => overflow.count(outcome.is_exception()),
            Self::Running(running) => running.record(outcome),
        }
    }

    /// The end of a call whose future was dropped.
    #[cold]
    fn cancel(self) {
        let began_unwinding = matches!(&self, Self::Running(running) if running.began_unwinding());
        let unwinding = thread::panicking() && !began_unwinding;
        self.end(if unwinding { Outcome::Panicked } else { Outcome::Cancelled });
    }

    /// The call, to be ended now.
    fn take(&mut self) -> Self {
        mem::replace(self, Self::Over)
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
    #[inline]
    fn begin(call: &'a mut Detached) -> Self {
        let enclosing = match call {
            Detached::Running(running) => Some(nesting::enter(Some(running.site()))),
            Detached::Counted(_) | Detached::Over => None,
        };
        Self { call, enclosing }
    }

    /// Whether anything is to become of the call.
    #[inline]
    fn is_watched(&self) -> bool {
        !matches!(self.call, Detached::Over)
    }

    #[inline]
    fn leave(&self) {
        if let Some(enclosing) = self.enclosing {
            nesting::enter(enclosing);
        }
    }

    /// The poll came back, and the future goes on.
    #[inline]
    fn pause(self) {
        self.leave();
        mem::forget(self);
    }

    /// The poll came back, and the future is over.
    fn end(self, outcome: Outcome) {
        self.leave();
        mem::ManuallyDrop::new(self).call.take().end(outcome);
    }
}

/// Runs only if the future panicked: a runtime may catch that and drop the future much later.
impl Drop for Polling<'_> {
    #[cold]
    fn drop(&mut self) {
        self.leave();
        self.call.take().end(Outcome::Panicked);
    }
}
