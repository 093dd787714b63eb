//! The machine's own id: read, checked, never kept and never sent.

use uuid::Uuid;

use crate::surroundings::Surroundings;

/// The sixteen bytes of the machine's id; `None` where there is none that can be believed.
///
/// On Linux `/etc/machine-id` comes first, as systemd reads it, and machine-uid (which prefers
/// the file of D-Bus) stands in where that is missing or invalid.
pub(crate) fn id(surroundings: &Surroundings) -> Option<[u8; 16]> {
    parse(&surroundings.text("/etc/machine-id")).or_else(|| parse(&platform_id()?))
}

#[cfg(any(
    target_os = "linux",
    target_os = "macos",
    target_os = "windows",
    target_os = "freebsd",
    target_os = "openbsd",
    target_os = "netbsd",
    target_os = "dragonfly",
))]
fn platform_id() -> Option<String> {
    machine_uid::get().ok()
}

#[cfg(not(any(
    target_os = "linux",
    target_os = "macos",
    target_os = "windows",
    target_os = "freebsd",
    target_os = "openbsd",
    target_os = "netbsd",
    target_os = "dragonfly",
)))]
fn platform_id() -> Option<String> {
    None
}

/// 32 hexadecimal digits, or a UUID's spelling; not empty, `uninitialized`, or one digit repeated.
fn parse(text: &str) -> Option<[u8; 16]> {
    let bytes = Uuid::try_parse(text.trim()).ok()?.into_bytes();
    let mut digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let first = digits.next()?;
    digits.any(|digit| digit != first).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_cannot_be_believed_is_none() {
        for text in [
            "",
            "uninitialized",
            "00000000000000000000000000000000",
            "11111111111111111111111111111111",
            "3d1219c7c4c5404aaa1f6d2a48adfda",
            "zd1219c7c4c5404aaa1f6d2a48adfda4",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn an_id_is_read_with_and_without_hyphens() {
        let plain = parse("3d1219c7c4c5404aaa1f6d2a48adfda4\n");
        assert!(plain.is_some());
        assert_eq!(parse("3D1219C7-C4C5-404A-AA1F-6D2A48ADFDA4"), plain);
    }

    #[test]
    fn the_file_that_systemd_reads_comes_first() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("etc")).unwrap();
        std::fs::write(root.path().join("etc/machine-id"), "3d1219c7c4c5404aaa1f6d2a48adfda4\n").unwrap();
        let expected = parse("3d1219c7c4c5404aaa1f6d2a48adfda4");
        assert_eq!(id(&Surroundings::made_up(root.path(), &[])), expected);
    }
}
