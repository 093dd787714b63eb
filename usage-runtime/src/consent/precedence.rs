//! The precedence of the switches, as one pure function of what each of them says.

use super::decision::{Decision, Reason};
use super::dotenv::Findings;
use super::stored::Choice;
use super::switch::InCode;
use super::variable::DO_NOT_TRACK;

/// What every switch says.
#[derive(Clone, Debug)]
pub(super) struct Answers {
    pub(super) in_code: InCode,
    pub(super) borrowed_rights: bool,
    pub(super) do_not_track: bool,
    /// The test harness that runs the program, unless the author wants events from there.
    pub(super) harness: Option<&'static str>,
    /// The name of the product's own variable, if it is present.
    pub(super) own_variable: Option<String>,
    pub(super) stored: Choice,
    pub(super) dotenv: Findings,
}

/// The decision. The first row that applies makes it:
///
/// | # | answer | decision | undone by `enable` in code |
/// |---|---|---|---|
/// | 0 | the program was built with `--cfg usage_logging_off` (`decide` then asks nothing) | off | no |
/// | 1 | the process has rights that its caller has not | off | no |
/// | 2 | code disabled the product, or all of them | off | by the later call |
/// | 3 | `DO_NOT_TRACK` in the environment | off | no |
/// | 4 | a test harness | off | no |
/// | 5 | the product's own variable | off | yes |
/// | 6 | the stored choice says off, or nobody knows what it says | off | no |
/// | 7 | `DO_NOT_TRACK` in a `.env` | off | no |
/// | 8 | a `.env` that cannot be read or looked for | off | no: it could hold row 7 |
/// | 9 | the product's own variable in a `.env` | off | yes |
/// | 10 | none of these | on | |
///
/// Rows 1 to 5 need no file, so a no from there stands whatever the files say.
pub(super) fn resolve(answers: Answers) -> Decision {
    Decision::because(reason(answers))
}

fn reason(answers: Answers) -> Reason {
    let Answers { in_code, borrowed_rights, do_not_track, harness, own_variable, stored, dotenv } = answers;
    let enabled = in_code.says_yes();
    if borrowed_rights {
        return Reason::BorrowedRights;
    }
    if in_code.says_no() {
        return Reason::DisabledInCode;
    }
    if do_not_track {
        return Reason::Variable { name: DO_NOT_TRACK.to_owned() };
    }
    if let Some(harness) = harness {
        return Reason::TestHarness { harness };
    }
    if let Some(name) = own_variable.filter(|_| !enabled) {
        return Reason::Variable { name };
    }
    match stored {
        Choice::Off(path) => return Reason::StoredChoice { path },
        Choice::Unreadable(path) => return Reason::Unreadable { path },
        Choice::Unsaid | Choice::On => {}
    }
    let of_dotenv = dotenv.do_not_track.or(dotenv.doubt).or(dotenv.own_name.filter(|_| !enabled));
    of_dotenv.unwrap_or(if enabled { Reason::EnabledInCode } else { Reason::Default })
}

#[cfg(test)]
mod tests {
    use super::super::switch::Switch;
    use super::*;
    use std::path::PathBuf;

    const SWITCHES: [Switch; 3] = [Switch::Unset, Switch::Disabled, Switch::Enabled];

    fn choices() -> [Choice; 4] {
        let path = PathBuf::from("/state/choice");
        [Choice::Unsaid, Choice::On, Choice::Off(path.clone()), Choice::Unreadable(path)]
    }

    fn at_line(line: usize) -> Reason {
        Reason::DotEnv { path: PathBuf::from("/.env"), line, name: String::new() }
    }

    /// All 4608 combinations of what the switches can say.
    fn all_answers() -> impl Iterator<Item = Answers> {
        (0..3 * 3 * 4 * 128).map(|number: usize| {
            let bit = |bit: usize| ((number / 36) >> bit) & 1 == 1;
            Answers {
                in_code: InCode { process: SWITCHES[number % 3], product: SWITCHES[number / 3 % 3] },
                stored: choices()[number / 9 % 4].clone(),
                borrowed_rights: bit(0),
                do_not_track: bit(1),
                harness: bit(2).then_some("a test"),
                own_variable: bit(3).then(|| "OWN".to_owned()),
                dotenv: Findings {
                    do_not_track: bit(4).then(|| at_line(1)),
                    doubt: bit(5).then_some(Reason::UnknownFolder),
                    own_name: bit(6).then(|| at_line(2)),
                },
            }
        })
    }

    /// The rows of the table, said another way: all reasons that hold, the deciding one first.
    fn reasons_to_be_off(answers: &Answers) -> Vec<Reason> {
        let InCode { process, product } = answers.in_code;
        let disabled = process == Switch::Disabled || product == Switch::Disabled;
        let undone = !disabled && (process == Switch::Enabled || product == Switch::Enabled);
        let path = PathBuf::from("/state/choice");
        let rows = [
            (answers.borrowed_rights, Reason::BorrowedRights),
            (disabled, Reason::DisabledInCode),
            (answers.do_not_track, Reason::Variable { name: "DO_NOT_TRACK".to_owned() }),
            (answers.harness.is_some(), Reason::TestHarness { harness: "a test" }),
            (answers.own_variable.is_some() && !undone, Reason::Variable { name: "OWN".to_owned() }),
            (matches!(answers.stored, Choice::Off(_)), Reason::StoredChoice { path: path.clone() }),
            (matches!(answers.stored, Choice::Unreadable(_)), Reason::Unreadable { path }),
            (answers.dotenv.do_not_track.is_some(), at_line(1)),
            (answers.dotenv.doubt.is_some(), Reason::UnknownFolder),
            (answers.dotenv.own_name.is_some() && !undone, at_line(2)),
        ];
        rows.into_iter().filter(|(holds, _)| *holds).map(|(_, reason)| reason).collect()
    }

    #[test]
    fn every_combination_of_answers_is_decided_as_the_table_says() {
        let mut on = 0;
        for answers in all_answers() {
            let decision = resolve(answers.clone());
            let reasons = reasons_to_be_off(&answers);
            assert_eq!(decision.is_on(), reasons.is_empty(), "{answers:?}");
            if let Some(first) = reasons.first() {
                assert_eq!(decision.reason(), first, "{answers:?}");
            } else {
                on += 1;
            }
        }
        // 3 ways for code to say yes × 4 for what a yes undoes × 2 stored, and 1 with code silent.
        assert_eq!(on, 3 * 4 * 2 + 2);
    }

    #[test]
    fn what_is_on_says_whether_code_asked_for_it() {
        for answers in all_answers() {
            let yes = [answers.in_code.process, answers.in_code.product].contains(&Switch::Enabled);
            let decision = resolve(answers);
            if decision.is_on() {
                let reason = if yes { Reason::EnabledInCode } else { Reason::Default };
                assert_eq!(decision.reason(), &reason);
            }
        }
    }

    /// Lets `decide` leave the files alone once a quick switch said no.
    #[test]
    fn no_file_can_change_a_no_that_needed_none() {
        for answers in all_answers() {
            let quick = Answers { stored: Choice::Unsaid, dotenv: Findings::default(), ..answers.clone() };
            let quick = resolve(quick);
            if !quick.is_on() {
                assert_eq!(resolve(answers), quick);
            }
        }
    }
}
