//! Holds what arrives against what `NannyML` 0.13.1 sent for the same work: `golden.json` has the event
//! and the properties of each of its requests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::RowAccessor;
use serde_json::{Map, Value};
use tempfile::TempDir;
use usage_receiver::Receiver;

type Properties = Map<String, Value>;

/// What differs on purpose: the property there, the property here, and why.
const INTENDED: &[(Option<&str>, Option<&str>, &str)] = &[
    (Some("python_version"), Some("rust_version"), "another language"),
    (Some("nannyml_version"), Some("driftwatch_version"), "another product"),
    (Some("nannyml_cloud"), None, "there is no such service"),
    (None, Some("identity"), "what kind of identity the events are counted by"),
    (None, Some("parent"), "the call in which this one was made: a step of a run is no use of its own"),
];

/// What is of another type on purpose.
const RETYPED: &[(&str, &str)] = &[
    ("normalize", "the text `True` there, a bool here"),
    ("kind", "whatever a caller passed there, in one request the number 7; a closed set of names here"),
];

/// What this example has not built, and what it thus cannot send.
const NOT_BUILT: &[&str] =
    &["Multivariate", "Domain Classifier", "Fit ranker using correlation", "Run ranker using correlation"];

/// Runs a program in a world of its own, in which all it has of the machine is the receiver.
fn run(program: &Path, arguments: &[&Path], home: &Path, receiver: &Receiver) -> Output {
    let mut command = Command::new(program);
    command.args(arguments).env_clear().current_dir(home).env("HOME", home);
    command.env("DRIFTWATCH_USAGE_ENDPOINT", receiver.endpoint()).output().expect("it starts")
}

/// The program's configuration, with its results in a folder of this test.
fn configuration(home: &Path) -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(package.join("driftwatch.toml")).expect("the configuration");
    let data = format!("\"{}/", package.join("data").display());
    let path = home.join("driftwatch.toml");
    std::fs::write(&path, text.replace("\"data/", &data)).expect("a file");
    path
}

/// All that arrives from a run that ends well, one that fails, and a program that does much wrong.
fn everything() -> Vec<Value> {
    let (home, receiver) = (TempDir::new().expect("a folder"), Receiver::start().expect("a port"));
    let program = Path::new(env!("CARGO_BIN_EXE_driftwatch"));
    let well = run(program, &["run".as_ref(), &configuration(home.path())], home.path(), &receiver);
    assert!(well.status.success() && well.stderr.is_empty(), "{well:?}");
    let failed = run(program, &["run".as_ref(), "missing.toml".as_ref()], home.path(), &receiver);
    assert_eq!(failed.status.code(), Some(1), "{failed:?}");
    let misuse = program.with_file_name("examples").join("misuse");
    let misused = run(&misuse, &[home.path()], home.path(), &receiver);
    assert!(misused.status.success() && misused.stderr.is_empty(), "{misused:?}");
    // What was not delivered before the end of its program, a later one delivers.
    let all = |messages: &[Value]| {
        let ended = |failed| messages.iter().any(|message| is(message, "CLI run", failed));
        ended(true) && ended(false)
    };
    let mut messages = receiver.messages();
    for _ in 0..20 {
        if all(&messages) {
            break;
        }
        run(program, &["run".as_ref(), "missing.toml".as_ref()], home.path(), &receiver);
        messages = receiver.wait_for_messages(messages.len() + 1, Duration::from_secs(2));
    }
    assert!(all(&messages), "{messages:#?}");
    messages
}

fn is(message: &Value, event: &str, failed: bool) -> bool {
    message["event"] == event && message["properties"]["exception_occurred"] == failed
}

fn golden() -> BTreeMap<String, Value> {
    serde_json::from_str(include_str!("golden.json")).expect("JSON")
}

fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(_) => "bool".into(),
        Value::Number(_) => "number".into(),
        Value::String(_) => "string".into(),
        Value::Array(values) => format!("list of {}", values.first().map_or("nothing".into(), kind)),
        Value::Object(_) => "object".into(),
    }
}

/// What differs though it should not.
fn differences(theirs: &Properties, ours: &Properties) -> Vec<String> {
    let mut found = Vec::new();
    for (name, value) in theirs {
        let renamed = INTENDED.iter().find(|(from, ..)| *from == Some(name));
        let Some(here) = renamed.map_or(Some(name.as_str()), |(_, to, _)| *to) else { continue };
        let retyped = RETYPED.iter().any(|(known, _)| *known == name);
        match ours.get(here) {
            None => found.push(format!("`{name}` is missing")),
            Some(own) if !retyped && kind(own) != kind(value) => {
                found.push(format!("`{name}` is {}, not {}", kind(own), kind(value)));
            }
            Some(_) => {}
        }
    }
    let known = |name: &str| INTENDED.iter().any(|(_, to, _)| *to == Some(name)) || theirs.contains_key(name);
    found.extend(ours.keys().filter(|name| !known(name)).map(|name| format!("`{name}` is new")));
    found
}

#[test]
fn what_arrives_is_what_nannyml_sends_for_the_same_work() {
    let messages = everything();
    let mut problems = Vec::new();
    for (name, golden) in golden() {
        let event = golden["event"].as_str().unwrap();
        let theirs = golden["properties"].as_object().unwrap();
        let failed = theirs["exception_occurred"] == true;
        let Some(ours) = messages.iter().find(|message| is(message, event, failed)) else {
            if !NOT_BUILT.iter().any(|part| event.starts_with(part)) {
                problems.push(format!("{name}: `{event}` did not arrive"));
            }
            continue;
        };
        let found = differences(theirs, ours["properties"].as_object().unwrap());
        problems.extend(found.into_iter().map(|problem| format!("{name}: {problem}")));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));

    the_faults_of_the_original_are_absent(&messages);
}

fn the_faults_of_the_original_are_absent(messages: &[Value]) {
    let count = |event: &str| {
        let of_the_run = messages.iter().filter(|message| message["properties"]["parent"] == "CLI run");
        of_the_run.filter(|message| message["event"] == event).count()
    };
    let kinds: Vec<_> = messages
        .iter()
        .filter(|message| is(message, "Univariate drift results plot", false))
        .map(|message| message["properties"]["kind"].clone())
        .collect();

    // `fit` is no run, and each step says that it is one of a run.
    assert_eq!((count("Univariate drift calculator fit"), count("Univariate drift calculator run")), (1, 1));
    // The kind is the one that was asked for.
    assert_eq!(kinds, ["drift", "distribution"]);
    // Each plot has its own event.
    assert_eq!(count("Data Quality Calculator Values Out Of Range Plot"), 1);
    assert_eq!(count("Data Quality Calculator Unseen Values plot"), 1);
    // A run that fails is an event that says so, without what was in its arguments.
    let failed = messages.iter().find(|message| is(message, "CLI run", true)).expect("it arrived");
    let error = failed["properties"]["exception_type"].as_str().unwrap_or_default();
    assert!(error.ends_with("Error::File"), "{error}");
    let text = serde_json::to_string(messages).expect("JSON");
    for secret in ["customer_42", "missing.toml", "income", "needed"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[test]
fn the_data_sheet_is_true() {
    let sheet = Path::new(env!("CARGO_MANIFEST_DIR")).join("TELEMETRY.md");
    usage_runtime::catalog::assert_data_sheet(env!("CARGO_BIN_EXE_driftwatch"), sheet);
}

#[test]
fn results_are_read_back_as_they_were_written() {
    let (home, receiver) = (TempDir::new().expect("a folder"), Receiver::start().expect("a port"));
    let program = Path::new(env!("CARGO_BIN_EXE_driftwatch"));
    let well = run(program, &["run".as_ref(), &configuration(home.path())], home.path(), &receiver);
    assert!(well.status.success(), "{well:?}");
    let out = home.path().join("out");

    let series = driftwatch::BinaryWriter::new(&out).read("univariate_drift").expect("a binary file");
    let points: Vec<_> = series.iter().flat_map(|series| &series.points).collect();
    let values: Vec<_> = points.iter().map(|point| point.value).collect();
    assert_eq!(values.len(), 120);

    let mut csv = csv::Reader::from_path(out.join("univariate_drift.csv")).expect("a CSV file");
    let rows = csv.records().map(|row| row.expect("a row")[4].parse().ok());
    assert_eq!(rows.collect::<Vec<Option<f64>>>(), values);

    let database = rusqlite::Connection::open(out.join("results.db")).expect("a database");
    let mut rows = database.prepare("SELECT value FROM univariate_drift ORDER BY rowid").expect("a table");
    let rows = rows.query_map([], |row| row.get(0)).expect("rows");
    assert_eq!(rows.collect::<Result<Vec<Option<f64>>, _>>().expect("values"), values);

    let file = std::fs::File::open(out.join("univariate_drift.parquet")).expect("a Parquet file");
    let parquet = SerializedFileReader::new(file).expect("a Parquet file");
    let rows = parquet.get_row_iter(None).expect("rows").map(|row| row.expect("a row").get_double(4).ok());
    assert_eq!(rows.collect::<Vec<_>>(), values);
}
