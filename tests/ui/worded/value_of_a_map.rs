use std::collections::BTreeMap;
use usage_runtime::{UsageLogger, log_usage};

static USAGE: UsageLogger = UsageLogger::new("ui", "0.0.0");

#[log_usage(event = "DLE estimator fit", metrics = columns)]
fn fit(columns: &BTreeMap<&'static str, bool>) {
    let _ = columns;
}

fn main() {
    fit(&BTreeMap::new());
}
