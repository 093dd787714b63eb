//! From a compiler's type name to the path that may be sent: no generic arguments, since they can
//! name types of the caller, and no names from crates that are none of the author's.

/// The name of every type that must not be named.
const OTHER: &str = "other";

/// The crates whose types may be named, beside the standard library's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KnownCrates<'a> {
    /// The annotated function's.
    pub(crate) own: &'a str,
    /// Those that the author has declared.
    pub(crate) declared: &'a [&'a str],
}

impl KnownCrates<'_> {
    fn contain(self, name: &str) -> bool {
        ["std", "core", "alloc", self.own].contains(&name) || self.declared.contains(&name)
    }
}

/// Appends the path of the type that the compiler calls `type_name`: without generic arguments,
/// and only if it comes from a known crate; `other` if not.
pub(crate) fn append(out: &mut Vec<u8>, type_name: &str, known: KnownCrates<'_>) {
    let start = out.len();
    let name = type_name.trim_start_matches('&');
    let name = name.strip_prefix("mut ").unwrap_or(name);
    let name = pointee(name);
    append_without_arguments(out, name.strip_prefix("dyn ").unwrap_or(name));
    let allowed = out.get(start..).is_some_and(|path| may_be_named(path, known));
    if !allowed {
        out.truncate(start);
        out.extend_from_slice(OTHER.as_bytes());
    }
}

/// What a pointer points to, if that is a type of its own.
fn pointee(name: &str) -> &str {
    let pointers = ["alloc::boxed::Box<", "alloc::sync::Arc<", "alloc::rc::Rc<"];
    let inside = pointers.iter().find_map(|pointer| name.strip_prefix(pointer)?.strip_suffix('>'));
    inside.filter(|inside| !inside.starts_with("dyn ")).map_or(name, pointee)
}

/// Copies `name` but for what stands in angle brackets.
fn append_without_arguments(out: &mut Vec<u8>, name: &str) {
    let mut depth = 0_u32;
    for byte in name.bytes() {
        match byte {
            b'<' => depth = depth.saturating_add(1),
            b'>' => depth = depth.saturating_sub(1),
            // `a::<impl b::T for C>::d` is `a::d`.
            b':' if depth == 0 && out.ends_with(b"::") => {}
            _ if depth == 0 => out.push(byte),
            _ => {}
        }
    }
}

fn may_be_named(path: &[u8], known: KnownCrates<'_>) -> bool {
    let is_path =
        path.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_:{}#".contains(byte) || *byte >= 0x80);
    let end = path.iter().position(|byte| *byte == b':').unwrap_or(path.len());
    let first = path.get(..end).unwrap_or_default();
    let is_primitive = end == path.len();
    let is_known = std::str::from_utf8(first).is_ok_and(|name| known.contain(name));
    path == b"()" || (is_path && !path.is_empty() && (is_primitive || is_known))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(type_name: &str) -> String {
        let mut out = b"before:".to_vec();
        append(&mut out, type_name, KnownCrates { own: "watch", declared: &["friend"] });
        String::from_utf8(out).unwrap().strip_prefix("before:").unwrap().to_owned()
    }

    #[test]
    fn types_of_known_crates_and_of_std_are_named() {
        assert_eq!(path("watch::dle::Error"), "watch::dle::Error");
        assert_eq!(path("friend::Error"), "friend::Error");
        assert_eq!(path("std::io::error::Error"), "std::io::error::Error");
        assert_eq!(path("alloc::string::String"), "alloc::string::String");
        assert_eq!(path("alloc::boxed::Box<alloc::sync::Arc<watch::Error<u8>>>"), "watch::Error");
        assert_eq!(path("&str"), "str");
        assert_eq!(path("&mut u8"), "u8");
        assert_eq!(path("()"), "()");
    }

    #[test]
    fn generic_arguments_are_never_named() {
        assert_eq!(path("watch::Wrong<caller::Secret<u8>, 3>"), "watch::Wrong");
        assert_eq!(path("alloc::boxed::Box<dyn core::error::Error>"), "alloc::boxed::Box");
        assert_eq!(path("watch::<impl watch::Fit for caller::Model>::fit::Error"), "watch::fit::Error");
    }

    #[test]
    fn types_of_other_crates_are_other() {
        for name in [
            "caller::Secret",
            "watchful::Error",
            "(u8, caller::Secret)",
            "[caller::Secret; 3]",
            "dyn caller::T",
            "",
        ] {
            assert_eq!(path(name), "other", "{name}");
        }
    }

    #[test]
    fn what_this_compiler_prints_is_understood() {
        struct Local<T>(T);
        let mut out = Vec::new();
        append(
            &mut out,
            std::any::type_name_of_val(&Local("")),
            KnownCrates { own: "usage_runtime", declared: &[] },
        );
        let path = String::from_utf8(out).unwrap();
        assert!(
            path.starts_with("usage_runtime::execution::type_path::") && path.ends_with("::Local"),
            "{path}"
        );
    }
}
