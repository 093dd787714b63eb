use usage_runtime::log_usage;

#[log_usage(event = format!("{}", 1))]
fn a() {}

#[log_usage(event = "a".to_string())]
fn b() {}

#[log_usage(event = concat!("a", "b"))]
fn c() {}

fn main() {
    a();
    b();
    c();
}
