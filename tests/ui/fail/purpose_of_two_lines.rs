#[usage_runtime::log_usage(event = "DLE estimator fit", purpose = "to know\nmore")]
fn fit() {}

fn main() {
    fit();
}
