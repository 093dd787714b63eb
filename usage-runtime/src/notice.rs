//! The first-run notice, for programs and never for libraries, and the opt-out that a program hands
//! to the programs it starts. Prints nothing itself.

use std::io::{self, IsTerminal};
use std::process::Command;

use crate::environment;
use crate::kept_file;
use crate::logger::UsageLogger;
use crate::small_file;
use crate::state_folder;
use crate::sys;

/// The file that says that the notice was given.
const FILE: &str = "notice";

impl UsageLogger {
    /// The words of a first-run notice, once for each end user and product, for a program to print to
    /// standard error; `None` from then on. Also `None` where nobody would read it, which is when
    /// logging is off, in continuous integration, when standard error is no terminal, or when it cannot be
    /// stored that the notice was given.
    ///
    /// The run that gets the notice logs nothing from then on, so that the end user can choose
    /// first; [`enable`](Self::enable) undoes that.
    ///
    /// ```
    /// # use usage_runtime::UsageLogger;
    /// static USAGE: UsageLogger = UsageLogger::new("model-watch", "1.2.0");
    /// if let Some(notice) = USAGE.first_run_notice() {
    ///     eprintln!("{notice}");
    /// }
    /// ```
    #[must_use]
    pub fn first_run_notice(&'static self) -> Option<String> {
        if !io::stderr().is_terminal() {
            return None;
        }
        self.notice_for_a_reader()
    }

    /// The same for a reader who is there.
    fn notice_for_a_reader(&'static self) -> Option<String> {
        if sys::has_borrowed_rights() || !self.decide().is_on() || environment::detect().ci.is_some() {
            return None;
        }
        let folder = state_folder::path(&self.product)?;
        if small_file::read(&folder.join(FILE), 64).ok()?.is_some() {
            return None;
        }
        kept_file::write(&folder, FILE, b"given\n").ok()?;
        self.disable();
        Some(words(self.product.name, &self.product.opt_out_variable()))
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
            child.env(self.product.opt_out_variable(), "1");
        }
        child
    }
}

fn words(product: &str, variable: &str) -> String {
    format!(
        "{product} sends pseudonymous usage data to its makers: which functions are used, how long they \
         take and how they fail; never arguments, data or messages.\nTo switch it off, set {variable}=1. \
         Nothing is sent in this run."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_say_what_is_sent_and_how_to_stop_it() {
        let words = words("nannyml", "NML_DISABLE_USAGE_LOGGING");
        assert!(words.contains("pseudonymous usage data") && words.contains("NML_DISABLE_USAGE_LOGGING=1"));
    }

    #[test]
    fn no_notice_is_given_where_logging_is_off() {
        static USAGE: UsageLogger = UsageLogger::new("notice", "1.0.0");
        assert_eq!(USAGE.notice_for_a_reader(), None, "this is a test");
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
