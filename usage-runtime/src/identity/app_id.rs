//! The id of a product: a UUID that follows from the product's name, and from the number of
//! the last reset if there was one, so that its user can work it out.

use uuid::{Uuid, uuid};

use crate::random_id;

/// The namespace of the product ids of this crate: a random UUID, never to change.
const NAMESPACE: Uuid = uuid!("6e3b7c1e-0f0e-4f4f-9a57-2f1c6d0b8a35");

/// The id of the product with this name: UUID version 8 made of SHA-256 over [`NAMESPACE`] and the name,
/// as RFC 9562 has it in its appendix B.2; after a reset, over its number, too.
pub(super) fn of(product: &str, nonce: Option<Uuid>) -> Uuid {
    // No name has the byte before the number, so no two products meet here.
    let nonce = nonce.map(|nonce| [b"\0", nonce.as_bytes().as_slice()].concat()).unwrap_or_default();
    random_id::hashed(&[NAMESPACE.as_bytes(), product.as_bytes(), &nonce])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with Python: `hashlib.sha256(namespace.bytes + b"nannyml").digest()[:16]`, then the
    /// bits of version and variant. It is part of what users see: it must not change.
    #[test]
    fn a_product_keeps_its_id() {
        assert_eq!(of("nannyml", None).to_string(), "d4e49b9f-e365-89ef-9dfd-59e679258e58");
    }
}
