//! `UsageLogger`: the one static of a product, as authors make it and ask it.

mod decisions;

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
    pub(crate) product: Product,
    /// The product's line in the catalogue.
    pub(crate) descriptor: ProductDescriptor,
    /// What was decided last; the only thing that a call reads when logging is off.
    last_decision: AtomicU8,
    /// What the product's own code said, see [`Switch`].
    switch: AtomicU8,
    /// The call sites whose budget was ever spent.
    pub(crate) overflows: Overflows,
    /// What this process has recorded and not yet delivered.
    pub(crate) outbox: PerProcess<Outbox>,
    /// Its place in the list of all products.
    pub(crate) link: Link,
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
        Self {
            descriptor: ProductDescriptor::of(&product),
            product,
            last_decision: AtomicU8::new(decisions::NONE),
            switch: AtomicU8::new(Switch::Unset as u8),
            overflows: Overflows::none(),
            outbox: PerProcess::new(),
            link: Link::new(),
        }
    }

    /// Segment's write key of the source that receives the events. It is public by design: it can
    /// only add events, never read any.
    ///
    /// While it is empty, events are recorded and held back; [`explain`](Self::explain) says so.
    ///
    /// ```
    /// # use usage_runtime::UsageLogger;
    /// static USAGE: UsageLogger = UsageLogger::new("model-watch", "1.2.0").write_key("your write key");
    /// ```
    #[must_use]
    pub const fn write_key(mut self, key: &'static str) -> Self {
        self.product.write_key = key;
        self
    }

    /// The prefix of the variables: `"NML"` gives `NML_DISABLE_USAGE_LOGGING`,
    /// `NML_PRINT_USAGE_LOGGING` and `NML_USAGE_ENDPOINT`.
    ///
    /// Without it the prefix is the product's name in upper case, with `_` for everything that is
    /// neither letter nor digit.
    ///
    /// ```
    /// # use usage_runtime::UsageLogger;
    /// static USAGE: UsageLogger = UsageLogger::new("nannyml", "1.0.0").env_prefix("NML");
    /// assert_eq!(USAGE.explain().opt_out_variable, "NML_DISABLE_USAGE_LOGGING");
    /// ```
    #[must_use]
    pub const fn env_prefix(mut self, prefix: &'static str) -> Self {
        self.product.env_prefix = Some(prefix);
        self.descriptor = ProductDescriptor::of(&self.product);
        self
    }

    /// The receiving host, by default `https://api.segment.io`; Segment's European workspaces use
    /// `https://events.eu1.segmentapis.com`.
    ///
    /// `/v1/batch` is added to it. Plain `http` is accepted for loopback alone; anything else is
    /// refused: events are then held back, and [`explain`](Self::explain) says so.
    ///
    /// ```
    /// use usage_runtime::{Destination, UsageLogger};
    ///
    /// static EUROPE: UsageLogger =
    ///     UsageLogger::new("model-watch", "1.2.0").endpoint("https://events.eu1.segmentapis.com");
    /// static PLAIN: UsageLogger = UsageLogger::new("model-watch", "1.2.0").endpoint("http://example.com");
    /// assert!(matches!(EUROPE.explain().delivery.destination, Destination::Endpoint(_)));
    /// assert!(matches!(PLAIN.explain().delivery.destination, Destination::Refused { .. }));
    /// ```
    #[must_use]
    pub const fn endpoint(mut self, url: &'static str) -> Self {
        self.product.endpoint = url;
        self.descriptor = ProductDescriptor::of(&self.product);
        self
    }

    /// Where end users find the product's data sheet, see [`catalog`](crate::catalog): an address. The
    /// first-run notice and the `usage` subcommand say it.
    ///
    /// ```
    /// # use usage_runtime::UsageLogger;
    /// static USAGE: UsageLogger = UsageLogger::new("model-watch", "1.2.0")
    ///     .data_sheet("https://example.com/model-watch/TELEMETRY.md");
    /// ```
    #[must_use]
    pub const fn data_sheet(mut self, address: &'static str) -> Self {
        self.product.data_sheet = Some(address);
        self
    }

    /// Leaves the end user without an id: each process has a random one that ends with it, and the
    /// machine's id is never read. Events can be counted then, and users not.
    ///
    /// ```
    /// # use usage_runtime::UsageLogger;
    /// static USAGE: UsageLogger = UsageLogger::new("model-watch", "1.2.0").without_identity();
    /// ```
    #[must_use]
    pub const fn without_identity(mut self) -> Self {
        self.product.has_identity = false;
        self.descriptor = ProductDescriptor::of(&self.product);
        self
    }

    /// Records under `cargo test`, nextest and in benchmarks, too. Without it a product is silent
    /// there, for events from tests drown those of users.
    ///
    /// ```
    /// # use usage_runtime::UsageLogger;
    /// static SILENT: UsageLogger = UsageLogger::new("model-watch", "1.2.0");
    /// static LOGGED: UsageLogger = UsageLogger::new("model-watch", "1.2.0").log_in_tests();
    /// assert!(!SILENT.is_enabled()); // this example is a test
    /// # let _ = LOGGED;
    /// ```
    #[must_use]
    pub const fn log_in_tests(mut self) -> Self {
        self.product.in_tests = true;
        self
    }

    /// The crates whose error types may be named in `exception_type`, by the names that stand in
    /// `use`.
    ///
    /// Types of the annotated function's own crate and of the standard library are always named;
    /// all others are `other`, for which crates a caller has is none of the author's business. So
    /// name only crates that your own code uses.
    ///
    /// ```
    /// # use usage_runtime::UsageLogger;
    /// static USAGE: UsageLogger =
    ///     UsageLogger::new("model-watch", "1.2.0").name_errors_of(&["serde_json", "toml"]);
    /// ```
    #[must_use]
    pub const fn name_errors_of(mut self, crates: &'static [&'static str]) -> Self {
        self.product.error_crates = crates;
        self
    }

    /// How many calls of each annotated function become events of their own: `burst` at once, and
    /// one more after each `refill`. By default 100, and one more a minute.
    ///
    /// A call beyond that costs a few nanoseconds and is counted, and so is its failure; the next
    /// event of that function, or a last one, carries the numbers as `calls` and `exceptions`. A
    /// `burst` of 0 counts as 1. What is `refill` apart is at least some 20 milliseconds apart.
    ///
    /// ```
    /// # use usage_runtime::UsageLogger;
    /// # use std::time::Duration;
    /// static USAGE: UsageLogger =
    ///     UsageLogger::new("model-watch", "1.2.0").budget(10, Duration::from_secs(600));
    /// ```
    #[must_use]
    pub const fn budget(mut self, burst: u32, refill: Duration) -> Self {
        self.product.budget = Some(Allowance { burst, refill });
        self
    }

    /// Makes each call an event of its own, however many there are: some microseconds a call, and
    /// as many events to pay for.
    ///
    /// ```
    /// # use usage_runtime::UsageLogger;
    /// static USAGE: UsageLogger = UsageLogger::new("model-watch", "1.2.0").without_budget();
    /// ```
    #[must_use]
    pub const fn without_budget(mut self) -> Self {
        self.product.budget = None;
        self
    }

    /// On whatever the surroundings say: for unit tests, which must not depend on them.
    #[cfg(test)]
    pub(crate) const fn always_on(mut self) -> Self {
        self.last_decision = AtomicU8::new(decisions::ON);
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
        self.is_on().then(|| identity::of(&self.product).user_id)
    }

    /// Waits until everything recorded so far was delivered, `timeout` at most; returns whether
    /// that is so. Never needed for correctness: what is left is sent by a later process.
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

    /// Refills budgets that were spent; returns how long until that is due again.
    pub(crate) fn refill_budgets(&'static self) -> Option<Duration> {
        overflow::refill(&self.overflows, self.product.budget)
    }

    /// Makes events of the calls that were only counted so far.
    pub(crate) fn settle_budgets(&'static self) {
        if self.last_decision.load(Ordering::Relaxed) == decisions::ON {
            overflow::settle(&self.overflows);
        }
    }
}

impl fmt::Debug for UsageLogger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UsageLogger").field("product", &self.product).finish_non_exhaustive()
    }
}
