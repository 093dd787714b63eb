//! What an author says of a product beyond its name and version, while the compiler makes its static.

use std::time::Duration;

use super::UsageLogger;
use crate::catalog::descriptor::ProductDescriptor;
use crate::execution::budget::Allowance;
use crate::product::Product;

impl UsageLogger {
    /// Segment's write key of the source that receives the events. It is public by design: it can
    /// only add events, never read any.
    ///
    /// While it is empty, events are recorded and held back; [`explain`](Self::explain) says so once they
    /// were to be sent.
    ///
    /// ```
    /// # use usage_runtime::UsageLogger;
    /// static USAGE: UsageLogger = UsageLogger::new("model-watch", "1.2.0").write_key("your write key");
    /// ```
    #[must_use]
    pub const fn write_key(mut self, key: &'static str) -> Self {
        self.product_mut().write_key = key;
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
        self.product_mut().env_prefix = Some(prefix);
        self.described_anew()
    }

    /// The receiving host, by default `https://api.segment.io`; Segment's European workspaces use
    /// `https://events.eu1.segmentapis.com`.
    ///
    /// `/v1/batch` is added to it. Plain `http` is accepted for loopback alone; anything else is
    /// refused: nothing is recorded then, and [`explain`](Self::explain) says so.
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
        self.product_mut().endpoint = url;
        self.described_anew()
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
        self.product_mut().data_sheet = Some(address);
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
        self.product_mut().has_identity = false;
        self.described_anew()
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
        self.product_mut().in_tests = true;
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
        self.product_mut().error_crates = crates;
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
        self.product_mut().budget = Some(Allowance::of(burst, refill));
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
        self.product_mut().budget = None;
        self
    }

    const fn product_mut(&mut self) -> &mut Product {
        &mut self.parts.get_mut().product
    }

    /// With the line in the catalogue that says what the product is now.
    const fn described_anew(mut self) -> Self {
        let parts = self.parts.get_mut();
        parts.descriptor = ProductDescriptor::of(&parts.product);
        self.key = parts.descriptor.key;
        self
    }
}
