use usage_runtime::{UsageLogger, log_usage};

static USAGE: UsageLogger = UsageLogger::new("ui", "0.0.0");

#[log_usage(event = "DLE estimator fit", properties(kind))]
fn fit<T: Clone>(kind: T) {
    let _ = kind;
}

fn main() {
    fit(String::new());
}
