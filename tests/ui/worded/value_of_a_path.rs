use std::path::Path;

use usage_runtime::{UsageLogger, log_usage};

static USAGE: UsageLogger = UsageLogger::new("ui", "0.0.0");

#[log_usage(event = "Exported results", properties(target = target))]
fn export(target: &Path) {
    let _ = target;
}

fn main() {
    export(Path::new(""));
}
