#[usage_runtime::log_usage(event = "DLE estimator fit", logger = "crate::USAGE")]
fn fit() {}

fn main() {
    fit();
}
