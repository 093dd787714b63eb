use usage_runtime::{UsageLogger, log_usage};

static USAGE: UsageLogger = UsageLogger::new("ui", "0.0.0");

#[log_usage(event = "DLE estimator plot", properties(kind))]
fn plot(kind: &str) -> usize {
    kind.len()
}

fn main() {
    plot("drift");
}
