#![forbid(unsafe_code)]
#![deny(warnings)]

use usage_runtime::{UsageLogger, log_usage};

pub static USAGE: UsageLogger = UsageLogger::new("product", "0.0.0");

mod telemetry {
    pub static LOGS: usage_runtime::UsageLogger = usage_runtime::UsageLogger::new("other", "0.0.0");
}

struct Ranker<T> {
    by: &'static str,
    of: T,
}

#[log_usage(logger = telemetry::LOGS, properties(by = self.by))]
impl<T: Copy> Ranker<T> {
    const LIMIT: usize = 3;

    #[log_usage]
    fn new(of: T) -> Self {
        Self { by: "alerts", of }
    }

    /// Documented.
    #[log_usage(event = "rank", properties(by = "own"))]
    #[must_use]
    pub(crate) fn rank(&self) -> usize {
        Self::LIMIT
    }

    #[log_usage(logger = USAGE)]
    async fn later(self) -> T {
        self.of
    }

    fn other(&self) {}
}

#[log_usage(event = "Fit")]
trait Fit {
    fn fit(&self);

    #[log_usage]
    fn fit_twice(&self) {
        self.fit();
        self.fit();
    }
}

#[log_usage]
impl<T: Copy> Fit for Ranker<T> {
    #[log_usage]
    fn fit(&self) {}
}

fn main() {
    let ranker = Ranker::new(1);
    assert_eq!(ranker.rank(), 3);
    ranker.other();
    ranker.fit_twice();
    drop(ranker.later());
}
