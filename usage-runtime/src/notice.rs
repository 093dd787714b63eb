//! The first-run notice, for programs and never for libraries, and the opt-out that a program hands
//! to the programs it starts. Prints nothing itself.

use std::env;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::process::Command;

use crate::catalog::compiled::{NO_TEXT, hash, hex};
use crate::catalog::{self, Catalog, CatalogProduct};
use crate::environment;
use crate::kept_file;
use crate::logger::UsageLogger;
use crate::product::Product;
use crate::small_file;
use crate::state_folder;
use crate::sys;

/// The file that says for what the notice was given: a line for each catalogue, and for each program
/// that has one of these.
const FILE: &str = "notice";
/// How many lines are kept, the newest; a product has a few programs.
const MOST_LINES: usize = 32;
/// Longer than that many lines.
const LIMIT: u64 = 1024;

impl UsageLogger {
    /// The words of a first-run notice, for a program to print to standard error: the author's `text`,
    /// which may be empty, and then what is sent, how to switch that off, and where the
    /// [data sheet](Self::data_sheet) is.
    ///
    /// They are given once for each end user and product; `None` from then on, until the program could
    /// send something else, to somebody else or with another kind of id. Also `None` where nobody would
    /// read them, which is when logging is off, in continuous integration, when standard error is no
    /// terminal, or when it cannot be stored that the notice was given.
    ///
    /// Ask for it at the beginning: the run that gets the notice logs nothing from then on, so that
    /// the end user can choose first; [`enable`](Self::enable) undoes that.
    ///
    /// ```
    /// # use usage_runtime::UsageLogger;
    /// static USAGE: UsageLogger = UsageLogger::new("model-watch", "1.2.0");
    /// if let Some(notice) = USAGE.first_run_notice("Welcome to model-watch.") {
    ///     eprintln!("{notice}");
    /// }
    /// ```
    #[must_use]
    pub fn first_run_notice(&'static self, text: &str) -> Option<String> {
        if !io::stderr().is_terminal() {
            return None;
        }
        self.notice_for_a_reader(text)
    }

    /// The same for a reader who is there.
    fn notice_for_a_reader(&'static self, text: &str) -> Option<String> {
        if sys::has_borrowed_rights() || !self.decide().is_on() || environment::detect().ci.is_some() {
            return None;
        }
        let folder = state_folder::path(self.product())?;
        let kept = small_file::read(&folder.join(FILE), LIMIT).ok()?.unwrap_or_default();
        let program = env::current_exe().ok()?;
        let given = Given::after(&String::from_utf8_lossy(&kept), &stamp(&program).ok()?, || {
            catalog::of(&program).ok().map(|catalog| digest(&catalog, self.product().name))
        })?;
        kept_file::write(&folder, FILE, given.lines.as_bytes()).ok()?;
        if !given.is_news {
            return None;
        }
        self.disable();
        Some(words(self.product(), text))
    }

    /// Hands an opt-out to a program that is about to be started: if logging is off here for this
    /// product, whatever switched it off, the child gets the product's opt-out variable. The
    /// environment of this process stays as it is.
    ///
    /// ```
    /// # use usage_runtime::UsageLogger;
    /// # use std::process::Command;
    /// static USAGE: UsageLogger = UsageLogger::new("model-watch", "1.2.0");
    /// USAGE.disable();
    /// let mut child = Command::new("model-watch-worker");
    /// USAGE.for_child(&mut child);
    /// assert!(child.get_envs().any(|(name, _)| name == "MODEL_WATCH_DISABLE_USAGE_LOGGING"));
    /// ```
    pub fn for_child<'a>(&'static self, child: &'a mut Command) -> &'a mut Command {
        if !self.decide().is_on() {
            child.env(self.product().opt_out_variable(), "1");
        }
        child
    }
}

/// For what the notice was given.
struct Given {
    lines: String,
    /// Whether that is so since now.
    is_news: bool,
}

impl Given {
    /// What is to be kept after this run, if it differs from what is. The catalogue is only read from a
    /// program that is not known, for that takes as long as the program is large.
    fn after(kept: &str, stamp: &str, digest: impl FnOnce() -> Option<String>) -> Option<Self> {
        let is_known = |line: &str| kept.lines().any(|known| known == line);
        if is_known(stamp) {
            return None;
        }
        let digest = digest()?;
        let is_news = !is_known(&digest);
        let mut lines: Vec<_> =
            kept.lines().filter(|line| *line != digest).chain([&*digest, stamp]).collect();
        lines.drain(..lines.len().saturating_sub(MOST_LINES));
        Some(Self { lines: lines.join("\n") + "\n", is_news })
    }
}

/// What tells a program from another, and from itself before an update.
fn stamp(program: &Path) -> io::Result<String> {
    let metadata = program.metadata()?;
    Ok(line_of(&format!("{} {} {:?}", program.display(), metadata.len(), metadata.modified()?)))
}

/// What tells what a product could send from what it could send before: events, properties and values,
/// to whom, and whether with an id.
fn digest(catalog: &Catalog, product: &str) -> String {
    let mut said = Vec::new();
    for CatalogProduct { endpoint, is_without_identity, events, .. } in
        catalog.products.iter().filter(|found| found.name == product)
    {
        said.push(format!("{endpoint:?} {is_without_identity}"));
        said.extend(events.iter().map(|event| format!("{:?} {:?}", event.name, event.properties)));
    }
    line_of(&said.join("\n"))
}

fn line_of(text: &str) -> String {
    String::from_utf8_lossy(&hex(hash(NO_TEXT, text.as_bytes()))).into_owned()
}

/// The author's text and the facts, which no author can leave out.
fn words(product: &Product, text: &str) -> String {
    let Product { name, data_sheet, .. } = product;
    let text = if text.is_empty() { String::new() } else { format!("{text}\n\n") };
    let sheet = data_sheet.map(|sheet| format!(" All that it could send: {sheet}")).unwrap_or_default();
    format!(
        "{text}{name} sends pseudonymous usage data to its makers: which functions are used, how long \
         they take and how they fail; never arguments, data or messages.\n\
         To switch it off, set {}=1.{sheet}\n\
         {name} sends nothing in this run.",
        product.opt_out_variable()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::CatalogEvent;
    use crate::product::tests::PRODUCT;

    #[test]
    fn the_words_are_the_authors_and_then_what_is_sent_how_to_stop_it_and_where_to_read_more() {
        let product = Product { name: "nannyml", env_prefix: Some("NML"), ..PRODUCT };
        let bare = words(&product, "");
        assert!(bare.starts_with("nannyml sends pseudonymous usage data"), "{bare}");
        assert!(bare.contains("set NML_DISABLE_USAGE_LOGGING=1.\n"), "{bare}");
        let product = Product { data_sheet: Some("https://example.com/TELEMETRY.md"), ..product };
        let full = words(&product, "Hello!");
        assert!(full.starts_with("Hello!\n\nnannyml sends pseudonymous usage data"), "{full}");
        assert!(full.contains("=1. All that it could send: https://example.com/TELEMETRY.md\n"), "{full}");
    }

    #[test]
    fn the_notice_is_given_for_each_catalogue_once_and_a_known_program_is_not_read() {
        let unread = || unreachable!("the catalogue is read");
        let first = Given::after("", "program", || Some("events".to_owned())).unwrap();
        assert!(first.is_news);
        assert!(Given::after(&first.lines, "program", unread).is_none());
        let updated = Given::after(&first.lines, "update", || Some("events".to_owned())).unwrap();
        assert!(!updated.is_news, "the update has the same events");
        let changed = Given::after(&updated.lines, "change", || Some("other events".to_owned())).unwrap();
        assert!(changed.is_news);
        assert!(Given::after(&changed.lines, "program", unread).is_none(), "an older program is known, too");
        assert!(Given::after("", "program", || None).is_none(), "no catalogue can be read");
    }

    #[test]
    fn the_file_stays_within_its_bound() {
        let mut lines = String::new();
        for number in 0..100 {
            let line = |what| line_of(&format!("{what} {number}"));
            lines = Given::after(&lines, &line("program"), || Some(line("events"))).unwrap().lines;
        }
        assert!(lines.lines().count() == MOST_LINES && lines.len() as u64 <= LIMIT);
    }

    #[test]
    fn other_events_of_the_product_make_another_catalogue() {
        let product = |name: &str, events: &[&str]| {
            let event = |name: &&str| CatalogEvent { name: (*name).to_owned(), ..CatalogEvent::default() };
            let events = events.iter().map(event).collect();
            CatalogProduct { name: name.to_owned(), events, ..CatalogProduct::default() }
        };
        let digest = |products: &[CatalogProduct]| digest(&Catalog { products: products.to_vec() }, "ours");
        let one = digest(&[product("ours", &["Fit"])]);
        assert_eq!(one, digest(&[product("other", &["Plot"]), product("ours", &["Fit"])]));
        assert_ne!(one, digest(&[product("ours", &["Fit", "Plot"])]));
    }

    #[test]
    fn no_notice_is_given_where_logging_is_off() {
        static USAGE: UsageLogger = UsageLogger::new("notice", "1.0.0");
        assert_eq!(USAGE.notice_for_a_reader("Hello!"), None, "this is a test");
    }

    #[test]
    fn a_child_gets_the_opt_out_of_its_parent() {
        static USAGE: UsageLogger = UsageLogger::new("notice", "1.0.0");
        USAGE.disable();
        let mut child = Command::new("child");
        let variables: Vec<_> = USAGE.for_child(&mut child).get_envs().collect();
        assert_eq!(variables, [("NOTICE_DISABLE_USAGE_LOGGING".as_ref(), Some("1".as_ref()))]);
    }
}
