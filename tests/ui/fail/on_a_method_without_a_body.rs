trait Fit {
    #[usage_runtime::log_usage(event = "DLE estimator fit")]
    fn fit(&self);
}

impl Fit for u8 {
    fn fit(&self) {}
}

fn main() {
    1.fit();
}
