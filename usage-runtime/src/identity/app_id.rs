//! The id of a product: a UUID that follows from the product's name, and from the number of
//! the last reset if there was one, so that its user can work it out.

use uuid::{Builder, Uuid, uuid};

use crate::random_id::first_half;

/// The namespace of the product ids of this crate: a random UUID, never to change.
const NAMESPACE: Uuid = uuid!("6e3b7c1e-0f0e-4f4f-9a57-2f1c6d0b8a35");

/// The id of the product with this name: UUID version 8 made of SHA-256 over [`NAMESPACE`] and the product's name, as
/// RFC 9562 has it in its appendix B.2; after a reset, over its number, too.
pub(super) fn of(product: &str, nonce: Option<Uuid>) -> Uuid {
    let mut hash = hmac_sha256::Hash::new();
    hash.update(NAMESPACE.as_bytes());
    hash.update(product);
    if let Some(nonce) = nonce {
        // No name has this byte, so no two products meet here.
        hash.update(b"\0");
        hash.update(nonce.as_bytes());
    }
    Builder::from_custom_bytes(first_half(hash.finalize())).into_uuid()
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
