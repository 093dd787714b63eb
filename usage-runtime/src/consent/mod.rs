//! May we send? Gathers what every switch says and asks which one decides. Changes nothing
//! but the stored choice when an end user makes one, and reads no machine id.

mod decision;
mod dotenv;
mod dotenv_line;
mod precedence;
mod stored;
mod switch;
mod test_harness;
mod trail;
mod variable;

pub use decision::{Decision, Reason};
pub(crate) use switch::{InCode, Switch};

use std::env;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use crate::product::Product;
use crate::state_folder;
use crate::surroundings::Surroundings;
use precedence::{Answers, resolve};
use trail::Trail;

/// What somebody who asks again and again for a moment need not find out anew: never what a switch
/// said, only where they are to be looked for.
#[derive(Default)]
pub(crate) struct Memory {
    executable: Option<PathBuf>,
    /// The product's own variable.
    own_name: Option<String>,
    /// Where a choice is stored.
    choice: Option<PathBuf>,
    trail: Option<Trail>,
}

/// Decides, from the process's surroundings as they are now, whether `product` may log.
///
/// Touches no file while a switch that costs nothing says no.
pub(crate) fn decide(product: &Product, in_code: InCode, memory: &mut Memory) -> Decision {
    if crate::IS_LEFT_OUT {
        return Decision::because(Reason::LeftOut);
    }
    let surroundings = Surroundings::of_this_process_in(memory.executable.take());
    let mut choice = memory.choice.take();
    let stored = || {
        choice = choice.take().or_else(|| state_folder::path(product).map(|folder| stored::file_in(&folder)));
        stored::read(choice.as_deref())
    };
    let decision = decide_in(&surroundings, product, in_code, memory, stored);
    memory.executable = surroundings.executable;
    memory.choice = choice;
    decision
}

/// Stores the end user's choice in a product's folder.
pub(crate) fn store(folder: &Path, on: bool) -> io::Result<()> {
    stored::write(folder, on)
}

/// Whether a variable says no for certain. Other switches may say so before it does, and be the reason
/// then; but none can make a yes of it. Looks at nothing else, for programs that are off from their start.
pub(crate) fn is_off_by_variable(product: &Product, in_code: InCode) -> bool {
    a_variable_says_no(|name| env::var_os(name), product, in_code)
}

fn a_variable_says_no(
    value_of: impl Fn(&str) -> Option<OsString>,
    product: &Product,
    in_code: InCode,
) -> bool {
    value_of(variable::DO_NOT_TRACK).is_some_and(|value| variable::is_no(&value))
        || (!in_code.says_yes() && value_of(&product.opt_out_variable()).is_some())
}

fn decide_in(
    surroundings: &Surroundings,
    product: &Product,
    in_code: InCode,
    memory: &mut Memory,
    stored: impl FnOnce() -> stored::Choice,
) -> Decision {
    let Memory { own_name, trail, .. } = memory;
    let own_name = own_name.get_or_insert_with(|| product.opt_out_variable());
    let quick = quick_answers(surroundings, product, own_name, in_code);
    // The precedence has the quick answers first: if they say no, the files cannot change it.
    let decision = resolve(quick.clone());
    if !decision.is_on() {
        return decision;
    }
    let dotenv = dotenv::search(surroundings, own_name, trail);
    resolve(Answers { stored: stored(), dotenv, ..quick })
}

/// The answers that need no file.
fn quick_answers(surroundings: &Surroundings, product: &Product, own_name: &str, in_code: InCode) -> Answers {
    Answers {
        in_code,
        borrowed_rights: surroundings.borrowed_rights,
        do_not_track: variable::do_not_track(surroundings),
        harness: if product.in_tests { None } else { test_harness::find(surroundings) },
        own_variable: variable::own(surroundings, own_name),
        stored: stored::Choice::Unsaid,
        dotenv: dotenv::Findings::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::product;
    use crate::surroundings::Folder;

    const PRODUCT: Product = Product { env_prefix: Some("NML"), ..product::tests::PRODUCT };
    const UNSET: InCode = InCode { process: Switch::Unset, product: Switch::Unset };
    const ENABLED: InCode = InCode { process: Switch::Enabled, product: Switch::Unset };

    fn decide_quietly(surroundings: &Surroundings, in_code: InCode) -> Decision {
        decide_in(surroundings, &PRODUCT, in_code, &mut Memory::default(), || stored::Choice::Unsaid)
    }

    #[test]
    fn with_nothing_said_logging_is_on() {
        let folder = Folder::with(&[]);
        let decision = decide_quietly(&Surroundings::made_of(&folder), UNSET);
        assert_eq!(decision.reason(), &Reason::Default);
        assert!(decision.is_on());
    }

    #[test]
    fn the_products_own_variable_is_obeyed_and_can_be_overridden_in_code() {
        let folder = Folder::with(&[]);
        let surroundings = Surroundings::made_of(&folder).with_variable("NML_DISABLE_USAGE_LOGGING", "");
        let reason = Reason::Variable { name: "NML_DISABLE_USAGE_LOGGING".to_owned() };
        assert_eq!(decide_quietly(&surroundings, UNSET).reason(), &reason);
        assert!(decide_quietly(&surroundings, ENABLED).is_on());
    }

    #[test]
    fn a_variable_says_no_for_certain_where_the_decision_is_no_whatever_else_is_said() {
        let folder = Folder::with(&[]);
        let switches = [Switch::Unset, Switch::Disabled, Switch::Enabled];
        let all_in_code = switches.map(|process| switches.map(|product| InCode { process, product }));
        for in_code in all_in_code.into_iter().flatten() {
            for name in ["DO_NOT_TRACK", "NML_DISABLE_USAGE_LOGGING", "OTHER"] {
                for value in ["", "0", "false", "1", "x"] {
                    let surroundings = Surroundings::made_of(&folder).with_variable(name, value);
                    let says_no = a_variable_says_no(|name| surroundings.variable(name), &PRODUCT, in_code);
                    let is_on = decide_quietly(&surroundings, in_code).is_on();
                    let is_off_in_code = in_code.says_no();
                    assert_eq!(says_no || is_off_in_code, !is_on, "{name}={value:?} {in_code:?}");
                    assert!(!(says_no && is_on));
                }
            }
        }
    }

    #[test]
    fn a_dotenv_is_asked_when_no_variable_says_no() {
        let folder = Folder::with(&[("work/.env", "A=1\nNML_DISABLE_USAGE_LOGGING=0\n")]);
        let surroundings = Surroundings::made_of(&folder);
        let name = "NML_DISABLE_USAGE_LOGGING".to_owned();
        let reason = Reason::DotEnv { path: folder.path("work/.env"), line: 2, name };
        assert_eq!(decide_quietly(&surroundings, UNSET).reason(), &reason);
        assert!(decide_quietly(&surroundings, ENABLED).is_on());
    }

    #[test]
    fn a_stored_choice_is_not_even_read_when_a_variable_says_no() {
        let folder = Folder::with(&[]);
        let surroundings = Surroundings::made_of(&folder).with_variable("DO_NOT_TRACK", "1");
        let decision = decide_in(&surroundings, &PRODUCT, ENABLED, &mut Memory::default(), || {
            unreachable!("read after all")
        });
        assert_eq!(decision.reason(), &Reason::Variable { name: "DO_NOT_TRACK".to_owned() });
    }

    #[test]
    fn only_an_author_who_asks_for_it_logs_in_tests() {
        let folder = Folder::with(&[]);
        let surroundings = Surroundings::made_of(&folder).with_variable("NEXTEST", "1");
        assert!(matches!(decide_quietly(&surroundings, ENABLED).reason(), Reason::TestHarness { .. }));
        let product = Product { in_tests: true, ..PRODUCT };
        assert!(
            decide_in(&surroundings, &product, UNSET, &mut Memory::default(), || stored::Choice::Unsaid)
                .is_on()
        );
    }

    #[test]
    fn this_very_test_is_off() {
        assert!(matches!(
            decide(&PRODUCT, UNSET, &mut Memory::default()).reason(),
            Reason::TestHarness { .. } | Reason::Variable { .. }
        ));
    }
}
