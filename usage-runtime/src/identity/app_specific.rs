//! From the machine's id to the product's: HMAC-SHA256 of the app id, keyed by the machine id and
//! shaped as a random UUID, exactly as `systemd-id128 machine-id --app-specific=<app id>` does it
//! (`sd_id128_get_machine_app_specific(3)`). The machine's id cannot be computed back.

use hmac_sha256::{HMAC, Hash};
use uuid::{Builder, Uuid};

use crate::per_process::PerProcess;
use crate::product::Product;

/// The id of a product on a machine.
pub(crate) fn id(machine: &[u8; 16], app: &Uuid) -> String {
    shaped(&HMAC::mac(app.as_bytes(), machine)).to_string()
}

/// The product's app id: a hash of its name, so that it needs no registration and stays the same.
pub(crate) fn app_id(product: &Product) -> Uuid {
    shaped(&Hash::hash(format!("usage-runtime app id: {}", product.name).as_bytes()))
}

/// An id for this process and this product, for where no better one is to be had.
pub(crate) fn ephemeral_id(product: &Product) -> String {
    static PROCESS: PerProcess<[u8; 16]> = PerProcess::new();
    id(PROCESS.get_or_make(random), &app_id(product))
}

/// Sixteen random bytes. Should the system refuse them, the time and the process stand in: the id
/// has to differ, not to be secret.
pub(crate) fn random() -> [u8; 16] {
    let mut bytes = [0; 16];
    if getrandom::getrandom(&mut bytes).is_err() {
        let moment = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().as_nanos();
        bytes = first_half(&Hash::hash(format!("{moment} {}", std::process::id()).as_bytes()));
    }
    bytes
}

/// A random UUID in its usual spelling.
pub(crate) fn random_uuid() -> Uuid {
    Builder::from_random_bytes(random()).into_uuid()
}

/// The first half of a hash, as a UUID of version 4.
pub(crate) fn shaped(hash: &[u8; 32]) -> Uuid {
    Builder::from_random_bytes(first_half(hash)).into_uuid()
}

fn first_half(hash: &[u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    half.iter_mut().zip(hash).for_each(|(to, from)| *to = *from);
    half
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    /// Printed by `systemd-id128 machine-id --app-specific=…` on a machine with that id.
    #[test]
    fn the_id_is_what_systemd_makes_of_the_machine_id() {
        let machine = Uuid::parse_str("3d1219c7c4c5404aaa1f6d2a48adfda4").unwrap();
        let app = Uuid::parse_str("11111111-2222-4333-8444-555555555555").unwrap();
        assert_eq!(id(machine.as_bytes(), &app).replace('-', ""), SYSTEMD_PRINTED);
    }
    const SYSTEMD_PRINTED: &str = "f4215f02b85b4e14ab94149a19eec477";

    #[cfg(target_os = "linux")]
    #[test]
    fn the_id_is_what_this_machines_systemd_prints() {
        use crate::surroundings::Surroundings;
        let app = app_id(&crate::product::tests::PRODUCT);
        let argument = format!("--app-specific={app}");
        let printed = Command::new("systemd-id128").args(["machine-id", &argument]).output();
        let (Ok(printed), Some(machine)) =
            (printed, super::super::machine::id(&Surroundings::of_this_process()))
        else {
            return;
        };
        if printed.status.success() {
            let printed = String::from_utf8(printed.stdout).unwrap();
            assert_eq!(id(&machine, &app).replace('-', ""), printed.trim());
        }
    }

    #[test]
    fn products_and_machines_differ() {
        let product = crate::product::tests::PRODUCT;
        let other = Product { name: "other", ..product };
        assert_ne!(app_id(&product), app_id(&other));
        assert_ne!(id(&[1; 16], &app_id(&product)), id(&[2; 16], &app_id(&product)));
        assert_ne!(ephemeral_id(&product), ephemeral_id(&other));
        assert_eq!(ephemeral_id(&product), ephemeral_id(&product));
    }

    #[test]
    fn an_id_is_a_random_uuid_even_of_zeros() {
        assert_eq!(shaped(&[0; 32]).to_string(), "00000000-0000-4000-8000-000000000000");
        assert_eq!(random_uuid().get_version_num(), 4);
    }
}
