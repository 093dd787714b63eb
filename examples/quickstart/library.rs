use crate::drift::{Column, DriftCalculator, DriftResult, Error};
use usage_runtime::{UsageLogger, UsageValue, log_usage};

pub static USAGE: UsageLogger = UsageLogger::new("nannyml", env!("CARGO_PKG_VERSION"))
    .write_key("your Segment write key")
    .env_prefix("NML");

#[derive(Clone, Copy, UsageValue)]
pub enum PlotKind {
    Drift,
    Distribution,
}

impl DriftCalculator {
    #[log_usage(event = "Univariate drift calculator fit", metrics = self.methods)]
    pub fn fit(&mut self, reference: Column) -> Result<(), Error> {
        self.learn(reference)
    }

    #[log_usage(event = "Univariate drift calculator run", metrics = self.methods)]
    pub fn calculate(&self, analysis: &Column) -> Result<DriftResult, Error> {
        self.compare(analysis)
    }
}

#[log_usage(event = "Univariate drift results plot", properties(kind))]
pub fn plot(result: &DriftResult, kind: PlotKind) -> Result<String, Error> {
    crate::svg::draw(result, kind)
}
