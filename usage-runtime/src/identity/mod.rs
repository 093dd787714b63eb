//! IDENTIFICATION DATA: the hardware fingerprint, as a pseudonymous id that differs for each
//! product. Only asked after consent, on the sender's thread or when someone asks for the id.

mod app_specific;
mod machine;
mod stored;

use crate::environment;
use crate::product::Product;
use crate::state_folder;
use crate::surroundings::Surroundings;

/// Who the events of one product come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// A UUID in its usual spelling, never the nil one.
    pub(crate) user_id: String,
    /// How far the id can be trusted as one user: `machine`, `stored` or `ephemeral`.
    pub(crate) class: &'static str,
}

/// The chain: an id that follows from the machine's; else one that is stored; else one for this
/// process. In containers and continuous integration the machine's id is that of an image that
/// many share, and what is stored there goes with the container: those are ephemeral in truth, so
/// that nobody counts them as users.
pub(crate) fn of(product: &Product) -> Identity {
    if environment::is_shared_by_many() {
        return Identity { user_id: app_specific::ephemeral_id(product), class: "ephemeral" };
    }
    if let Some(machine) = machine::id(&Surroundings::of_this_process()) {
        return Identity {
            user_id: app_specific::id(&machine, &app_specific::app_id(product)),
            class: "machine",
        };
    }
    let folder = state_folder::path(product);
    match folder.and_then(|folder| stored::id(&folder)) {
        Some(user_id) => Identity { user_id, class: "stored" },
        None => Identity { user_id: app_specific::ephemeral_id(product), class: "ephemeral" },
    }
}

/// The id by which a stock tool reproduces the user's, see [`app_specific`].
pub(crate) fn app_id(product: &Product) -> String {
    app_specific::app_id(product).to_string()
}
