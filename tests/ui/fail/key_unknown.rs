#[usage_runtime::log_usage(event = "DLE estimator fit", metric = "mae")]
fn fit() {}

fn main() {
    fit();
}
