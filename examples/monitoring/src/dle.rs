//! DLE, direct loss estimation: how wrong a regression probably is before the truth is there. A model
//! of its losses is learnt from the reference data, where the truth is known: the loss of a row is the
//! mean loss of the 25 reference rows most like it.

use usage_runtime::log_usage;

use crate::monitor::{Limits, Monitor, watch_all};
use crate::performance::{Loss, Metric, Regression};
use crate::plot::{self, PlotKind};
use crate::{Chunk, Chunker, Error, Frame, Results, Series};

const NEIGHBOURS: usize = 25;

/// Estimates the performance of a regression.
pub struct DleEstimator {
    columns: Regression,
    metrics: Vec<Metric>,
    chunker: Chunker,
    monitors: Vec<Monitor>,
}

#[log_usage(metrics = self.metrics)]
impl DleEstimator {
    /// Learns the losses from data in which all was well and the truth is known.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArguments`] if a column is missing or not of numbers, a metric is not one of a
    /// regression, or there are fewer than 25 whole rows.
    #[log_usage(event = "DLE estimator fit")]
    pub fn fit(&mut self, reference: &Frame) -> Result<(), Error> {
        self.monitors.clear();
        for metric in &self.metrics {
            let loss = metric.loss()?;
            let model = LossModel::learn(&self.columns, loss, reference)?;
            let (limits, data) = (Limits::Deviation(0.0..=f64::INFINITY), (reference, &self.chunker));
            self.monitors.push(Monitor::learn(None, metric.name(), &limits, data, move |frame, chunk| {
                Ok(loss.over(model.losses(frame, chunk)?.into_iter()))
            })?);
        }
        Ok(())
    }

    /// Estimates the performance on the data of production.
    ///
    /// # Errors
    ///
    /// [`Error::NotFitted`], and [`Error::InvalidArguments`] if a column is missing or not of numbers.
    #[log_usage(event = "DLE estimator run")]
    pub fn estimate(&self, analysis: &Frame) -> Result<DleResult, Error> {
        Ok(DleResult { series: watch_all(&self.monitors, analysis, &self.chunker)? })
    }

    /// For a regression with these columns.
    #[must_use]
    pub fn new(columns: Regression, metrics: Vec<Metric>, chunker: Chunker) -> Self {
        Self { columns, metrics, chunker, monitors: Vec::new() }
    }
}

/// The estimated performance, by each metric.
pub struct DleResult {
    series: Vec<Series>,
}

impl DleResult {
    /// Draws it as SVG.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArguments`] for another kind than [`PlotKind::Performance`].
    #[log_usage(event = "DLE estimator plot", properties(kind))]
    pub fn plot(&self, kind: PlotKind) -> Result<String, Error> {
        match kind {
            PlotKind::Performance => plot::draw("Estimated performance (DLE)", &plot::one_each(&self.series)),
            PlotKind::Drift | PlotKind::Distribution => Err(kind.unknown()),
        }
    }
}

impl Results for DleResult {
    fn name(&self) -> &'static str {
        "dle"
    }

    fn series(&self) -> &[Series] {
        &self.series
    }
}

/// The losses of the reference rows, each with the row's place among all: its features and its
/// prediction, each over the deviation of its column.
struct LossModel {
    columns: Vec<String>,
    deviations: Vec<f64>,
    rows: Vec<(Vec<f64>, f64)>,
}

impl LossModel {
    fn learn(columns: &Regression, loss: Loss, reference: &Frame) -> Result<Self, Error> {
        let names: Vec<_> = columns.features.iter().chain([&columns.prediction]).cloned().collect();
        let all = Chunk { key: String::new(), start: 0, end: reference.rows() };
        let mut model = Self { deviations: vec![1.0; names.len()], columns: names, rows: Vec::new() };
        let (targets, predictions) =
            (reference.numbers(&columns.target)?, reference.numbers(&columns.prediction)?);
        for (row, place) in model.places(reference, &all)? {
            if let (Some(target), Some(prediction)) = (targets[row], predictions[row]) {
                model.rows.push((place, loss.of(target - prediction)));
            }
        }
        if model.rows.len() < NEIGHBOURS {
            let needed = format!("the reference data needs {NEIGHBOURS} rows without missing values");
            return Err(Error::InvalidArguments(needed));
        }
        model.scale();
        Ok(model)
    }

    #[expect(clippy::cast_precision_loss, reason = "there are far fewer than 2^52 rows")]
    fn scale(&mut self) {
        let count = self.rows.len() as f64;
        for (axis, deviation) in self.deviations.iter_mut().enumerate() {
            let mean = self.rows.iter().map(|(place, _)| place[axis]).sum::<f64>() / count;
            let squares: f64 = self.rows.iter().map(|(place, _)| (place[axis] - mean).powi(2)).sum();
            *deviation = Some((squares / count).sqrt()).filter(|size| *size > 0.0).unwrap_or(1.0);
            for (place, _) in &mut self.rows {
                place[axis] /= *deviation;
            }
        }
    }

    /// The rows without missing values.
    fn places(&self, frame: &Frame, chunk: &Chunk) -> Result<Vec<(usize, Vec<f64>)>, Error> {
        let columns: Vec<_> =
            self.columns.iter().map(|name| frame.numbers(name)).collect::<Result<_, _>>()?;
        let place = |row: usize| {
            let axes = columns.iter().zip(&self.deviations);
            axes.map(|(values, deviation)| values[row].map(|value| value / deviation)).collect::<Option<_>>()
        };
        Ok(chunk.rows().filter_map(|row| Some((row, place(row)?))).collect())
    }

    #[expect(clippy::cast_precision_loss, reason = "there are 25 neighbours")]
    fn losses(&self, frame: &Frame, chunk: &Chunk) -> Result<Vec<f64>, Error> {
        let expected = |place: &[f64]| {
            let distance = |other: &[f64]| place.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
            let mut near: Vec<(f64, f64)> =
                self.rows.iter().map(|(other, loss)| (distance(other), *loss)).collect();
            near.select_nth_unstable_by(NEIGHBOURS - 1, |one, other| one.0.total_cmp(&other.0));
            near[..NEIGHBOURS].iter().map(|(_, loss)| loss).sum::<f64>() / NEIGHBOURS as f64
        };
        Ok(self.places(frame, chunk)?.iter().map(|(_, place)| expected(place)).collect())
    }
}
