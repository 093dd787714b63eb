//! The answers of the `usage` subcommand, in words that an end user understands.

use std::env;
use std::io::{self, Write};
use std::path::Path;

use super::{Code, DONE, FAILED};
use crate::catalog;
use crate::consent::Reason;
use crate::delivery::{Destination, WaitsIn};
use crate::identity;
use crate::logger::UsageLogger;

/// Whether logging is on, which switch decided it, and where the events go and wait.
pub(super) fn explain(logger: &'static UsageLogger, out: &mut dyn Write) -> io::Result<Code> {
    let explanation = logger.explain();
    let product = logger.product().name;
    writeln!(out, "Usage logging of {product} is {}.\n", explanation.decision)?;
    if !explanation.decision.is_on() {
        writeln!(out, "Nothing is recorded and nothing is sent.")?;
        if let Reason::StoredChoice { .. } = explanation.decision.reason() {
            writeln!(out, "You chose that with \"off\"; \"on\" takes it back.")?;
        }
        return data_sheet(logger, out);
    }
    writeln!(out, "Events:      {}", explanation.delivery.destination)?;
    if let (WaitsIn::Folder(folder), Destination::Endpoint(_)) =
        (&explanation.delivery.waits_in, &explanation.delivery.destination)
    {
        writeln!(out, "Waiting in:  {}", folder.display())?;
    }
    let variable = &explanation.opt_out_variable;
    writeln!(out, "Switch off:  {variable}=  in the environment or in a .env")?;
    writeln!(out, "             DO_NOT_TRACK=1  likewise, for all products")?;
    data_sheet(logger, out)
}

/// Where to read more.
fn data_sheet(logger: &'static UsageLogger, out: &mut dyn Write) -> io::Result<Code> {
    if let Some(address) = logger.product().data_sheet {
        writeln!(out, "Data sheet:  {address}")?;
    }
    Ok(DONE)
}

/// Every event that this program, or the one at `path`, could ever send.
pub(super) fn catalog(path: Option<&Path>, json: bool, out: &mut dyn Write) -> io::Result<Code> {
    let catalog = match path {
        Some(path) => catalog::of(path).map_err(|error| error.to_string()),
        None => env::current_exe()
            .map_err(|error| format!("This program's file cannot be found: {error}"))
            .and_then(|path| catalog::of(path).map_err(|error| error.to_string())),
    };
    match catalog {
        Ok(catalog) if json => writeln!(out, "{}", catalog.to_json())?,
        Ok(catalog) => writeln!(out, "{catalog}")?,
        Err(problem) => {
            writeln!(out, "{problem}")?;
            return Ok(FAILED);
        }
    }
    Ok(DONE)
}

/// The id, how far it stands for one user, how to check it, and how to have data deleted.
pub(super) fn id(logger: &'static UsageLogger, out: &mut dyn Write) -> io::Result<Code> {
    let product = logger.product().name;
    let app_id = identity::app_id(logger.product());
    let check = format!("systemd-id128 machine-id --uuid --app-specific={app_id}");
    if !logger.is_on() {
        writeln!(out, "Usage logging of {product} is off, so your id is not computed: off means")?;
        writeln!(
            out,
            "that the machine's id is not even read. On Linux you can do so yourself:\n\n  {check}\n"
        )?;
        writeln!(out, "Events that were sent before have that id, unless the machine has none.")?;
        if app_id != identity::first_app_id(product) {
            writeln!(out, "Those from before your last reset, or request for deletion, had another.")?;
        }
        writeln!(out)?;
        return deletion(product, "(your id)", out);
    }
    let identity = identity::of(logger.product());
    let id = &identity.user_id;
    writeln!(out, "Your id at the makers of {product}, the userId of each event:\n\n  {id}\n")?;
    match identity.class {
        "machine" => {
            writeln!(out, "It follows from this machine's id, which itself is never sent, and is another")?;
            writeln!(out, "one for each product. On Linux this prints the same:\n\n  {check}\n")?;
        }
        "stored" => {
            writeln!(out, "It is random, and kept in the product's folder until that is deleted.\n")?;
        }
        _ => {
            writeln!(out, "It is sent as \"ephemeral\": not to be counted as a user. It is this process's")?;
            writeln!(out, "alone, or that of a container or a CI job, where many share one machine id.\n")?;
        }
    }
    deletion(product, id, out)
}

/// The words of a request for deletion.
pub(super) fn deletion(product: &str, id: &str, out: &mut dyn Write) -> io::Result<Code> {
    writeln!(out, "To have your data deleted, send this to the makers of {product}:\n")?;
    writeln!(out, "  Please delete all usage data of {product} with the userId")?;
    writeln!(out, "  {id}, and tell me when that is done.")?;
    Ok(DONE)
}

/// How to see what would be sent.
pub(super) fn print(logger: &'static UsageLogger, out: &mut dyn Write) -> io::Result<Code> {
    let (product, variable) = (logger.product().name, logger.product().print_variable());
    writeln!(out, "To see what {product} would send, set this variable when you run it:\n\n  {variable}=\n")?;
    writeln!(out, "Each request is then printed to standard error, its body whole, and nothing is")?;
    writeln!(out, "sent: no connection is opened. It prints nothing while usage logging is off.\n")?;
    let explanation = logger.explain();
    let is_set = matches!(explanation.delivery.destination, Destination::Printed { .. });
    writeln!(out, "It is {} now.", if is_set { "set" } else { "not set" })?;
    if !explanation.decision.is_on() {
        writeln!(out, "Usage logging is off now: {}.", explanation.decision.reason())?;
    }
    Ok(DONE)
}
