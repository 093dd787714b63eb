#[usage_runtime::log_usage(event = "Univariate drift calculator fit, Univariate drift calculator fit, Univariate drift calculator fit, Univariate drift calculator fit, Univariate drift calculator fit, Univariate drift calculator fit, Univariate drift calculator fit, Univariate drift calculator fit")]
fn fit() {}

fn main() {
    fit();
}
