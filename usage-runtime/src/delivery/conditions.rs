//! The conditions under which the sender works. A trait, so that tests can set them.

use std::time::{Duration, SystemTime};

use super::line::Place;
use super::segment::User;

/// What the sender asks before and while it sends.
pub(super) trait Conditions {
    /// Whether the end user still agrees; asked before every single request.
    fn may_send(&self) -> bool;

    /// Who sends, and where this process runs; asked only when something is about to be sent.
    fn known(&self) -> Known;

    /// Waits; returns whether there is time for another try.
    fn pause(&self, wait: Duration) -> bool;

    /// The wall clock.
    fn now(&self) -> SystemTime;
}

/// Who sends, and where this process runs.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) user: User,
    pub(super) place: Place,
}
