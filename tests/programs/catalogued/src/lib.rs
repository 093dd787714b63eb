//! A library with events that the program uses, and some that it does not.
#![forbid(unsafe_code)]

use usage_runtime::{UsageLogger, UsageValue, log_usage};

pub static USAGE: UsageLogger = UsageLogger::new("nannyml", "0.13.1")
    .write_key("key")
    .endpoint("https://events.eu1.segmentapis.com")
    .env_prefix("NML");
pub static OTHER: UsageLogger = UsageLogger::new("other-product", "2.0.0").without_identity();
pub static UNUSED: UsageLogger = UsageLogger::new("unused", "2.0.0");

#[derive(Clone, Copy, UsageValue)]
pub enum Metric {
    RocAuc,
    #[usage_value(rename = "average \"precision\"")]
    Ap,
}

#[derive(Clone, Copy, UsageValue)]
pub enum Kind {
    Drift,
    Distribution,
}

pub mod estimators {
    use super::*;

    #[log_usage(event = "Fit", purpose = "to know which \"metrics\" to keep", metrics = metrics, properties(normalize))]
    pub fn fit(metrics: &[Option<Metric>], normalize: bool) -> Result<usize, std::fmt::Error> {
        if normalize { Ok(metrics.len()) } else { Err(std::fmt::Error) }
    }
}

#[log_usage(event = "Plot \"it\"", properties(kind))]
pub fn plot<K: UsageValue>(kind: K) {
    drop(kind);
}

#[log_usage(event = "Task")]
pub async fn task() {}

#[log_usage(event = "Other", logger = crate::OTHER, properties(words))]
pub fn other(words: &'static str) -> usize {
    words.len()
}

#[log_usage(event = "Unused", properties(kind))]
pub fn unused(kind: Kind) {
    drop(kind);
}

#[log_usage(event = "Unused and generic", logger = crate::UNUSED, properties(kind))]
pub fn unused_and_generic<K: UsageValue>(kind: K) {
    drop(kind);
}
