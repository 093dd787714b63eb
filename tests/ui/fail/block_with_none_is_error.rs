use usage_runtime::{UsageLogger, log_usage};

pub static USAGE: UsageLogger = UsageLogger::new("product", "0.0.0");

struct S;

#[log_usage(none_is_error)]
impl S {
    #[log_usage]
    pub fn f(&self) {}
}

fn main() {
    S.f();
}
