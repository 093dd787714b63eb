use usage_runtime::{UsageLogger, log_usage};

pub static USAGE: UsageLogger = UsageLogger::new("product", "0.0.0");

#[log_usage(event = "e", break_is_error)]
fn f() -> Option<u8> {
    None
}

fn main() {
    f();
}
