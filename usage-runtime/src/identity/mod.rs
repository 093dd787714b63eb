//! IDENTIFICATION DATA: the pseudonymous id of one product's user on one machine, and how far it
//! can be trusted. Never asked before consent, never the same for two products.

mod app_id;
mod ephemeral;
mod machine;
mod reset;
mod stored;

use std::io;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::environment;
use crate::product::Product;
use crate::random_id;
use crate::state_folder;
use crate::surroundings::Surroundings;

/// Who the events of one product come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// A random-looking UUID in its usual spelling, never nil.
    pub(crate) user_id: String,
    /// How far `user_id` stands for one user:
    ///
    /// - `machine`: keyed by the machine's id, the same until the machine is set up anew;
    /// - `stored`: random, the same while the product's state folder is kept;
    /// - `ephemeral`: not to be counted as a user. The id is this process's alone, or it comes
    ///   from a container or a CI job, where a machine id belongs to an image that many share
    ///   and a folder goes with the job.
    pub(crate) class: &'static str,
}

/// The product's id, which keeps its users' ids apart from those of other products, and from those
/// before a reset. Where the machine has an id, that of the user is what
/// `systemd-id128 machine-id --uuid --app-specific=<app id>` prints.
pub(crate) fn app_id(product: &Product) -> String {
    let nonce = reset::read(state_folder::path(product).as_deref()).ok().flatten();
    app_id::of(product.name, nonce).to_string()
}

/// The same for a product that is known by its name alone, whose user never reset it.
pub(crate) fn first_app_id(product: &str) -> String {
    app_id::of(product, None).to_string()
}

/// Gives the user of a product with this folder a new id.
pub(crate) fn reset(folder: &Path) -> io::Result<()> {
    reset::reset(folder)
}

/// The identity of this process's user towards `product`.
///
/// Nothing is cached, since all of its sources stay: the machine's id, the stored id, and the
/// process's own random bytes. A forked child has its parent's ephemeral id if the parent asked
/// for it before, for it is the same user's same program.
pub(crate) fn of(product: &Product) -> Identity {
    if !product.has_identity {
        return of_this_process(app_id::of(product.name, None));
    }
    let machine_id = machine::read(&Surroundings::of_this_process(), machine::of_platform);
    identify(product, machine_id, state_folder::path(product), environment::detect().is_disposable)
}

fn of_this_process(app_id: Uuid) -> Identity {
    Identity { user_id: keyed(ephemeral::key(), app_id).to_string(), class: "ephemeral" }
}

fn identify(
    product: &Product,
    machine_id: Option<[u8; 16]>,
    state_folder: Option<PathBuf>,
    is_disposable: bool,
) -> Identity {
    let nonce = reset::read(state_folder.as_deref());
    let app_id = app_id::of(product.name, nonce.as_ref().ok().copied().flatten());
    if nonce.is_err() {
        // The id from before the reset must not come back.
        return of_this_process(app_id);
    }
    let (user_id, class) = if let Some(machine_id) = machine_id {
        (keyed(machine_id, app_id), "machine")
    } else if let Some(stored) = state_folder.and_then(|folder| stored::read_or_make(&folder)) {
        (stored, "stored")
    } else {
        return of_this_process(app_id);
    };
    Identity { user_id: user_id.to_string(), class: if is_disposable { "ephemeral" } else { class } }
}

/// An id that tells nobody its key, and that nobody can relate to that of another product:
/// HMAC-SHA256 of the product's id, shaped as a UUID of version 4.
///
/// This is `sd_id128_get_machine_app_specific(3)` to the bit, so that an end user can check it.
fn keyed(key: [u8; 16], app_id: Uuid) -> Uuid {
    random_id::keyed(key, app_id.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::product::tests::PRODUCT;
    use crate::surroundings::Folder;

    fn product(name: &'static str) -> Product {
        Product { name, ..PRODUCT }
    }

    const MACHINE: [u8; 16] = *b"\x01\x23\x45\x67\x89\xab\xcd\xef\x01\x23\x45\x67\x89\xab\xcd\xee";

    /// Made with systemd 252: `systemd-id128 machine-id --app-specific=…` on a machine whose
    /// `/etc/machine-id` was 0123456789abcdef0123456789abcdee.
    #[test]
    fn an_id_is_the_one_that_systemd_derives() {
        let app_id = Uuid::from_u128(0xc273_27dd_4b61_4ea2_9f93_cdc6_91ab_b1a3);
        assert_eq!(keyed(MACHINE, app_id).to_string(), "29828581-aa0e-4477-b63a-dbaeefc6a5d2");
    }

    /// A machine without systemd has no such tool, one without an id has nothing to print; the
    /// vector above stands for them.
    #[cfg(target_os = "linux")]
    #[test]
    fn systemd_prints_the_id_of_this_very_machine() {
        let app_id = format!("--app-specific={}", app_id(&PRODUCT));
        let tool =
            std::process::Command::new("systemd-id128").args(["machine-id", "--uuid", &app_id]).output();
        if let Some(output) = tool.ok().filter(|output| output.status.success()) {
            assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), of(&PRODUCT).user_id, "{output:?}");
        }
    }

    #[test]
    fn the_machines_id_comes_before_a_stored_and_a_stored_before_an_ephemeral_one() {
        let folder = Folder::with(&[]);
        let product = product("nannyml");
        let state = Some(folder.path("state"));
        let machine = identify(&product, Some(MACHINE), state.clone(), false);
        assert_eq!(machine.class, "machine");
        assert!(!folder.path("state").exists(), "nothing is stored without need");
        let stored = identify(&product, None, state.clone(), false);
        assert_eq!(stored.class, "stored");
        assert_eq!(identify(&product, None, state, false), stored);
        let ephemeral = identify(&product, None, None, false);
        assert_eq!(ephemeral.class, "ephemeral");
        assert_eq!(identify(&product, None, None, false), ephemeral, "the same within the process");
    }

    #[test]
    fn a_reset_gives_an_id_of_the_same_class_that_the_same_tool_prints() {
        let folder = Folder::with(&[]);
        let (product, state) = (product("nannyml"), folder.path("state"));
        for machine_id in [Some(MACHINE), None] {
            let before = identify(&product, machine_id, Some(state.clone()), false);
            reset(&state).unwrap();
            let after = identify(&product, machine_id, Some(state.clone()), false);
            assert_ne!(before.user_id, after.user_id);
            assert_eq!(before.class, after.class);
            assert_eq!(identify(&product, machine_id, Some(state.clone()), false), after);
        }
        let app_id = app_id::of(product.name, reset::read(Some(&state)).unwrap());
        let machine = identify(&product, Some(MACHINE), Some(state), false);
        assert_eq!(machine.user_id, keyed(MACHINE, app_id).to_string());
    }

    #[test]
    fn the_id_before_a_reset_never_comes_back() {
        let folder = Folder::with(&[]);
        let state = folder.path("state");
        let before = identify(&product("nannyml"), Some(MACHINE), Some(state.clone()), false);
        folder.write("state/nonce", "torn");
        let after = identify(&product("nannyml"), Some(MACHINE), Some(state), false);
        assert_ne!(before.user_id, after.user_id);
        assert_eq!(after.class, "ephemeral");
    }

    #[test]
    fn in_a_container_or_ci_no_id_stands_for_a_user() {
        let folder = Folder::with(&[]);
        let product = product("nannyml");
        let machine = identify(&product, Some(MACHINE), None, true);
        assert_eq!(machine.class, "ephemeral");
        assert_eq!(machine.user_id, identify(&product, Some(MACHINE), None, false).user_id);
        assert_eq!(identify(&product, None, Some(folder.path("state")), true).class, "ephemeral");
    }

    #[test]
    fn two_products_never_share_an_id() {
        for machine_id in [Some(MACHINE), None] {
            let one = identify(&product("one"), machine_id, None, false);
            let other = identify(&product("other"), machine_id, None, false);
            assert_ne!(one.user_id, other.user_id);
            assert_ne!(app_id(&product("one")), app_id(&product("other")));
        }
    }

    #[test]
    fn a_product_without_identity_has_an_id_of_the_process() {
        let product = Product { has_identity: false, ..product("nannyml") };
        assert_eq!(of(&product), of_this_process(app_id::of("nannyml", None)));
        let with_identity = Product { has_identity: true, ..product };
        assert_eq!(identify(&with_identity, None, None, false), of(&product), "as if nothing could be known");
    }

    /// Mixpanel takes `nil`, `0`, `undefined` and their like for nobody's; none of them is a random UUID.
    #[test]
    fn every_id_is_shaped_as_a_random_one_and_none_tells_its_key() {
        let folder = Folder::with(&[]);
        let product = product("nannyml");
        let mut ids = vec![of_this_process(Uuid::nil()), identify(&product, None, None, true)];
        for machine_id in [MACHINE, [0; 16], [0xff; 16]] {
            ids.push(identify(&product, Some(machine_id), None, false));
            let bytes = Uuid::parse_str(&ids.last().unwrap().user_id).unwrap().into_bytes();
            assert_ne!(bytes[..6], machine_id[..6]);
        }
        for content in ["", "0", "nil", "00000000-0000-0000-0000-000000000000", "undefined"] {
            std::fs::create_dir_all(folder.path("state")).unwrap();
            #[cfg(unix)]
            std::fs::set_permissions(
                folder.path("state"),
                std::os::unix::fs::PermissionsExt::from_mode(0o700),
            )
            .unwrap();
            folder.write("state/id", content);
            ids.push(identify(&product, None, Some(folder.path("state")), false));
        }
        for id in ids {
            assert_eq!(Uuid::parse_str(&id.user_id).unwrap().get_version_num(), 4, "{id:?}");
        }
    }
}
