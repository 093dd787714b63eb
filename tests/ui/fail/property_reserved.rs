#[usage_runtime::log_usage(event = "DLE estimator fit", properties(fast, run_time = true))]
fn fit(fast: bool) -> bool {
    fast
}

fn main() {
    fit(true);
}
