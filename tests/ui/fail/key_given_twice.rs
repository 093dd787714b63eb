#[usage_runtime::log_usage(event = "DLE estimator fit", event = "DLE estimator run")]
fn fit() {}

fn main() {
    fit();
}
