//! The outbox of one product in one process: takes each event to where it will wait, and counts.
//! Called on the host's threads; never waits for the network.

use std::env::{self, VarError};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::batch::{LARGEST_EVENT, MOST_EVENTS};
use super::endpoint::{Endpoint, Refusal};
use super::gate::Gate;
use super::line::Header;
use super::own_files::{Appended, OwnFiles};
use super::report::{Delivery, Destination, LastAnswer, WaitsIn};
use super::ring::Ring;
use super::segment::LIBRARY_VERSION;
use super::sender::Sender;
use crate::environment::versions;
use crate::product::Product;
use crate::state_folder::{self, LARGEST_FILE};
use crate::sys;

/// What one product has recorded in this process, and what became of it.
pub(crate) struct Outbox {
    pub(super) destination: Destination,
    /// Where requests go, unless that is refused.
    pub(super) endpoint: Option<Endpoint>,
    /// Which process this is, for the first line of its files.
    pub(super) header: Header,
    /// Who sends what waits.
    pub(super) sender: &'static Sender,
    /// Where events wait; nothing in print mode and where no home folder is known.
    pub(super) files: Option<OwnFiles>,
    /// Where events wait that no file can take.
    pub(super) ring: Ring,
    pub(super) gate: Gate,
    pub(super) counts: Counts,
    /// Whether what waits is not about to be sent, so that waiting for it is in vain.
    pub(super) is_stuck: AtomicBool,
    /// How often what waits first was tried already.
    pub(super) tried: AtomicU32,
    /// Whether the sender has looked after the folder.
    pub(super) is_tidied: AtomicBool,
    /// How often all that waited was deleted: what the sender then has in its hand is not sent.
    discards: AtomicU64,
    last: Mutex<Option<LastAnswer>>,
}

/// Events, counted.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) recorded: AtomicU64,
    pub(super) sent: AtomicU64,
    pub(super) dropped: AtomicU64,
    pub(super) adopted: AtomicU64,
    /// How many of those that were dropped some event has told.
    told: AtomicU64,
}

impl Outbox {
    /// Reads the product's variables; makes nothing yet.
    pub(super) fn new(product: &Product) -> Self {
        let (text, endpoint) = endpoint(product);
        let prints = env::var_os(product.print_variable()).is_some();
        let (destination, endpoint) = match endpoint {
            Err(reason) => (Destination::Refused { endpoint: text, reason }, None),
            Ok(endpoint) if prints => {
                let url = endpoint.url().to_owned();
                (Destination::Printed { variable: product.print_variable(), endpoint: url }, Some(endpoint))
            }
            Ok(endpoint) => (Destination::Endpoint(endpoint.url().to_owned()), Some(endpoint)),
        };
        let may_write = sys::may_write_files_of(LARGEST_FILE);
        let folder = if prints || !may_write { None } else { state_folder::path(product) };
        Self::with(product, destination, endpoint, folder)
    }

    pub(super) fn with(
        product: &Product,
        destination: Destination,
        endpoint: Option<Endpoint>,
        folder: Option<PathBuf>,
    ) -> Self {
        let url = endpoint.as_ref().map(Endpoint::url).unwrap_or_default().to_owned();
        let gate = Gate::new(folder.as_deref(), &url);
        let header = header(product, url);
        Self {
            destination,
            endpoint,
            gate,
            files: folder.map(|folder| OwnFiles::new(folder, header.clone())),
            header,
            sender: Sender::of_this_process(),
            ring: Ring::new(),
            counts: Counts::default(),
            is_stuck: AtomicBool::new(false),
            tried: AtomicU32::new(0),
            is_tidied: AtomicBool::new(false),
            discards: AtomicU64::new(0),
            last: Mutex::new(None),
        }
    }

    /// Takes one event; returns whether there is something for the sender to do.
    #[inline]
    pub(super) fn record(&self, line: &(impl AsRef<[u8]> + ?Sized)) -> bool {
        let line = line.as_ref();
        if self.endpoint.is_none() {
            return false;
        }
        add(&self.counts.recorded, 1);
        let dropped = self.counts.dropped.load(Ordering::Relaxed);
        let told = self.counts.told.load(Ordering::Relaxed);
        let telling = if dropped > told { self.telling(line, dropped, told) } else { None };
        let is_kept = self.keep(telling.as_deref().unwrap_or(line));
        if !is_kept {
            add(&self.counts.dropped, 1);
            if telling.is_some() {
                self.counts.told.fetch_sub(dropped.saturating_sub(told), Ordering::Relaxed);
            }
        }
        is_kept
    }

    /// The line if it tells how many were dropped so far. One thread does: the one that says so first.
    #[cold]
    #[inline(never)]
    fn telling(&self, line: &[u8], dropped: u64, told: u64) -> Option<Vec<u8>> {
        self.counts.told.compare_exchange(told, dropped, Ordering::Relaxed, Ordering::Relaxed).ok()?;
        Some(with_dropped(line, dropped.saturating_sub(told)))
    }

    /// Takes a line to where it waits; whether there was room.
    #[inline]
    fn keep(&self, line: &[u8]) -> bool {
        let appended = match &self.files {
            _ if line.len() > LARGEST_EVENT => Appended::Full,
            Some(files) => files.append(line),
            None => Appended::Failed,
        };
        appended == Appended::Yes || (appended == Appended::Failed && self.ring.push(line))
    }

    /// Deletes all that waits.
    pub(super) fn discard(&self) {
        self.discards.fetch_add(1, Ordering::SeqCst);
        if let Some(files) = &self.files {
            files.discard();
        }
        self.ring.clear();
    }

    /// How often all that waited was deleted.
    pub(super) fn discards(&self) -> u64 {
        self.discards.load(Ordering::SeqCst)
    }

    /// Whether requests are printed instead of sent.
    pub(super) fn prints(&self) -> bool {
        matches!(self.destination, Destination::Printed { .. })
    }

    /// Whether something waits that may be sent soon; `true` if that cannot be said.
    pub(super) fn is_waiting(&self) -> bool {
        self.ring.unsettled() > 0 || self.files.as_ref().is_some_and(|files| files.unsettled() != Some(0))
    }

    /// Whether enough waits to fill a request.
    pub(super) fn is_plenty(&self) -> bool {
        self.waiting() >= MOST_EVENTS as u64
    }

    fn waiting(&self) -> u64 {
        self.ring.waiting().saturating_add(self.files.as_ref().map_or(0, OwnFiles::waiting))
    }

    pub(super) fn last(&self) -> Option<LastAnswer> {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set_last(&self, last: LastAnswer) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(last);
    }

    /// What to tell about it.
    pub(super) fn report(&self) -> Delivery {
        let [recorded, sent, dropped] = [&self.counts.recorded, &self.counts.sent, &self.counts.dropped]
            .map(|count| count.load(Ordering::Relaxed));
        let waiting = self.waiting();
        let is_in_memory = self.ring.unsettled() > 0;
        let folder = self.files.as_ref().filter(|_| !is_in_memory).map(|files| files.folder().to_owned());
        Delivery {
            destination: self.destination.clone(),
            waits_in: folder.map_or(WaitsIn::Memory, WaitsIn::Folder),
            recorded,
            sent,
            waiting,
            dropped,
            // What is nowhere else.
            discarded: [sent, dropped, waiting].into_iter().fold(recorded, u64::saturating_sub),
            adopted: self.counts.adopted.load(Ordering::Relaxed),
            last: self.last(),
        }
    }
}

pub(super) fn add(count: &AtomicU64, events: u64) {
    count.fetch_add(events, Ordering::Relaxed);
}

/// The event with one more property: how many events were dropped before it.
fn with_dropped(line: &[u8], dropped: u64) -> Vec<u8> {
    // An event ends with its properties, of which there is always one.
    match line.trim_ascii_end().strip_suffix(b"}}") {
        Some(open) => [open, format!(",\"dropped\":{dropped}}}}}\n").as_bytes()].concat(),
        None => line.to_owned(),
    }
}

/// The endpoint as it was given, by the variable or else by the author, and what it is.
fn endpoint(product: &Product) -> (String, Result<Endpoint, Refusal>) {
    let text = match env::var(product.endpoint_variable()) {
        Ok(text) => text,
        Err(VarError::NotPresent) => product.endpoint.to_owned(),
        Err(VarError::NotUnicode(text)) => {
            return (text.to_string_lossy().into_owned(), Err(Refusal::NotText));
        }
    };
    let endpoint = Endpoint::parse(&text);
    (text, endpoint)
}

fn header(product: &Product, endpoint: String) -> Header {
    Header {
        product: product.name.to_owned(),
        version: product.version.to_owned(),
        rust_version: versions::RUST_VERSION.to_owned(),
        os_type: versions::OS_TYPE.to_owned(),
        endpoint,
        library: LIBRARY_VERSION.to_owned(),
    }
}

#[cfg(test)]
#[path = "outbox_tests.rs"]
mod tests;
