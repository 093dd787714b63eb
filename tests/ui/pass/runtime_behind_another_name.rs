//! The runtime may be re-exported, and modules of its name may be in the way.

mod facade {
    pub use usage_runtime as logging;
}

#[allow(dead_code)]
mod usage_runtime {}

use facade::logging::{UsageLogger, UsageValue, log_usage};

mod logs {
    pub static OURS: super::UsageLogger = super::UsageLogger::new("ui", "0.0.0");
}

#[derive(UsageValue)]
#[usage_value(crate = crate::facade::logging)]
enum Kind {
    Drift,
}

#[log_usage(event = "plot", properties(kind), logger = logs::OURS, crate = crate::facade::logging)]
fn plot(kind: Kind) {
    drop(kind);
}

fn main() {
    plot(Kind::Drift);
}
