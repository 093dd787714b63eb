use usage_runtime::{UsageLogger, log_usage};

pub static USAGE: UsageLogger = UsageLogger::new("product", "0.0.0");

pub struct Error(String);

fn text(error: &Error) -> &str {
    &error.0
}

#[log_usage(event = "e", error = text)]
fn f() -> Result<(), Error> {
    Err(Error(String::new()))
}

fn main() {
    let _ = f();
}
