//! Which switch wins. Pure, and one table:
//!
//! | | says | can code switch it on again? |
//! |---|---|---|
//! | 1 | borrowed rights: off | no |
//! | 2 | `DO_NOT_TRACK`, as a variable or in a `.env`: off | no |
//! | 3 | the end user's stored choice: off | no |
//! | 4 | code, for the process or for the product: off | by the same functions |
//! | 5 | a test harness: off | no; the author asks for it on the logger |
//! | 6 | the product's own variable, in the environment or in a `.env`: off | yes |
//!
//! Who says no wins over who says yes, in code, too.

use super::{Decision, InCode, Reason, Switch};

/// What each switch said; `None` where it said nothing.
#[derive(Clone)]
pub(crate) struct Answers {
    pub(crate) borrowed_rights: bool,
    pub(crate) do_not_track: Option<Reason>,
    pub(crate) stored: Option<Reason>,
    pub(crate) in_code: InCode,
    pub(crate) test: bool,
    pub(crate) own: Option<Reason>,
}

/// The decision, with its reason.
pub(crate) fn decide(answers: Answers) -> Decision {
    let in_code = [answers.in_code.process, answers.in_code.product];
    if answers.borrowed_rights {
        return Decision::off(Reason::BorrowedRights);
    }
    if let Some(reason) = answers.do_not_track.or(answers.stored) {
        return Decision::off(reason);
    }
    if in_code.contains(&Switch::Disabled) {
        return Decision::off(Reason::DisabledInCode);
    }
    if answers.test {
        return Decision::off(Reason::Test);
    }
    match answers.own {
        None => Decision::on(Reason::Default),
        Some(_) if in_code.contains(&Switch::Enabled) => Decision::on(Reason::EnabledInCode),
        Some(reason) => Decision::off(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SWITCHES: [Switch; 3] = [Switch::Unset, Switch::Disabled, Switch::Enabled];
    const EITHER: [bool; 2] = [false, true];

    /// The rule in other words, over all 144 combinations: on, if nothing says no; what code may
    /// override is the product's own switch and nothing else.
    #[test]
    fn every_combination_is_decided_by_the_table() {
        for (process, product) in
            SWITCHES.into_iter().flat_map(|process| SWITCHES.map(|product| (process, product)))
        {
            for bits in 0..16_u8 {
                let [rights, track, test, own] = [1, 2, 4, 8].map(|bit| bits & bit != 0);
                for stored in EITHER {
                    let said = |name: &str, says: bool| says.then(|| Reason::Variable(name.to_owned()));
                    let decision = decide(Answers {
                        borrowed_rights: rights,
                        do_not_track: said("DO_NOT_TRACK", track),
                        stored: said("stored", stored),
                        in_code: InCode { process, product },
                        test,
                        own: said("own", own),
                    });
                    let code_says = |switch| process == switch || product == switch;
                    let is_forced_off = rights || track || stored || test || code_says(Switch::Disabled);
                    let is_on = !is_forced_off && (!own || code_says(Switch::Enabled));
                    assert_eq!(decision.is_on(), is_on, "{bits:04b} {stored} {process:?} {product:?}");
                    let is_plain = matches!(decision.reason(), Reason::Default);
                    assert_eq!(is_plain, is_on && !own, "only the default has no reason");
                }
            }
        }
    }

    #[test]
    fn the_strongest_switch_is_the_one_that_is_named() {
        let answers = |in_code| Answers {
            borrowed_rights: false,
            do_not_track: Some(Reason::Variable("DO_NOT_TRACK".to_owned())),
            stored: Some(Reason::StoredChoice("choice".into())),
            in_code,
            test: true,
            own: Some(Reason::Variable("NML_DISABLE_USAGE_LOGGING".to_owned())),
        };
        let in_code = InCode { process: Switch::Disabled, product: Switch::Enabled };
        assert_eq!(decide(answers(in_code)).reason(), &Reason::Variable("DO_NOT_TRACK".to_owned()));
        let stored = decide(Answers { do_not_track: None, ..answers(in_code) });
        assert_eq!(stored.reason(), &Reason::StoredChoice("choice".into()));
        let disabled = decide(Answers { do_not_track: None, stored: None, ..answers(in_code) });
        assert_eq!(disabled.reason(), &Reason::DisabledInCode);
    }
}
