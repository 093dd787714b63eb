//! The data sheet: the catalogue as the Markdown that an author keeps beside the code.
//!
//! It has nothing that changes without the events: no version, no line numbers, no paths of the
//! machine that compiled.

use std::fmt::Write as _;

use super::{Catalog, CatalogEvent, CatalogProduct, CatalogProperty, CatalogValues};
use crate::identity;

/// The properties that every event has or may have; PRIVACY.md of this repository says more.
const EVERY_EVENT: [(&str, &str); 14] = [
    ("run_time", "how many seconds the call took"),
    ("process_run_time", "how many seconds of CPU time the process used meanwhile"),
    ("exception_occurred", "whether the call failed"),
    ("exception_type", "if it did: the kind of error, `panic` or `cancelled`; never the error's text"),
    ("parent", "the event that this call was part of, if any"),
    ("calls", "how many calls the event stands for, if more than one"),
    ("exceptions", "how many of these failed"),
    ("dropped", "how many events before this one could not be kept, if any"),
    ("os_type", "the operating system: `Linux`, `Darwin`, `Windows` …"),
    ("runtime_environment", "where the program runs: `native`, `docker`, `kubernetes`, `notebook` …"),
    ("ci", "in continuous integration: which system"),
    ("agent", "if an AI agent runs the program: which one"),
    ("rust_version", "the compiler that built the program"),
    ("identity", "how far the id stands for one user: `machine`, `stored` or `ephemeral`"),
];

/// What end users ask, and the answers, in PRIVACY.md of this repository, too.
const QUESTIONS: &str = include_str!("questions.md");

/// No function of the author's makes this event, so it has no line in the binary.
const DELETION: &str = "\nWhoever asks for the deletion of what was sent sends one event more, `Deletion requested`, without\nproperties of its own; nothing is sent after it.\n";

impl Catalog {
    /// The catalogue as a data sheet for end users, in Markdown: `TELEMETRY.md` of an author's
    /// project. [`assert_data_sheet`](super::assert_data_sheet) keeps it true.
    ///
    /// ```
    /// let catalog = usage_runtime::catalog::of(std::env::current_exe()?)?;
    /// assert!(catalog.to_markdown().starts_with("# What is sent"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut sheet = String::from(
            "# What is sent\n\nThis page is made from the built program: it has every event that the program could ever\nsend, and a test fails when the two differ. The data is pseudonymous usage data. Arguments,\nsizes, paths, names of files and texts of errors are never sent.\n",
        );
        for product in &self.products {
            self::product(&mut sheet, product);
        }
        sheet.push_str(DELETION);
        sheet.push_str("\n## In every event\n\n| Property | What it is |\n|---|---|\n");
        for (name, meaning) in EVERY_EVENT {
            row(&mut sheet, &[&code(name), meaning]);
        }
        row(&mut sheet, &["`<product>_version`", "the product's version"]);
        if !self.products.is_empty() {
            sheet.push_str(&questions(&self.products));
        }
        sheet
    }
}

/// What end users ask, answered for these products.
fn questions(products: &[CatalogProduct]) -> String {
    let all = |said: &dyn Fn(&CatalogProduct) -> String, between: &str| {
        let mut said: Vec<_> = products.iter().map(said).collect();
        said.dedup();
        said.join(between)
    };
    let app_id = |product: &CatalogProduct| identity::first_app_id(&product.name);
    let command = QUESTIONS.lines().find(|line| line.contains("<app id>")).unwrap_or_default();
    let commands = all(&|product| command.replace("<app id>", &app_id(product)), "\n");
    let answered = QUESTIONS
        .replace(command, &commands)
        .replace("<product>", &all(&|product| escaped(&product.name), " and "))
        .replace("<endpoint>", &all(&|product| code(&product.endpoint), " and "))
        .replace("<variable>", &all(&|product| code(&product.opt_out_variable), " and "));
    format!("\n{answered}")
}

fn product(sheet: &mut String, product: &CatalogProduct) {
    let CatalogProduct { name, endpoint, opt_out_variable, is_without_identity, .. } = product;
    let title = if name.is_empty() { "A product that does not say its name" } else { name };
    // A `String` takes what is written to it.
    let _ = write!(
        sheet,
        "\n## {}\n\nSends to `{endpoint}`, unless you name another endpoint. Switch it off with\n`{opt_out_variable}=` in the environment or in a `.env`.\n\n",
        escaped(title)
    );
    if *is_without_identity {
        sheet.push_str("Its events have no lasting id: each run of the program has a random one.\n\n");
    }
    sheet.push_str("| Event | What for | Properties and their values | Where |\n|---|---|---|---|\n");
    for event in &product.events {
        self::event(sheet, event);
    }
}

fn event(sheet: &mut String, event: &CatalogEvent) {
    let properties: Vec<_> = event.properties.iter().map(property).collect();
    let purpose = event.purpose.as_deref().map(escaped).unwrap_or_default();
    row(sheet, &[&escaped(&event.name), &purpose, &properties.join("<br>"), &code(&place(event))]);
}

/// Crate and file of an annotated function; not the folders before its sources, which each machine has elsewhere.
fn place(CatalogEvent { crate_name, file, .. }: &CatalogEvent) -> String {
    let file = file.replace('\\', "/");
    let in_crate =
        file.rsplit_once("src/").or_else(|| file.rsplit_once('/')).map_or(&*file, |(_, in_crate)| in_crate);
    format!("{crate_name}/{in_crate}")
}

fn property(CatalogProperty { name, values }: &CatalogProperty) -> String {
    let values = match values {
        CatalogValues::Names(names) => names.iter().map(|name| code(name)).collect::<Vec<_>>().join(", "),
        CatalogValues::Bool => "`true`, `false`".to_owned(),
        CatalogValues::Text => "a text from the source code".to_owned(),
    };
    format!("{}: {values}", code(name))
}

fn row(sheet: &mut String, cells: &[&str]) {
    for cell in cells {
        sheet.push_str(if cell.is_empty() { "|" } else { "| " });
        sheet.push_str(cell);
        sheet.push(' ');
    }
    sheet.push_str("|\n");
}

fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'").replace('|', "\\|"))
}

/// Text that Markdown and HTML leave as it is, on one line.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        if matches!(letter, '|' | '*' | '_' | '`' | '<' | '[' | '\\' | '#') {
            escaped.push('\\');
        }
        escaped.push(if letter.is_control() { ' ' } else { letter });
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_author_writes_cannot_break_the_table() {
        let event = CatalogEvent {
            name: "a|b\n<i>".to_owned(),
            purpose: Some("to *know*".to_owned()),
            crate_name: "watch".to_owned(),
            file: "src/|.rs".to_owned(),
            ..CatalogEvent::default()
        };
        let product = CatalogProduct { name: "watch".to_owned(), events: vec![event], ..Default::default() };
        let sheet = Catalog { products: vec![product] }.to_markdown();
        assert!(sheet.contains("\n| a\\|b \\<i> | to \\*know\\* | | `watch/\\|.rs` |\n"), "{sheet}");
    }

    #[test]
    fn the_place_of_an_event_is_the_same_on_every_machine() {
        let place = |file: &str| {
            place(&CatalogEvent {
                crate_name: "watch".to_owned(),
                file: file.to_owned(),
                ..Default::default()
            })
        };
        assert_eq!(place("src/estimators/dle.rs"), "watch/estimators/dle.rs");
        assert_eq!(place("/home/me/.cargo/registry/src/index/watch-1.0.0/src/lib.rs"), "watch/lib.rs");
        assert_eq!(place("C:\\watch\\src\\dle.rs"), "watch/dle.rs");
        assert_eq!(place("examples/watch/main.rs"), "watch/main.rs");
        assert_eq!(place("build.rs"), "watch/build.rs");
    }

    #[test]
    fn what_end_users_ask_is_answered_with_the_names_of_the_products() {
        let product = |name: &str| CatalogProduct {
            name: name.to_owned(),
            endpoint: "https://example.com".to_owned(),
            opt_out_variable: format!("{}_OFF", name.to_uppercase()),
            is_without_identity: name == "plot",
            ..Default::default()
        };
        let sheet = Catalog { products: vec![product("watch"), product("plot")] }.to_markdown();
        for answer in [
            "\nThe makers of watch and plot receive pseudonymous usage data",
            "to `https://example.com`, from where",
            "Set `WATCH_OFF` and `PLOT_OFF`, whatever",
        ] {
            assert!(sheet.contains(answer), "{answer}: {sheet}");
        }
        assert_eq!(sheet.matches("no lasting id").count(), 1, "{sheet}");
        assert_eq!(sheet.matches("systemd-id128 machine-id").count(), 2, "{sheet}");
        let placeholder = sheet.lines().find(|line| line.contains('<') && line.contains('>'));
        assert_eq!(placeholder, Some("| `<product>_version` | the product's version |"));
    }

    #[test]
    fn a_property_says_what_it_can_be() {
        let said = |values| property(&CatalogProperty { name: "kind".to_owned(), values });
        assert_eq!(said(CatalogValues::Bool), "`kind`: `true`, `false`");
        assert_eq!(said(CatalogValues::Text), "`kind`: a text from the source code");
        assert_eq!(said(CatalogValues::Names(vec!["a".to_owned(), "b".to_owned()])), "`kind`: `a`, `b`");
    }
}
