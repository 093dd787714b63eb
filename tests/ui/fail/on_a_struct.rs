#[usage_runtime::log_usage(event = "DLE estimator fit")]
struct Estimator {
    fast: bool,
}

fn main() {
    let _ = Estimator { fast: true }.fast;
}
