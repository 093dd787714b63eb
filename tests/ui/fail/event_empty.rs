#[usage_runtime::log_usage(event = "")]
fn fit() {}

fn main() {
    fit();
}
