#[usage_runtime::log_usage(event = "DLE estimator fit", purpose = WHY)]
fn fit() {}

fn main() {
    fit();
}
