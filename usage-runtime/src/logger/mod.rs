//! `UsageLogger`: the one static of a product, as authors make it and ask it.

mod builder;
mod decisions;

use std::cell::UnsafeCell;
use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use crate::all_products::Link;
use crate::catalog::descriptor::ProductDescriptor;
use crate::consent::Switch;
use crate::delivery::{self, Outbox};
use crate::execution::budget::Allowance;
use crate::execution::overflow::{self, Overflows};
use crate::explain::Explanation;
use crate::identity;
use crate::per_process::PerProcess;
use crate::product::Product;
use crate::sys::Shared;

/// Segment's endpoint in the United States, the default of every Segment client.
const SEGMENT: &str = "https://api.segment.io";

/// The usage logging of one product: who it is, where its events go, whether it may log at all.
///
/// Make it a `static` named `USAGE` at the root of your crate; the attribute finds it there.
///
/// ```
/// use usage_runtime::UsageLogger;
///
/// pub static USAGE: UsageLogger =
///     UsageLogger::new("nannyml", env!("CARGO_PKG_VERSION")).write_key("your write key").env_prefix("NML");
/// ```
pub struct UsageLogger {
    /// What the catalogue calls the product. The compiler reads it for each annotated function.
    pub(crate) key: [u8; 16],
    parts: Shared<Parts>,
}

/// What else is in a logger; behind a door, for the compiler would look at it for each annotated function.
struct Parts {
    product: Product,
    /// The product's line in the catalogue.
    descriptor: ProductDescriptor,
    /// What was decided last; the only thing that a call reads when logging is off.
    last_decision: AtomicU8,
    /// What the product's own code said, see [`Switch`].
    switch: AtomicU8,
    /// The call sites whose budget was ever spent.
    overflows: Overflows,
    /// What this process has recorded and not yet delivered.
    outbox: PerProcess<Outbox>,
    /// Its place in the list of all products.
    link: Link,
}

impl UsageLogger {
    /// A logger for `product` (its name in lower case, as users know it) at `version`.
    ///
    /// The name gives the property `<product>_version` and, unless
    /// [`env_prefix`](Self::env_prefix) says otherwise, the names of the variables.
    ///
    /// ```
    /// # use usage_runtime::UsageLogger;
    /// static USAGE: UsageLogger = UsageLogger::new("model-watch", "1.2.0");
    /// assert_eq!(USAGE.explain().opt_out_variable, "MODEL_WATCH_DISABLE_USAGE_LOGGING");
    /// ```
    #[must_use]
    pub const fn new(product: &'static str, version: &'static str) -> Self {
        let product = Product {
            name: product,
            version,
            write_key: "",
            env_prefix: None,
            endpoint: SEGMENT,
            data_sheet: None,
            has_identity: true,
            in_tests: false,
            error_crates: &[],
            budget: Some(Allowance::DEFAULT),
        };
        let descriptor = ProductDescriptor::of(&product);
        let key = descriptor.key;
        let parts = Parts {
            descriptor,
            product,
            last_decision: AtomicU8::new(decisions::NONE),
            switch: AtomicU8::new(Switch::Unset as u8),
            overflows: Overflows::none(),
            outbox: PerProcess::new(),
            link: Link::new(),
        };
        Self { key, parts: Shared(UnsafeCell::new(parts)) }
    }

    /// On whatever the surroundings say: for unit tests, which must not depend on them.
    #[cfg(test)]
    pub(crate) const fn always_on(mut self) -> Self {
        self.parts.get_mut().last_decision = AtomicU8::new(decisions::ON);
        self
    }

    /// Switches this product's logging on again after [`disable`](Self::disable), and over its
    /// own opt-out variable. It overrides neither `DO_NOT_TRACK`, nor a stored choice, nor
    /// [`disable_usage_logging`](crate::disable_usage_logging).
    ///
    /// ```
    /// # use usage_runtime::UsageLogger;
    /// static USAGE: UsageLogger = UsageLogger::new("model-watch", "1.2.0");
    /// USAGE.disable();
    /// USAGE.enable();
    /// ```
    pub fn enable(&'static self) {
        self.switch_to(Switch::Enabled);
    }

    /// Switches this product's logging off for this process, and deletes what it has recorded and
    /// not yet sent.
    ///
    /// ```
    /// # use usage_runtime::UsageLogger;
    /// static USAGE: UsageLogger = UsageLogger::new("model-watch", "1.2.0");
    /// USAGE.disable();
    /// assert_eq!(USAGE.explain().decision.to_string(), "off: code of this program switched it off");
    /// ```
    pub fn disable(&'static self) {
        self.switch_to(Switch::Disabled);
    }

    /// Whether a call would be recorded now. Decides it, if that was not done yet.
    ///
    /// ```
    /// # use usage_runtime::UsageLogger;
    /// static USAGE: UsageLogger = UsageLogger::new("model-watch", "1.2.0");
    /// assert!(!USAGE.is_enabled()); // this example is a test
    /// ```
    #[must_use]
    pub fn is_enabled(&'static self) -> bool {
        self.is_on()
    }

    /// The pseudonymous id that events carry as `userId`; `None` while logging is off, since the
    /// machine's id is not read then.
    ///
    /// On Linux it is what `systemd-id128 machine-id --uuid --app-specific=<app id>` prints;
    /// [`explain`](Self::explain) has the app id.
    ///
    /// ```
    /// # use usage_runtime::UsageLogger;
    /// static USAGE: UsageLogger = UsageLogger::new("model-watch", "1.2.0");
    /// assert_eq!(USAGE.user_id(), None); // this example is a test, so logging is off
    /// ```
    #[must_use]
    pub fn user_id(&'static self) -> Option<String> {
        self.is_on().then(|| identity::of(self.product()).user_id)
    }

    /// Waits until everything recorded so far was delivered, `timeout` at most; returns whether
    /// nothing is left to be sent. What a server refuses for good is not left; [`explain`](Self::explain)
    /// has the numbers. Never needed for correctness: what is left is sent by a later process.
    ///
    /// ```
    /// # use usage_runtime::UsageLogger;
    /// # use std::time::Duration;
    /// static USAGE: UsageLogger = UsageLogger::new("model-watch", "1.2.0");
    /// assert!(USAGE.flush(Duration::from_secs(1))); // nothing was recorded
    /// ```
    pub fn flush(&'static self, timeout: Duration) -> bool {
        if crate::IS_LEFT_OUT {
            return true;
        }
        self.settle_budgets();
        delivery::flush(self, timeout)
    }

    /// Whether logging is on, who decided that, and what became of the events so far.
    ///
    /// ```
    /// # use usage_runtime::UsageLogger;
    /// static USAGE: UsageLogger = UsageLogger::new("model-watch", "1.2.0");
    /// println!("{}", USAGE.explain());
    /// ```
    #[must_use]
    pub fn explain(&'static self) -> Explanation {
        Explanation::of(self)
    }

    pub(crate) const fn product(&self) -> &Product {
        &self.parts().product
    }

    pub(crate) const fn overflows(&self) -> &Overflows {
        &self.parts().overflows
    }

    pub(crate) const fn outbox(&self) -> &PerProcess<Outbox> {
        &self.parts().outbox
    }

    pub(crate) const fn link(&self) -> &Link {
        &self.parts().link
    }

    #[inline]
    const fn parts(&self) -> &Parts {
        self.parts.get()
    }

    /// Refills budgets that were spent; returns how long until that is due again.
    pub(crate) fn refill_budgets(&'static self) -> Option<Duration> {
        overflow::refill(self.overflows(), self.product().budget)
    }

    /// Makes events of the calls that were only counted so far.
    pub(crate) fn settle_budgets(&'static self) {
        if self.parts().last_decision.load(Ordering::Relaxed) == decisions::ON {
            overflow::settle(self.overflows());
        }
    }
}

impl fmt::Debug for UsageLogger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UsageLogger").field("product", self.product()).finish_non_exhaustive()
    }
}
