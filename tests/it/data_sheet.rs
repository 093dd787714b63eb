//! The quickstart's data sheet is true.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;
use usage_runtime::catalog;

/// Builds the example `name` as cargo does, and says where it is.
pub(crate) fn example(name: &str) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "usage-examples", "--example", name])
        .args(["--message-format", "json"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let messages = String::from_utf8(output.stdout).expect("text");
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut programs =
        messages.filter(|message| message["target"]["name"] == name && message["executable"].is_string());
    programs.next().expect("the program")["executable"].as_str().expect("a path").to_owned()
}

#[test]
fn the_quickstarts_data_sheet_is_the_catalogue_of_its_program() {
    let sheet = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/quickstart/TELEMETRY.md");
    catalog::assert_data_sheet(example("quickstart"), sheet);
}

/// `documents.rs` holds PRIVACY.md against real requests, so the sheet is held against them, too.
#[test]
fn a_data_sheet_has_every_property_of_privacy_md() {
    let read = |path: &str| {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../");
        std::fs::read_to_string(format!("{root}{path}")).expect(path)
    };
    let (privacy, sheet) = (read("PRIVACY.md"), read("examples/quickstart/TELEMETRY.md"));
    let properties: BTreeSet<_> = privacy
        .lines()
        .filter_map(|line| line.strip_prefix("| `batch.properties.")?.split('`').next())
        .collect();
    assert!(properties.contains("run_time"));
    let common = sheet.split("## In every event").nth(1).expect("the common properties");
    let said: BTreeSet<_> =
        common.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert_eq!(said, properties);
}
