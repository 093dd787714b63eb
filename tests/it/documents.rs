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
    let world = crate::host().with("GITHUB_ACTIONS", "true").with("CLAUDECODE", "1");
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

/// An author adopts them with the data sheet, which fills in the product's names.
#[test]
fn privacy_md_answers_what_the_data_sheet_answers() {
    let mut answers = read("usage-runtime/src/catalog/questions.md");
    for (gap, name) in [
        ("<product>", "`<product>`"),
        ("<endpoint>", "`<endpoint>`"),
        ("<variable>", "`<PREFIX>_DISABLE_USAGE_LOGGING`"),
    ] {
        assert!(answers.contains(gap), "{gap}");
        answers = answers.replace(gap, name);
    }
    assert!(read("PRIVACY.md").contains(&answers), "the two differ");
}

/// Row by row: whether it is on, and whether code can undo that.
#[test]
fn the_precedence_in_privacy_md_is_that_of_the_code() {
    let table = |path: &str, heading: &str| -> Vec<(String, String, String)> {
        let text = read(path).replace("/// ", "");
        let rows = text.lines().skip_while(|line| !line.starts_with(heading)).skip(2);
        let rows = rows.take_while(|line| line.starts_with("| "));
        let cells = |row: &str| row.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
        // "by the later call" is a yes; a reason for a no is still a no.
        let undone = |cell: &str| cell.split([':', ',']).next().unwrap_or_default().to_owned();
        rows.map(cells)
            .map(|cells| {
                (cells[1].clone(), cells[3].clone(), undone(&cells[4]).replace("by the later call", "yes"))
            })
            .collect()
    };
    let documented = table("PRIVACY.md", "| # | What is said");
    assert_eq!(documented, table("usage-runtime/src/consent/precedence.rs", "| # | answer"));
    assert_eq!(documented.len(), 11);
}

/// Data with an id is pseudonymous; to call it by the stronger word would be untrue. So that word is in no
/// document, nor in the source of anything that is printed or documented.
#[test]
fn the_documents_promise_no_more_than_pseudonymous_data() {
    let mut files = Vec::new();
    for folder in ["", "usage-runtime", "usage-macros", "examples"] {
        texts(&root().join(folder), folder.is_empty(), &mut files);
    }
    assert!(files.len() > 100, "{} files", files.len());
    for path in files {
        let text = fs::read_to_string(&path).expect("text").to_lowercase();
        // A kind of memory, and a key of the wire that a receiver knows.
        let text = text.replace("map_anonymous", "").replace("anonymousid", "").replace("\"anonymous\"", "");
        assert!(!text.contains("anonym"), "{} says more than is true", path.display());
    }
    for path in ["PRIVACY.md", "usage-runtime/src/notice.rs", "usage-runtime/src/adoption.md"] {
        assert!(read(path).contains("pseudonymous usage data"), "{path}");
    }
}

/// The Markdown and the Rust of a folder and, unless it is flat, of the folders below.
fn texts(folder: &Path, is_flat: bool, files: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()) {
        if path.is_dir() && !is_flat && !path.ends_with("target") {
            texts(&path, false, files);
        } else if path.extension().is_some_and(|ending| ending == "md" || ending == "rs") {
            files.push(path);
        }
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
