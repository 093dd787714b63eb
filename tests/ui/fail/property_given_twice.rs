#[usage_runtime::log_usage(event = "DLE estimator fit", properties(fast, fast = true))]
fn fit(fast: bool) -> bool {
    fast
}

fn main() {
    fit(true);
}
