//! The catalogue, read from a program that is built as small as programs get.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::{env, fs};

use usage_runtime::catalog::{self, CatalogProduct, CatalogValues};

/// Its folder, which is a package but no member of the workspace: its profile is its own.
const PACKAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/programs/catalogued");

/// The program, built with fat link-time optimisation, stripped, for size, without unwinding.
pub(crate) fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("catalogued");
        fs::create_dir_all(folder.join("src")).expect("a folder");
        for file in ["src/lib.rs", "src/main.rs", "src/plugin.rs"] {
            fs::copy(Path::new(PACKAGE).join(file), folder.join(file)).expect("a source file");
        }
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the root");
        // The very versions that the workspace has, so that nothing has to be downloaded.
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).expect("the lock file");
        let manifest = fs::read_to_string(Path::new(PACKAGE).join("manifest.toml")).expect("a manifest");
        let runtime = root.join("usage-runtime").display().to_string().replace('\\', "/");
        fs::write(folder.join("Cargo.toml"), manifest.replace("RUNTIME", &runtime)).expect("a manifest");
        let output = Command::new(env!("CARGO"))
            .args(["build", "--release", "--offline", "--quiet", "--bins", "--example", "plugin"])
            .current_dir(&folder)
            .env("CARGO_TARGET_DIR", folder.join("target"))
            .env_remove("RUSTFLAGS")
            .output()
            .expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        folder.join("target/release").join(format!("catalogued{}", env::consts::EXE_SUFFIX))
    })
}

/// The shared library that is built with it.
fn library() -> PathBuf {
    let name = format!("{}plugin{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    program().with_file_name("examples").join(name)
}

fn names(product: &CatalogProduct) -> Vec<&str> {
    product.events.iter().map(|event| event.name.as_str()).collect()
}

#[test]
fn a_program_built_as_small_as_can_be_says_every_event_that_it_could_send() {
    let catalog = catalog::of(program()).expect("a catalogue");
    let [nannyml, other] = &catalog.products[..] else { panic!("{catalog}") };
    assert_eq!((nannyml.name.as_str(), nannyml.version.as_str()), ("nannyml", "0.13.1"));
    assert_eq!(nannyml.endpoint, "https://events.eu1.segmentapis.com");
    assert_eq!(nannyml.opt_out_variable, "NML_DISABLE_USAGE_LOGGING");
    assert!(!nannyml.is_without_identity && other.is_without_identity);
    assert_eq!(names(nannyml), ["Fit", "Plot \"it\"", "Task"]);
    assert_eq!((other.name.as_str(), other.endpoint.as_str()), ("other-product", "https://api.segment.io"));
    assert_eq!(other.opt_out_variable, "OTHER_PRODUCT_DISABLE_USAGE_LOGGING");
    assert_eq!(names(other), ["Other"]);
}

#[test]
fn a_shared_library_says_what_its_functions_could_send() {
    let catalog = catalog::of(library()).expect("a catalogue");
    let [other] = &catalog.products[..] else { panic!("{catalog}") };
    assert_eq!((other.name.as_str(), names(other)), ("other-product", vec!["Other"]));
}

#[test]
fn values_are_said_by_type_for_every_type_that_a_generic_function_has() {
    let catalog = catalog::of(program()).expect("a catalogue");
    let events = catalog.products.iter().flat_map(|product| &product.events);
    let properties = events.flat_map(|event| &event.properties);
    let said: Vec<_> = properties.map(|property| (property.name.as_str(), property.values.clone())).collect();
    let names = |names: &[&str]| CatalogValues::Names(names.iter().map(ToString::to_string).collect());
    assert_eq!(
        said[..2],
        [("metrics", names(&["roc_auc", "average \"precision\""])), ("normalize", CatalogValues::Bool)]
    );
    let ("kind", CatalogValues::Names(kinds)) = &said[2] else { panic!("{said:?}") };
    assert!(
        kinds.len() == 4 && ["drift", "roc_auc"].iter().all(|name| kinds.iter().any(|kind| kind == name))
    );
    assert_eq!(said[3..], [("words", CatalogValues::Text)]);
}

#[test]
fn the_place_in_the_source_is_said() {
    let catalog = catalog::of(program()).expect("a catalogue");
    let fit = &catalog.products[0].events[0];
    let source = fs::read_to_string(Path::new(PACKAGE).join("src/lib.rs")).expect("the source");
    let line = source.lines().nth(usize::try_from(fit.line).expect("a line") - 1).expect("that line");
    assert!(line.contains("event = \"Fit\""), "{line}");
    assert!(fit.file.ends_with("lib.rs") && fit.crate_name == "catalogued", "{fit:?}");
    assert_eq!(fit.purpose.as_deref(), Some("to know which \"metrics\" to keep"));
}

/// The reader is in that program, too, with the mark that it looks for.
#[test]
fn a_program_that_reads_itself_finds_the_same() {
    let output = Command::new(program()).env_clear().output().expect("the program runs");
    let read = catalog::of(program()).expect("a catalogue").to_string();
    assert_eq!(String::from_utf8_lossy(&output.stdout), read);
}

#[test]
fn what_is_no_program_has_no_catalogue_and_does_no_harm() {
    let empty = catalog::of(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).expect("no catalogue");
    assert!(empty.products.is_empty());
    assert_eq!(empty.to_string(), "No usage logging is in this file.");
    for path in [env!("CARGO_MANIFEST_DIR"), "/no/such/file", "/dev/zero"] {
        assert!(catalog::of(path).is_err(), "{path}");
    }
}

#[test]
fn a_program_cut_anywhere_tells_a_part_of_its_events() {
    let whole = fs::read(program()).expect("the program");
    let folder = tempfile::tempdir().expect("a folder");
    let known = catalog::of(program()).expect("a catalogue");
    let known: Vec<_> = known.products.iter().flat_map(names).collect();
    for part in 0..8 {
        let file = folder.path().join("part");
        fs::write(&file, &whole[..whole.len() / 8 * part]).expect("a file");
        let catalog = catalog::of(&file).expect("a catalogue");
        assert!(catalog.products.iter().flat_map(names).all(|name| known.contains(&name)), "{catalog}");
    }
}
