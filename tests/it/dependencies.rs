//! What an author takes in with `usage-runtime`: few crates, each once, and none of those that bring
//! many others.

use std::collections::BTreeMap;
use std::process::Command;

/// On Linux. More is a decision, not an accident.
const MOST_CRATES: usize = 37;

/// Name and what follows it, of each crate that is compiled for this package; itself counts.
fn tree(package: &str) -> BTreeMap<String, Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--package", package, "--edges", "normal,build", "--prefix", "none"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut crates: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in String::from_utf8(output.stdout).expect("text").lines() {
        let (name, rest) = line.trim_end_matches(" (*)").split_once(' ').expect("a version");
        let versions = crates.entry(name.to_owned()).or_default();
        if !versions.iter().any(|known| known == rest) {
            versions.push(rest.to_owned());
        }
    }
    crates
}

#[test]
fn an_author_takes_in_few_crates_and_each_once() {
    let crates = tree("usage-runtime");
    assert!(crates.len() > 10);
    assert!(!cfg!(target_os = "linux") || crates.len() <= MOST_CRATES, "{}: {crates:#?}", crates.len());
    assert!(crates.values().all(|versions| versions.len() == 1), "{crates:#?}");
}

#[test]
fn an_author_takes_in_no_async_runtime_no_serde_and_no_macros_but_ours() {
    let crates = tree("usage-runtime");
    for name in
        ["tokio", "futures-core", "reqwest", "hyper", "serde", "serde_core", "serde_json", "serde_derive"]
    {
        assert!(!crates.contains_key(name), "{name}");
    }
    let macros =
        crates.iter().filter(|(_, versions)| versions.iter().any(|version| version.contains("(proc-macro)")));
    let names: Vec<_> = macros.map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["usage-macros"]);
}

#[test]
fn the_macros_take_in_what_syn_and_quote_need_and_no_more() {
    let names: Vec<_> = tree("usage-macros").into_keys().collect();
    assert_eq!(names, ["proc-macro2", "quote", "syn", "unicode-ident", "usage-macros"]);
}
