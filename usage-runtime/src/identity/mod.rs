//! IDENTIFICATION DATA: the hardware fingerprint.

use crate::product::Product;

/// Who the events of one product come from.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    /// A UUID in its usual spelling.
    pub(crate) user_id: String,
    pub(crate) class: &'static str,
}

pub(crate) fn of(_product: &Product) -> Identity {
    Identity { user_id: String::new(), class: "machine" }
}
