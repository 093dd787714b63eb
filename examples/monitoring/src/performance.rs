//! Realized performance: how good the model was, once the truth is there.

use serde::Deserialize;
use usage_runtime::{UsageValue, log_usage};

use crate::confusion::{self, Judged};
use crate::monitor::{Limits, Monitor, watch_all};
use crate::plot::{self, PlotKind};
use crate::{Chunk, Chunker, Error, Frame, Results, Series};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, UsageValue)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Of a classifier: the area under the receiver operating characteristic.
    RocAuc,
    /// Of a classifier: the harmonic mean of precision and recall.
    F1,
    /// Of a classifier: the share of rows that it is right about.
    Accuracy,
    /// Of a regression: the root of the mean squared error.
    #[usage_value(rename = "RMSE")]
    Rmse,
    /// Of a regression: the mean absolute error.
    #[usage_value(rename = "MAE")]
    Mae,
}

/// What the model answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, UsageValue)]
pub enum ProblemType {
    /// Yes or no.
    ClassificationBinary,
    /// A number.
    Regression,
}

/// The columns of a classifier. Target and prediction are 0 or 1, the score is a probability.
#[derive(Clone, Debug, Deserialize)]
pub struct Classification {
    /// The truth.
    pub target: String,
    /// The model's answer.
    pub prediction: String,
    /// The model's probability that the answer is 1.
    pub score: String,
}

/// The columns of a regression.
#[derive(Clone, Debug, Deserialize)]
pub struct Regression {
    /// The truth.
    pub target: String,
    /// The model's answer.
    pub prediction: String,
    /// What the answer was made from, columns of numbers.
    pub features: Vec<String>,
}

enum Model {
    Classification(Classification),
    Regression(Regression),
}

/// Measures the performance of a model against the truth.
pub struct PerformanceCalculator {
    model: Model,
    metrics: Vec<Metric>,
    problem_type: ProblemType,
    chunker: Chunker,
    monitors: Vec<Monitor>,
}

#[log_usage(metrics = self.metrics, properties(problem_type = self.problem_type))]
impl PerformanceCalculator {
    /// Learns from data in which all was well.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArguments`] if a column is missing or not of numbers, or a metric is not one of
    /// this type of problem.
    #[log_usage(event = "Realized performance calculator fit")]
    pub fn fit(&mut self, reference: &Frame) -> Result<(), Error> {
        let learn = |metric: &Metric| self.model.monitor(*metric, (reference, &self.chunker));
        self.monitors = self.metrics.iter().map(learn).collect::<Result<_, _>>()?;
        Ok(())
    }

    /// Measures the data of production.
    ///
    /// # Errors
    ///
    /// [`Error::NotFitted`], and [`Error::InvalidArguments`] if a column is missing or not of numbers.
    #[log_usage(event = "Realized performance calculator run")]
    pub fn calculate(&self, analysis: &Frame) -> Result<PerformanceResult, Error> {
        let series = watch_all(&self.monitors, analysis, &self.chunker)?;
        Ok(PerformanceResult { problem_type: self.problem_type, series })
    }

    /// For a classifier.
    #[must_use]
    pub fn classification(columns: Classification, metrics: Vec<Metric>, chunker: Chunker) -> Self {
        let (model, problem_type) = (Model::Classification(columns), ProblemType::ClassificationBinary);
        Self { model, metrics, problem_type, chunker, monitors: Vec::new() }
    }

    /// For a regression.
    #[must_use]
    pub fn regression(columns: Regression, metrics: Vec<Metric>, chunker: Chunker) -> Self {
        let (model, problem_type) = (Model::Regression(columns), ProblemType::Regression);
        Self { model, metrics, problem_type, chunker, monitors: Vec::new() }
    }
}

/// The performance, by each metric.
pub struct PerformanceResult {
    problem_type: ProblemType,
    series: Vec<Series>,
}

impl PerformanceResult {
    /// Draws it as SVG.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArguments`] for another kind than [`PlotKind::Performance`].
    #[log_usage(event = "Realized performance calculator plot", properties(kind))]
    pub fn plot(&self, kind: PlotKind) -> Result<String, Error> {
        match kind {
            PlotKind::Performance => plot::draw("Realized performance", &plot::one_each(&self.series)),
            PlotKind::Drift | PlotKind::Distribution => Err(kind.unknown()),
        }
    }
}

impl Results for PerformanceResult {
    fn name(&self) -> &'static str {
        match self.problem_type {
            ProblemType::ClassificationBinary => "realized_classification",
            ProblemType::Regression => "realized_regression",
        }
    }

    fn series(&self) -> &[Series] {
        &self.series
    }
}

impl Model {
    fn monitor(&self, metric: Metric, data: (&Frame, &Chunker)) -> Result<Monitor, Error> {
        match self {
            Self::Classification(columns) => {
                let (columns, measure) = (columns.clone(), metric.of_a_classifier()?);
                let limits = Limits::Deviation(0.0..=1.0);
                Monitor::learn(None, metric.name(), &limits, data, move |frame, chunk| {
                    Ok(measure(&columns.judged(frame, chunk, &columns.target)?))
                })
            }
            Self::Regression(columns) => {
                let (columns, loss) = (columns.clone(), metric.loss()?);
                let limits = Limits::Deviation(0.0..=f64::INFINITY);
                Monitor::learn(None, metric.name(), &limits, data, move |frame, chunk| {
                    Ok(loss.over(columns.errors(frame, chunk)?.into_iter().map(|error| loss.of(error))))
                })
            }
        }
    }
}

impl Classification {
    /// The rows that have all values; the probability that a row is positive is in `positive`.
    pub(crate) fn judged(&self, frame: &Frame, chunk: &Chunk, positive: &str) -> Result<Vec<Judged>, Error> {
        let scores = frame.numbers(&self.score)?;
        let predictions = frame.numbers(&self.prediction)?;
        let positives = frame.numbers(positive)?;
        let row = |row: usize| {
            let (score, predicted) = (scores[row]?, predictions[row]? > 0.5);
            Some(Judged { score, predicted, positive: positives[row]? })
        };
        Ok(chunk.rows().filter_map(row).collect())
    }
}

impl Regression {
    fn errors(&self, frame: &Frame, chunk: &Chunk) -> Result<Vec<f64>, Error> {
        let (targets, predictions) = (frame.numbers(&self.target)?, frame.numbers(&self.prediction)?);
        Ok(chunk.rows().filter_map(|row| Some(targets[row]? - predictions[row]?)).collect())
    }
}

/// What an error of a regression costs.
#[derive(Clone, Copy)]
pub(crate) enum Loss {
    Absolute,
    Squared,
}

impl Loss {
    /// The loss of one row.
    pub(crate) fn of(self, error: f64) -> f64 {
        match self {
            Self::Absolute => error.abs(),
            Self::Squared => error * error,
        }
    }

    /// The metric over the losses of rows, `None` without any.
    pub(crate) fn over(self, losses: impl Iterator<Item = f64>) -> Option<f64> {
        let (count, sum) = losses.fold((0.0, 0.0), |(count, sum), loss| (count + 1.0, sum + loss));
        (count > 0.0).then(|| match self {
            Self::Absolute => sum / count,
            Self::Squared => (sum / count).sqrt(),
        })
    }
}

impl Metric {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::RocAuc => "roc_auc",
            Self::F1 => "f1",
            Self::Accuracy => "accuracy",
            Self::Rmse => "rmse",
            Self::Mae => "mae",
        }
    }

    pub(crate) fn of_a_classifier(self) -> Result<confusion::Measure, Error> {
        match self {
            Self::RocAuc => Ok(confusion::roc_auc),
            Self::F1 => Ok(confusion::f1),
            Self::Accuracy => Ok(confusion::accuracy),
            Self::Rmse | Self::Mae => Err(self.misplaced("a classifier")),
        }
    }

    pub(crate) fn loss(self) -> Result<Loss, Error> {
        match self {
            Self::Mae => Ok(Loss::Absolute),
            Self::Rmse => Ok(Loss::Squared),
            Self::RocAuc | Self::F1 | Self::Accuracy => Err(self.misplaced("a regression")),
        }
    }

    fn misplaced(self, model: &str) -> Error {
        Error::InvalidArguments(format!("`{}` is not a metric of {model}", self.name()))
    }
}
