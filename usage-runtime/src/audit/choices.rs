//! What an end user can do, and see of what was done: the stored choice, a new id, deletion, the
//! receipts. The deeds are the logger's; here is what is said of them.

use std::io::{self, Write};
use std::time::Duration;

use super::{Code, DONE, FAILED, answers};
use crate::logger::UsageLogger;

/// How long `forget` waits for the server's answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The receipts.
pub(super) fn sent(logger: &'static UsageLogger, out: &mut dyn Write) -> io::Result<Code> {
    let receipts = logger.receipts();
    if receipts.is_empty() {
        writeln!(out, "There are no receipts: nothing was sent from here, or they are deleted.")?;
        return Ok(DONE);
    }
    writeln!(out, "The last requests that were made for {}, oldest first:", logger.product().name)?;
    for receipt in receipts {
        writeln!(out, "\n{receipt}")?;
    }
    Ok(DONE)
}

/// Stores the choice `off`.
pub(super) fn off(logger: &'static UsageLogger, out: &mut dyn Write) -> io::Result<Code> {
    let product = logger.product().name;
    match logger.opt_out_stored() {
        Ok(()) => writeln!(
            out,
            "Usage logging of {product} is off from now on, for all of your programs that use it.\n\
             What waited to be sent is deleted, and so are the receipts."
        )?,
        Err(error) => return not_done("The choice could not be stored or carried out in full", &error, out),
    }
    Ok(DONE)
}

/// Takes a stored `off` back.
pub(super) fn on(logger: &'static UsageLogger, out: &mut dyn Write) -> io::Result<Code> {
    let product = logger.product().name;
    if let Err(error) = logger.opt_in_stored() {
        return not_done("The choice could not be stored", &error, out);
    }
    writeln!(out, "Your choice is stored. Usage logging of {product} is {}.", logger.explain().decision)?;
    Ok(DONE)
}

/// Gives the end user a new id.
pub(super) fn reset(logger: &'static UsageLogger, out: &mut dyn Write) -> io::Result<Code> {
    let product = logger.product().name;
    if let Err(error) = logger.reset_identity() {
        return not_done("There is no new id", &error, out);
    }
    writeln!(out, "You have a new id at the makers of {product}; nobody can relate it to the old one.")?;
    if let Some(id) = logger.user_id() {
        writeln!(out, "\n  {id}")?;
    }
    Ok(DONE)
}

/// Asks for deletion, and switches off.
pub(super) fn forget(logger: &'static UsageLogger, out: &mut dyn Write) -> io::Result<Code> {
    let product = logger.product().name;
    let user_id = logger.user_id();
    if let Err(error) = logger.forget(PATIENCE) {
        not_done("That could not be done", &error, out)?;
        if let Some(id) = user_id {
            writeln!(out)?;
            answers::deletion(product, &id, out)?;
        }
        return Ok(FAILED);
    }
    writeln!(out, "The makers of {product} are asked to delete the data of your id")?;
    if let Some(id) = user_id {
        writeln!(out, "\n  {id}\n")?;
    }
    writeln!(out, "Usage logging is off from now on. If you switch it on again, your id is new.")?;
    Ok(DONE)
}

fn not_done(what: &str, error: &io::Error, out: &mut dyn Write) -> io::Result<Code> {
    writeln!(out, "{what}: {error}.")?;
    Ok(FAILED)
}
