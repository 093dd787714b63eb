use usage_runtime::{UsageLogger, log_usage};

pub static USAGE: UsageLogger = UsageLogger::new("product", "0.0.0");

#[log_usage(event = "e", none_is_error = true)]
fn f() -> Option<u8> {
    None
}

fn main() {
    f();
}
