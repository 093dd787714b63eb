//! What an end user may ask of a product, for an author's program to offer: the stored choice, a
//! new id, deletion, receipts. Decides nothing itself.

use std::io;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::consent;
use crate::delivery::{self, Destination, LastAnswer, Receipt};
use crate::execution::clock::{Timestamp, wall_clock};
use crate::identity;
use crate::logger::UsageLogger;
use crate::state_folder;
use crate::sys;

/// The event that asks for the deletion of all data of its `userId`.
const DELETION: &str = "Deletion requested";

impl UsageLogger {
    /// Stores the end user's choice `off` for this product, for all of their programs and from now
    /// on; deletes what waits to be sent, and the receipts. A process that runs already sees the
    /// choice before its next request.
    ///
    /// No code overrides a stored `off`; only [`opt_in_stored`](Self::opt_in_stored) takes it back.
    ///
    /// # Errors
    ///
    /// When the choice cannot be stored or something cannot be deleted. This process is switched
    /// off all the same.
    ///
    /// ```no_run
    /// # use usage_runtime::UsageLogger;
    /// static USAGE: UsageLogger = UsageLogger::new("model-watch", "1.2.0");
    /// match USAGE.opt_out_stored() {
    ///     Ok(()) => println!("{}", USAGE.explain().decision),
    ///     Err(error) => println!("off for now only: {error}"),
    /// }
    /// ```
    pub fn opt_out_stored(&'static self) -> io::Result<()> {
        let stored = self.own_folder().and_then(|folder| {
            consent::store(&folder, false)?;
            Ok(folder)
        });
        let result = match stored {
            Ok(folder) => {
                self.switched();
                delivery::clear(&folder)
            }
            Err(error) => Err(error),
        };
        if result.is_err() {
            self.disable();
        }
        result
    }

    /// Stores the end user's choice `on`, which takes back a stored `off`. It yields to every other
    /// switch: a variable, a `.env`, code.
    ///
    /// # Errors
    ///
    /// When it cannot be stored; then nothing has changed.
    ///
    /// ```no_run
    /// # use usage_runtime::UsageLogger;
    /// static USAGE: UsageLogger = UsageLogger::new("model-watch", "1.2.0");
    /// # fn main() -> std::io::Result<()> {
    /// USAGE.opt_in_stored()?;
    /// println!("{}", USAGE.explain().decision); // another switch may still say no
    /// # Ok(())
    /// # }
    /// ```
    pub fn opt_in_stored(&'static self) -> io::Result<()> {
        consent::store(&self.own_folder()?, true)?;
        self.switched();
        Ok(())
    }

    /// Gives the end user a new id, which nobody can relate to the old one: a random number, kept in
    /// the product's folder, goes into the product's app id from now on. The command that prints the
    /// id still does, with the app id that [`explain`](Self::explain) then has. What waits to be sent
    /// is deleted: some of it may have arrived under the old id, and would tell what the new one is.
    ///
    /// # Errors
    ///
    /// When the number cannot be stored; then the id is the old one. When something that waits cannot be
    /// deleted.
    ///
    /// ```no_run
    /// # use usage_runtime::UsageLogger;
    /// static USAGE: UsageLogger = UsageLogger::new("model-watch", "1.2.0");
    /// # fn main() -> std::io::Result<()> {
    /// USAGE.reset_identity()?;
    /// println!("{:?}", USAGE.user_id());
    /// # Ok(())
    /// # }
    /// ```
    pub fn reset_identity(&'static self) -> io::Result<()> {
        let folder = self.own_folder()?;
        identity::reset(&folder)?;
        delivery::discard_all(self, &folder)
    }

    /// Deletes what waits to be sent, and asks the product's makers to delete the data of this id, by one
    /// last event named `Deletion requested`; then stores the choice `off`, and sees to it that a later
    /// `on` begins with a new id. Waits for the server's answer, `timeout` at most.
    ///
    /// # Errors
    ///
    /// When nothing may be sent, for logging is off or requests are printed: nothing has changed then. When
    /// the request was not delivered in time: logging is off, stored, and the error's text has the id to
    /// write to the makers. When something cannot be deleted or stored, as for
    /// [`opt_out_stored`](Self::opt_out_stored); the error's text says whether the makers were asked.
    ///
    /// ```no_run
    /// # use usage_runtime::UsageLogger;
    /// # use std::time::Duration;
    /// static USAGE: UsageLogger = UsageLogger::new("model-watch", "1.2.0");
    /// match USAGE.forget(Duration::from_secs(10)) {
    ///     Ok(()) => println!("asked for deletion; logging is off"),
    ///     Err(error) => println!("{error}"),
    /// }
    /// ```
    pub fn forget(&'static self, timeout: Duration) -> io::Result<()> {
        let folder = self.own_folder()?;
        let decision = self.decide();
        if !decision.is_on() {
            let text = format!("nothing may be sent, not even this request: {decision}");
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, text));
        }
        if let Destination::Printed { variable, .. } = delivery::report(self).destination {
            let text = format!("nothing is sent in this run, for {variable} is set");
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, text));
        }
        let user_id = identity::of(self.product()).user_id;
        // Before, for what waits is data of this id, and the sender would go on with it.
        delivery::discard_all(self, &folder)?;
        let is_delivered = delivery::record(self, &deletion_line(wall_clock()))
            && self.flush(timeout)
            && delivery::report(self).last == Some(LastAnswer::Delivered);
        let stored = self.opt_out_stored();
        if is_delivered {
            return stored.and_then(|()| identity::reset(&folder)).map_err(|error| {
                let text = format!("the makers are asked, but not all of the rest could be done: {error}");
                io::Error::new(error.kind(), text)
            });
        }
        stored?;
        let text =
            format!("logging is off, but the request was not delivered; the id to delete is {user_id}");
        Err(io::Error::new(io::ErrorKind::TimedOut, text))
    }

    /// The last requests of this product by this user, with their bodies as they were sent and what
    /// came of them, oldest first: 64 KiB at most, kept in the product's folder and deleted by
    /// [`opt_out_stored`](Self::opt_out_stored). None where nothing can be read.
    ///
    /// ```
    /// # use usage_runtime::UsageLogger;
    /// static USAGE: UsageLogger = UsageLogger::new("model-watch", "1.2.0");
    /// for receipt in USAGE.receipts() {
    ///     println!("{receipt}");
    /// }
    /// ```
    #[must_use]
    pub fn receipts(&'static self) -> Vec<Receipt> {
        self.own_folder().map(|folder| delivery::receipts(&folder)).unwrap_or_default()
    }

    /// The product's folder, not made yet.
    fn own_folder(&self) -> io::Result<PathBuf> {
        if sys::has_borrowed_rights() {
            let text = "the program runs with rights that its caller does not have";
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, text));
        }
        let unknown = || io::Error::new(io::ErrorKind::NotFound, "no home folder is known");
        state_folder::path(self.product()).ok_or_else(unknown)
    }
}

/// An event needs a property, so it has one that says nothing.
fn deletion_line(moment: SystemTime) -> String {
    let timestamp = Timestamp(moment);
    format!(
        r#"{{"type":"track","event":"{DELETION}","timestamp":"{timestamp}","properties":{{"exception_occurred":false}}}}"#
    )
}
