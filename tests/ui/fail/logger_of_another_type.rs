static NAME: &str = "ui";

#[usage_runtime::log_usage(event = "DLE estimator fit", logger = NAME)]
fn fit() {}

fn main() {
    fit();
}
