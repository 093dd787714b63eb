//! The machine's own id, if it has one that can be believed. The only file that names machine-uid,
//! which does not look at what it found: empty, `uninitialized` and all zeros are ids to it.

use crate::surroundings::Surroundings;

/// The id of the machine: on Linux the first valid one of `/etc/machine-id`, as `systemd-id128`
/// reads it, and what machine-uid finds, which is the file of D-Bus; elsewhere what machine-uid
/// finds.
pub(super) fn read(
    surroundings: &Surroundings,
    of_platform: impl FnOnce() -> Option<String>,
) -> Option<[u8; 16]> {
    let of_systemd = if cfg!(target_os = "linux") { surroundings.text("/etc/machine-id") } else { None };
    of_systemd.as_deref().and_then(parse).or_else(|| parse(&of_platform()?))
}

/// What machine-uid finds, on the systems that it has a source for. It does not compile for the others, and
/// is left out with usage logging.
#[allow(unreachable_code, reason = "on these systems")]
pub(super) fn of_platform() -> Option<String> {
    #[cfg(all(
        not(usage_logging_off),
        any(
            target_os = "linux",
            target_os = "macos",
            target_os = "windows",
            target_os = "freebsd",
            target_os = "dragonfly",
            target_os = "openbsd",
            target_os = "netbsd",
            target_os = "illumos"
        )
    ))]
    return machine_uid::get().ok();
    None
}

/// The bytes of a valid id: 32 lower-case hexadecimal digits as in machine-id(5), or a UUID where
/// systems have one, and not the same digit all over, as unset ids are.
fn parse(text: &str) -> Option<[u8; 16]> {
    let text = text.trim_ascii_end();
    let digits = if cfg!(target_os = "linux") { text.to_owned() } else { digits_of_uuid(text) };
    let is_digit = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
    let first = *digits.as_bytes().first()?;
    if digits.len() != 32 || !digits.bytes().all(is_digit) || digits.bytes().all(|digit| digit == first) {
        return None;
    }
    u128::from_str_radix(&digits, 16).ok().map(u128::to_be_bytes)
}

/// A UUID's digits, in lower case; anything else as it is.
fn digits_of_uuid(text: &str) -> String {
    let is_uuid = text.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    if is_uuid { text.replace('-', "").to_ascii_lowercase() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "3d1219c7c4c5404aaa1f6d2a48adfda4";
    fn bytes(id: &str) -> Option<[u8; 16]> {
        u128::from_str_radix(id, 16).ok().map(u128::to_be_bytes)
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_file_of_systemd_comes_first_and_then_the_platforms() {
        use crate::surroundings::Folder;
        const OTHER: &str = "0f0e0d0c0b0a09080706050403020100";
        const BAD: [&str; 11] = [
            "",
            "\n",
            "uninitialized",
            "uninitialized\n",
            "00000000000000000000000000000000",
            "ffffffffffffffffffffffffffffffff",
            "3D1219C7C4C5404AAA1F6D2A48ADFDA4",
            "3d1219c7c4c5404aaa1f6d2a48adfda",
            "3d1219c7c4c5404aaa1f6d2a48adfda45",
            "+d1219c7c4c5404aaa1f6d2a48adfda4",
            "3d1219c7c4c5404aaa1f6d2a48adfdaé",
        ];
        let read_from = |file: Option<&str>, platform: Option<&str>| {
            let folder = Folder::with(&[]);
            if let Some(content) = file {
                folder.write("root/etc/machine-id", content);
            }
            read(&Surroundings::made_of(&folder), || platform.map(str::to_owned))
        };
        assert_eq!(read_from(Some(GOOD), Some(OTHER)), bytes(GOOD));
        assert_eq!(read_from(Some(&format!("{GOOD}\n")), None), bytes(GOOD));
        assert_eq!(read_from(None, Some(OTHER)), bytes(OTHER));
        assert_eq!(read_from(None, None), None);
        for bad in BAD {
            assert_eq!(read_from(Some(bad), Some(OTHER)), bytes(OTHER), "{bad:?}");
            assert_eq!(read_from(Some(bad), Some(bad)), None, "{bad:?}");
        }
    }

    #[test]
    fn only_a_uuid_loses_its_dashes() {
        let uuid = "3D1219C7-C4C5-404A-AA1F-6D2A48ADFDA4";
        assert_eq!(digits_of_uuid(uuid), GOOD);
        for other in ["3D12-19C7", "-", "", "uninitialized", GOOD] {
            assert_eq!(digits_of_uuid(other), other);
        }
        assert_eq!(parse(uuid), if cfg!(target_os = "linux") { None } else { bytes(GOOD) });
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_machines_id_is_the_one_in_its_file() {
        let file = std::fs::read_to_string("/etc/machine-id").unwrap_or_default();
        if let Some(id) = parse(&file) {
            assert_eq!(read(&Surroundings::of_this_process(), of_platform), Some(id));
        }
    }
}
