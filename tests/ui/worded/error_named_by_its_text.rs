use usage_runtime::{UsageLogger, log_usage};

pub static USAGE: UsageLogger = UsageLogger::new("product", "0.0.0");

#[log_usage(event = "e", error = |error: &std::fmt::Error| error.to_string())]
fn f() -> std::fmt::Result {
    Ok(())
}

fn main() {
    let _ = f();
}
