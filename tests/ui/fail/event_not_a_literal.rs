const NAME: &str = "DLE estimator fit";

#[usage_runtime::log_usage(event = NAME)]
fn fit() {}

fn main() {
    fit();
    let _ = NAME;
}
