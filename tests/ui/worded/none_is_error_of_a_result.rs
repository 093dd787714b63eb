use usage_runtime::{UsageLogger, log_usage};

pub static USAGE: UsageLogger = UsageLogger::new("product", "0.0.0");

#[log_usage(event = "e", none_is_error)]
fn f() -> Result<u8, u8> {
    Ok(1)
}

fn main() {
    let _ = f();
}
