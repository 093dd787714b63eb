//! What all calculators and estimators share: one number for each chunk, and the range in which the
//! reference data says that it should be.

use std::ops::RangeInclusive;

use crate::result::{Point, Series, Side, Thresholds};
use crate::{Chunk, Chunker, Error, Frame};

type Measure = Box<dyn Fn(&Frame, &Chunk) -> Result<Option<f64>, Error> + Send + Sync>;

/// How far a value may go before it is an alert.
pub(crate) enum Limits {
    /// Three standard deviations from the mean of the reference chunks, within what is possible.
    Deviation(RangeInclusive<f64>),
    /// A fixed lower limit, such as the level of a test.
    AtLeast(f64),
}

/// One number that is watched.
pub(crate) struct Monitor {
    column: Option<String>,
    metric: &'static str,
    measure: Measure,
    thresholds: Thresholds,
    reference: Vec<Point>,
}

impl Monitor {
    /// Measures the reference data and learns the thresholds from it.
    pub(crate) fn learn(
        column: Option<&str>,
        metric: &'static str,
        limits: &Limits,
        (frame, chunker): (&Frame, &Chunker),
        measure: impl Fn(&Frame, &Chunk) -> Result<Option<f64>, Error> + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        let mut monitor = Self {
            column: column.map(str::to_owned),
            metric,
            measure: Box::new(measure),
            thresholds: Thresholds { lower: None, upper: None },
            reference: Vec::new(),
        };
        let mut reference = monitor.points(Side::Reference, frame, chunker)?;
        monitor.thresholds = limits.learn(&reference);
        for point in &mut reference {
            point.alert = monitor.thresholds.alert(point.value);
        }
        monitor.reference = reference;
        Ok(monitor)
    }

    /// Measures the data of production, and gives it behind that of the reference.
    pub(crate) fn watch(&self, frame: &Frame, chunker: &Chunker) -> Result<Series, Error> {
        let analysis = self.points(Side::Analysis, frame, chunker)?;
        Ok(Series {
            column: self.column.clone(),
            metric: self.metric.to_owned(),
            thresholds: self.thresholds,
            points: self.reference.iter().cloned().chain(analysis).collect(),
        })
    }

    fn points(&self, side: Side, frame: &Frame, chunker: &Chunker) -> Result<Vec<Point>, Error> {
        let point = |chunk: Chunk| {
            let value = (self.measure)(frame, &chunk)?.filter(|value| value.is_finite());
            Ok(Point { chunk, side, value, alert: self.thresholds.alert(value) })
        };
        chunker.split(frame)?.into_iter().map(point).collect()
    }
}

impl Limits {
    #[expect(clippy::cast_precision_loss, reason = "there are far fewer than 2^52 chunks")]
    fn learn(&self, reference: &[Point]) -> Thresholds {
        let possible = match self {
            Self::AtLeast(lower) => return Thresholds { lower: Some(*lower), upper: None },
            Self::Deviation(possible) => possible,
        };
        let values: Vec<f64> = reference.iter().filter_map(|point| point.value).collect();
        if values.is_empty() {
            return Thresholds { lower: None, upper: None };
        }
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
        let (lower, upper) = (mean - 3.0 * variance.sqrt(), mean + 3.0 * variance.sqrt());
        Thresholds {
            lower: Some(lower).filter(|lower| lower > possible.start()),
            upper: Some(upper).filter(|upper| upper < possible.end()),
        }
    }
}

/// The monitors that a calculator has after `fit`, each over the data of production.
pub(crate) fn watch_all(
    monitors: &[Monitor],
    frame: &Frame,
    chunker: &Chunker,
) -> Result<Vec<Series>, Error> {
    match monitors {
        [] => Err(Error::NotFitted),
        monitors => monitors.iter().map(|monitor| monitor.watch(frame, chunker)).collect(),
    }
}

/// The numbers of a chunk that are there.
pub(crate) fn present(frame: &Frame, column: &str, chunk: &Chunk) -> Result<Vec<f64>, Error> {
    Ok(frame.numbers(column)?[chunk.rows()].iter().copied().flatten().collect())
}
