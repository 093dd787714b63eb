//! The conditions under which the sender works. A trait, so that tests can set them.

use std::time::{Duration, SystemTime};

use super::line::Place;
use super::report::LastAnswer;
use super::segment::User;

/// What the sender asks before and while it sends.
pub(super) trait Conditions {
    /// Whether the end user still agrees; asked before every single request.
    fn consent(&self) -> Consent;

    /// Who sends, and where this process runs; asked only when something is about to be sent.
    fn known(&self) -> Known;

    /// Waits; returns whether there is time for another try.
    fn pause(&self, wait: Duration) -> bool;

    /// The wall clock.
    fn now(&self) -> SystemTime;

    /// What a request came to, said before anything follows from it.
    fn answered(&self, _last: LastAnswer) {}
}

/// The end user's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Consent {
    Given,
    /// Nothing is sent, and what is recorded is deleted.
    Withdrawn,
    /// A switch cannot be read now, say for want of a descriptor: nothing is sent, and nothing is
    /// deleted either.
    Unclear,
}

/// Who sends, and where this process runs.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) user: User,
    pub(super) place: Place,
}
