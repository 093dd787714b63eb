//! What became of a product's events, as a value for `UsageLogger::explain`.

use std::fmt;
use std::path::PathBuf;

use super::endpoint::Refusal;
use super::retry::{Answer, Failure};

/// Where a product's events go, where they wait, and what became of those of this process.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// Where events go.
    pub destination: Destination,
    /// Where they wait until they are delivered.
    pub waits_in: WaitsIn,
    /// Events that this process recorded.
    pub recorded: u64,
    /// Of these, how many a server has accepted (in print mode: how many were printed).
    pub sent: u64,
    /// Of these, how many wait; a later process sends them if this one does not.
    pub waiting: u64,
    /// Of these, how many were dropped: too large, too many, or refused by the server.
    pub dropped: u64,
    /// Of these, how many were deleted unsent, because logging was switched off.
    pub discarded: u64,
    /// Events of earlier processes that this one delivered.
    pub adopted: u64,
    /// What the last request came to, or why there is none.
    pub last: Option<LastAnswer>,
}

/// Where a product's events go.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Destination {
    /// To this endpoint, to which `/v1/batch` is added.
    Endpoint(String),
    /// To stderr, for the variable named here is set; no socket is opened.
    Printed {
        /// The variable.
        variable: String,
        /// The endpoint that they would go to.
        endpoint: String,
    },
    /// Nowhere: the endpoint is not one that events may go to, so nothing is recorded.
    Refused {
        /// The endpoint, as it was given.
        endpoint: String,
        /// What is wrong with it.
        reason: Refusal,
    },
}

/// Where events wait until they are delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitsIn {
    /// In files in this folder; they survive the process.
    Folder(PathBuf),
    /// In memory, for no folder can be written, or in print mode; they go with the process.
    Memory,
}

/// What the last request came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LastAnswer {
    /// The server took it.
    Delivered,
    /// The server answered with this HTTP status, or with a success that is not a tracking API's.
    Status(u16),
    /// There was no answer.
    Failed(Failure),
    /// There was no request: the product has no write key, so events are held back.
    NoWriteKey,
    /// There was no request: after an earlier failure, here or in another process, the endpoint is
    /// not asked again yet.
    GateClosed,
}

impl LastAnswer {
    /// What a request came to that has this answer.
    pub(super) fn to_a_request(answer: &Answer, is_delivered: bool) -> Self {
        match answer {
            _ if is_delivered => Self::Delivered,
            Answer::Status { status, .. } => Self::Status(*status),
            Answer::Nothing(failure) => Self::Failed(*failure),
        }
    }
}

/// `5 recorded, 5 sent, 0 waiting; sent to https://api.segment.io; last request: delivered`.
impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} recorded, {} sent, {} waiting", self.recorded, self.sent, self.waiting)?;
        let further = [
            (self.dropped, "dropped"),
            (self.discarded, "deleted unsent"),
            (self.adopted, "sent for others"),
        ];
        for (count, what) in further.into_iter().filter(|(count, _)| *count > 0) {
            write!(f, ", {count} {what}")?;
        }
        write!(f, "; {}", self.destination)?;
        if let (WaitsIn::Folder(folder), Destination::Endpoint(_)) = (&self.waits_in, &self.destination) {
            write!(f, "; waiting in {}", folder.display())?;
        }
        match self.last {
            Some(last) => write!(f, "; last request: {last}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Endpoint(endpoint) => write!(f, "sent to {endpoint}"),
            Self::Printed { variable, endpoint } => {
                write!(f, "printed to stderr, as {variable} is set, instead of sent to {endpoint}")
            }
            Self::Refused { endpoint, reason } => {
                write!(f, "not recorded, as {endpoint:?} is refused: {reason}")
            }
        }
    }
}

impl fmt::Display for LastAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delivered => f.write_str("delivered"),
            Self::Status(status) => write!(f, "status {status}"),
            Self::Failed(failure) => failure.fmt(f),
            Self::NoWriteKey => f.write_str("held back, as there is no write key"),
            Self::GateClosed => f.write_str("waiting after an earlier failure"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_as_one_sentence_that_leaves_out_what_did_not_happen() {
        let mut delivery = Delivery {
            destination: Destination::Endpoint("https://usage.example".to_owned()),
            waits_in: WaitsIn::Memory,
            recorded: 3,
            sent: 2,
            waiting: 1,
            dropped: 0,
            discarded: 0,
            adopted: 0,
            last: None,
        };
        assert_eq!(delivery.to_string(), "3 recorded, 2 sent, 1 waiting; sent to https://usage.example");
        delivery.waits_in = WaitsIn::Folder("/state".into());
        (delivery.dropped, delivery.adopted) = (4, 5);
        delivery.last = Some(LastAnswer::Status(429));
        assert_eq!(
            delivery.to_string(),
            "3 recorded, 2 sent, 1 waiting, 4 dropped, 5 sent for others; sent to https://usage.example; \
             waiting in /state; last request: status 429"
        );
    }
}
