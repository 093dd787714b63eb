#[usage_runtime::log_usage(event = "DLE estimator fit")]
const fn fit() -> u8 {
    1
}

const FITTED: u8 = fit();

fn main() {
    let _ = FITTED;
}
