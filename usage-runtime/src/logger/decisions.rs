//! What a logger decides: whether calls are recorded, and what follows from an opt-out. A call looks at
//! the last decision alone; whoever moves a switch, and the sender before each request, decides anew.

use std::sync::atomic::Ordering;

use super::UsageLogger;
use crate::consent::{self, Decision, InCode, Switch};
use crate::execution::overflow;
use crate::{all_products, delivery};

/// Nothing was decided yet.
pub(super) const NONE: u8 = 0;
const OFF: u8 = 1;
pub(super) const ON: u8 = 2;

impl UsageLogger {
    /// Whether calls are known to be of no interest: the hot question of every annotated call.
    #[inline]
    pub(crate) fn is_off(&self) -> bool {
        self.parts().last_decision.load(Ordering::Relaxed) == OFF
    }

    /// Whether a call would be recorded now.
    pub(crate) fn is_on(&'static self) -> bool {
        if crate::IS_LEFT_OUT {
            return false;
        }
        match self.parts().last_decision.load(Ordering::Relaxed) {
            OFF => false,
            ON => true,
            _ => self.decide_first(),
        }
    }

    #[cold]
    fn decide_first(&'static self) -> bool {
        let in_code = self.in_code();
        if consent::is_off_by_variable(self.product(), in_code) {
            all_products::list(self);
            self.parts().last_decision.store(OFF, Ordering::SeqCst);
            // As in `decide_again`.
            if self.in_code() == in_code {
                return false;
            }
        }
        self.decide().is_on()
    }

    /// Decides anew: consent can be withdrawn while the process runs. Remembers the answer for
    /// the next calls.
    pub(crate) fn decide(&'static self) -> Decision {
        self.decide_again(&mut consent::Memory::default())
    }

    /// Decides anew, at less cost the second time.
    pub(crate) fn decide_again(&'static self, memory: &mut consent::Memory) -> Decision {
        all_products::list(self);
        loop {
            let in_code = self.in_code();
            let decision = consent::decide(self.product(), in_code, memory);
            self.parts().last_decision.store(if decision.is_on() { ON } else { OFF }, Ordering::SeqCst);
            // Another thread that moved a switch meanwhile may have remembered its answer before
            // ours, which knows nothing of it.
            if self.in_code() == in_code {
                return decision;
            }
        }
    }

    /// Moves the product's own switch.
    pub(crate) fn switch_to(&'static self, switch: Switch) {
        self.parts().switch.store(switch as u8, Ordering::SeqCst);
        self.switched();
    }

    /// After a switch moved: decides anew and, if that is an opt-out, deletes what is not sent.
    pub(crate) fn switched(&'static self) {
        if !crate::IS_LEFT_OUT && !self.decide().is_on() {
            overflow::forget(self.overflows());
            delivery::discard(self);
        }
    }

    fn in_code(&self) -> InCode {
        InCode {
            process: all_products::switch(),
            product: Switch::from_u8(self.parts().switch.load(Ordering::SeqCst)),
        }
    }
}
