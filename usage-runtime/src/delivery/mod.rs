//! From a recorded line to Segment.
//!
//! The host's threads: [`record`] → `outbox` → `own_files` → `spool` (or `ring`), and no further.
//! The sender's thread: `sender` → `desk` → `round` → `batch` → `attempt` → `segment` → `http`,
//! `retry` judging the answer, `gate` remembering it and `receipts` keeping it in a `circle`. Nothing here
//! knows what a function is.
//!
//! What a file's lines are, `line` and `shape` tell; how a file is held, `locked_file`; what was read of
//! it, `window`.

mod attempt;
mod batch;
mod circle;
#[cfg(test)]
mod clock_tests;
mod conditions;
#[cfg(test)]
mod crash_tests;
mod desk;
mod endpoint;
mod exit;
mod file_access;
mod folder;
mod gate;
#[cfg_attr(any(usage_logging_off, not(any(feature = "rustls", feature = "native-tls"))), path = "no_http.rs")]
mod http;
mod ids;
mod line;
mod locked_file;
mod outbox;
mod own_files;
mod pause;
mod print;
mod proxy;
mod queue;
mod receipts;
mod report;
mod retry;
#[cfg(test)]
mod retry_policy_tests;
mod ring;
mod round;
mod segment;
mod sender;
mod shape;
mod sip_hash;
mod spool;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod testing_http;
#[cfg(test)]
mod testing_script;
mod transport;
mod window;

#[cfg(not(any(usage_logging_off, feature = "rustls", feature = "native-tls")))]
compile_error!("usage-runtime sends over TLS: it needs its feature `rustls` or `native-tls`");

use std::io;
use std::path::Path;
use std::time::Duration;

pub use endpoint::Refusal;
pub(crate) use outbox::Outbox;
pub use receipts::Receipt;
pub use report::{Delivery, Destination, LastAnswer, WaitsIn};
pub use retry::Failure;
pub(crate) use spool::UNBORN;

use crate::logger::UsageLogger;
use sender::Sender;

/// Takes one event to where it waits, and has the sender know. `line` is one JSON object without
/// line break that ends with a non-empty object `properties`, such as
/// `{"type":"track","event":"…","timestamp":"…","properties":{"run_time":0.1}}`. If the line's end is
/// there already, none has to be added.
///
/// Returns whether it is kept. Never waits for the network, and costs about one `write`.
#[inline]
pub(crate) fn record(logger: &'static UsageLogger, line: &(impl AsRef<[u8]> + ?Sized)) -> bool {
    let outbox = outbox(logger);
    let is_kept = outbox.record(line);
    if is_kept {
        outbox.sender.signal();
    }
    is_kept
}

fn outbox(logger: &'static UsageLogger) -> &'static Outbox {
    logger.outbox().get_or_make(|| {
        exit::look_after();
        Outbox::new(logger.product())
    })
}

/// Has the sender look after budgets, of which one was just spent.
pub(crate) fn look_after_budgets() {
    exit::look_after();
    Sender::of_this_process().signal();
}

/// Has the product ask an endpoint again sooner after a failure of its own kind: after `first`, where it
/// is a minute else, and twice as long after each further one.
pub(crate) fn be_patient_for(logger: &'static UsageLogger, first: Duration) {
    outbox(logger).gate.be_patient_for(first);
}

/// Waits until everything recorded so far is delivered, `timeout` at most; returns whether it is.
/// Returns early where waiting is in vain.
pub(crate) fn flush(logger: &'static UsageLogger, timeout: Duration) -> bool {
    let Some(outbox) = logger.outbox().get() else { return true };
    if outbox.is_waiting() {
        outbox.sender.hurry(timeout, || !outbox.is_waiting());
    }
    !outbox.is_waiting()
}

/// Deletes what this process has recorded for the product and not yet sent, from memory and disk.
/// A request that is on its way cannot be called back.
pub(crate) fn discard(logger: &'static UsageLogger) {
    if let Some(outbox) = logger.outbox().get() {
        outbox.discard();
    }
}

/// Deletes all that the product has recorded and not yet sent, in whichever process.
pub(crate) fn discard_all(logger: &'static UsageLogger, folder: &Path) -> io::Result<()> {
    discard(logger);
    folder::remove_events(folder)
}

/// Deletes all that waits in a product's folder, whichever process recorded it, and the receipts.
pub(crate) fn clear(folder: &Path) -> io::Result<()> {
    folder::clear(folder)
}

/// The receipts of what was sent from a product's folder.
pub(crate) fn receipts(folder: &Path) -> Vec<Receipt> {
    receipts::read(folder)
}

/// Where the product's events go and what became of those of this process. Reads variables alone.
pub(crate) fn report(logger: &'static UsageLogger) -> Delivery {
    match logger.outbox().get() {
        Some(outbox) => outbox.report(),
        None => Outbox::new(logger.product()).report(),
    }
}
