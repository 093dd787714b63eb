//! CBPE, confidence-based performance estimation: how good a classifier probably is before the truth
//! is there. A calibrated score is the probability that the row is positive, so the expected number
//! of hits and misses follows from the scores alone.

use usage_runtime::log_usage;

use crate::monitor::{Limits, Monitor, watch_all};
use crate::performance::{Classification, Metric, ProblemType};
use crate::plot::{self, PlotKind};
use crate::{Chunker, Error, Frame, Results, Series};

/// Estimates the performance of a classifier whose scores are calibrated.
pub struct CbpeEstimator {
    columns: Classification,
    metrics: Vec<Metric>,
    problem_type: ProblemType,
    chunker: Chunker,
    monitors: Vec<Monitor>,
}

#[log_usage(metrics = self.metrics, properties(problem_type = self.problem_type))]
impl CbpeEstimator {
    /// Learns from data in which all was well. The target is not needed.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArguments`] if a column is missing or not of numbers, or a metric is not one of
    /// a classifier.
    #[log_usage(event = "CBPE estimator fit")]
    pub fn fit(&mut self, reference: &Frame) -> Result<(), Error> {
        self.monitors.clear();
        for metric in &self.metrics {
            let (columns, measure) = (self.columns.clone(), metric.of_a_classifier()?);
            let (limits, data) = (Limits::Deviation(0.0..=1.0), (reference, &self.chunker));
            self.monitors.push(Monitor::learn(None, metric.name(), &limits, data, move |frame, chunk| {
                Ok(measure(&columns.judged(frame, chunk, &columns.score)?))
            })?);
        }
        Ok(())
    }

    /// Estimates the performance on the data of production.
    ///
    /// # Errors
    ///
    /// [`Error::NotFitted`], and [`Error::InvalidArguments`] if a column is missing or not of numbers.
    #[log_usage(event = "CBPE estimator run")]
    pub fn estimate(&self, analysis: &Frame) -> Result<CbpeResult, Error> {
        Ok(CbpeResult { series: watch_all(&self.monitors, analysis, &self.chunker)? })
    }

    /// For a classifier with these columns.
    #[must_use]
    pub fn new(columns: Classification, metrics: Vec<Metric>, chunker: Chunker) -> Self {
        let problem_type = ProblemType::ClassificationBinary;
        Self { columns, metrics, problem_type, chunker, monitors: Vec::new() }
    }
}

/// The estimated performance, by each metric.
pub struct CbpeResult {
    series: Vec<Series>,
}

impl CbpeResult {
    /// Draws it as SVG.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArguments`] for another kind than [`PlotKind::Performance`].
    #[log_usage(event = "CBPE estimator plot", properties(kind))]
    pub fn plot(&self, kind: PlotKind) -> Result<String, Error> {
        match kind {
            PlotKind::Performance => {
                plot::draw("Estimated performance (CBPE)", &plot::one_each(&self.series))
            }
            PlotKind::Drift | PlotKind::Distribution => Err(kind.unknown()),
        }
    }
}

impl Results for CbpeResult {
    fn name(&self) -> &'static str {
        "cbpe"
    }

    fn series(&self) -> &[Series] {
        &self.series
    }
}
