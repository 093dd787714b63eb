struct Estimator {
    fast: bool,
}

impl Estimator {
    #[usage_runtime::log_usage(event = "DLE estimator fit", properties(self.fast))]
    fn fit(&self) -> bool {
        self.fast
    }
}

fn main() {
    Estimator { fast: true }.fit();
}
