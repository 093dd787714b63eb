#[usage_runtime::log_usage]
fn fit() {}

fn main() {
    fit();
}
