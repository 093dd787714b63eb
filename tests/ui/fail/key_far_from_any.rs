#[usage_runtime::log_usage(event = "DLE estimator fit", kind = "drift")]
fn fit() {}

fn main() {
    fit();
}
