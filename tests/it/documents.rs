//! The documents say what the product does.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::wire;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_readme_shows_the_quickstarts_library_word_for_word() {
    let library = read("examples/quickstart/library.rs");
    assert!(library.lines().count() <= 30, "more than 30 lines to copy");
    assert!(read("README.md").contains(&format!("```rust\n{library}```")), "the README shows something else");
}

/// Both ways: no key is sent that the table lacks, and the table has no key that is not sent.
#[test]
fn the_table_of_privacy_md_is_the_set_of_keys_that_are_sent() {
    let mut sent = BTreeSet::new();
    let world = crate::host().with("GITHUB_ACTIONS", "true");
    let messages = wire::every_field(&world);
    world.run_well(&["drops", "explain"]);
    for received in world.receiver.received() {
        sent.extend(keys("", &received.request.json()));
    }
    assert!(!messages.is_empty());
    let privacy = read("PRIVACY.md").replace("<product>", "nannyml");
    let section = privacy.split("\n## ").find(|section| section.starts_with("Every key")).expect("the table");
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let own = ["metrics", "kind", "problem_type", "normalize", "names"]
        .map(|name| format!("batch.properties.{name}"));
    sent.retain(|key| !own.contains(key));
    let documented: BTreeSet<String> = rows.map(str::to_owned).collect();
    assert_eq!(documented, sent);
}

/// The paths of all values; the items of the batch are `batch.…`.
fn keys(prefix: &str, value: &serde_json::Value) -> Vec<String> {
    match value {
        serde_json::Value::Object(object) if !object.is_empty() => {
            let below = |(name, value): (&String, _)| {
                keys(&format!("{prefix}{}{name}", if prefix.is_empty() { "" } else { "." }), value)
            };
            object.iter().flat_map(below).collect()
        }
        serde_json::Value::Array(items) if prefix == "batch" => {
            items.iter().flat_map(|item| keys(prefix, item)).collect()
        }
        _ => vec![prefix.to_owned()],
    }
}

#[test]
fn the_hidden_module_is_named_after_the_version() {
    let module = format!("pub mod __private_{};", env!("CARGO_PKG_VERSION").replace('.', "_"));
    assert!(read("usage-runtime/src/lib.rs").contains(&module), "{module} is missing");
}

#[test]
fn the_changelog_has_this_version() {
    assert!(read("CHANGELOG.md").contains(&format!("## {}", env!("CARGO_PKG_VERSION"))));
}
