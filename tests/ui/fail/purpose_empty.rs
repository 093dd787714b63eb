#[usage_runtime::log_usage(event = "DLE estimator fit", purpose = "")]
fn fit() {}

fn main() {
    fit();
}
