use usage_runtime::{UsageLogger, log_usage};

static USAGE: UsageLogger = UsageLogger::new("ui", "0.0.0");

#[log_usage(event = "DLE estimator fit", metrics = metrics)]
fn fit(metrics: Option<&[String]>) {
    let _ = metrics;
}

fn main() {
    fit(None);
}
