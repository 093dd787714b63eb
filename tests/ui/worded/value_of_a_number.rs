use usage_runtime::{UsageLogger, log_usage};

static USAGE: UsageLogger = UsageLogger::new("ui", "0.0.0");

#[log_usage(event = "DLE estimator fit", properties(rows = rows.len() * 2))]
fn fit(rows: &[f64]) {
    let _ = rows;
}

fn main() {
    fit(&[]);
}
