//! Univariate drift: does a column still look as it did in the reference data?

use std::collections::BTreeMap;

use serde::Deserialize;
use statrs::distribution::{ChiSquared, ContinuousCDF};
use usage_runtime::{UsageValue, log_usage};

use crate::monitor::{Limits, Monitor, present, watch_all};
use crate::plot::{self, Panel, PlotKind};
use crate::{Chunk, Chunker, Error, Frame, Results, Series};

/// How the drift of numbers is measured; all are between 0 (none) and 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, UsageValue)]
#[serde(rename_all = "snake_case")]
pub enum ContinuousMethod {
    /// The largest distance of the two cumulative distributions.
    KolmogorovSmirnov,
    /// The Jensen-Shannon distance to base 2, over 20 bins of equal width between the ends of the
    /// reference data, and one for what is beyond.
    JensenShannon,
}

/// How the drift of categories is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, UsageValue)]
#[serde(rename_all = "snake_case")]
pub enum CategoricalMethod {
    /// The p-value of the chi-squared test; an alert is what is below 0.05.
    Chi2,
    /// The largest change of a category's share.
    LInfinity,
}

/// Finds drift in single columns.
pub struct DriftCalculator {
    continuous: Vec<String>,
    continuous_methods: Vec<ContinuousMethod>,
    categorical: Vec<String>,
    categorical_methods: Vec<CategoricalMethod>,
    chunker: Chunker,
    monitors: Vec<Monitor>,
    distributions: Vec<Monitor>,
}

#[log_usage(properties(
    continuous_method_names = self.continuous_methods,
    categorical_method_names = self.categorical_methods,
))]
impl DriftCalculator {
    /// Learns from data in which all was well.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArguments`] if a column is missing or of the wrong kind, or there are no rows.
    #[log_usage(event = "Univariate drift calculator fit")]
    pub fn fit(&mut self, reference: &Frame) -> Result<(), Error> {
        self.monitors.clear();
        self.distributions.clear();
        for column in &self.continuous {
            let values = present(reference, column, &whole(reference)?)?;
            for method in &self.continuous_methods {
                self.monitors.push(method.monitor(column, values.clone(), (reference, &self.chunker))?);
            }
            for (name, quantile) in [("lower quartile", 0.25), ("median", 0.5), ("upper quartile", 0.75)] {
                let of = column.clone();
                let measure = move |frame: &Frame, chunk: &Chunk| {
                    Ok(crate::statistics::quantile(present(frame, &of, chunk)?, quantile))
                };
                self.distributions.push(unlimited(column, name, (reference, &self.chunker), measure)?);
            }
        }
        for column in &self.categorical {
            let counts = counts(reference, column, &whole(reference)?)?;
            for method in &self.categorical_methods {
                self.monitors.push(method.monitor(column, counts.clone(), (reference, &self.chunker))?);
            }
        }
        Ok(())
    }

    /// Compares the data of production with what was learnt.
    ///
    /// # Errors
    ///
    /// [`Error::NotFitted`], and [`Error::InvalidArguments`] if a column is missing or of the wrong
    /// kind.
    #[log_usage(event = "Univariate drift calculator run")]
    pub fn calculate(&self, analysis: &Frame) -> Result<DriftResult, Error> {
        let series = watch_all(&self.monitors, analysis, &self.chunker)?;
        let watch = |monitor: &Monitor| monitor.watch(analysis, &self.chunker);
        let distributions = self.distributions.iter().map(watch).collect::<Result<_, _>>()?;
        Ok(DriftResult { series, distributions })
    }

    /// For these columns of numbers and of categories, each by these methods.
    #[must_use]
    pub fn new(
        continuous: impl IntoIterator<Item = impl Into<String>>,
        continuous_methods: Vec<ContinuousMethod>,
        categorical: impl IntoIterator<Item = impl Into<String>>,
        categorical_methods: Vec<CategoricalMethod>,
        chunker: Chunker,
    ) -> Self {
        Self {
            continuous: continuous.into_iter().map(Into::into).collect(),
            continuous_methods,
            categorical: categorical.into_iter().map(Into::into).collect(),
            categorical_methods,
            chunker,
            monitors: Vec::new(),
            distributions: Vec::new(),
        }
    }
}

/// The drift of each column, by each method.
pub struct DriftResult {
    series: Vec<Series>,
    distributions: Vec<Series>,
}

impl DriftResult {
    /// Draws the drift, or the quartiles of the columns of numbers, as SVG.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArguments`] for another kind.
    #[log_usage(event = "Univariate drift results plot", properties(kind))]
    pub fn plot(&self, kind: PlotKind) -> Result<String, Error> {
        match kind {
            PlotKind::Drift => plot::draw("Univariate drift", &plot::one_each(&self.series)),
            PlotKind::Distribution => {
                let panels: Vec<_> = self.distributions.chunks(3).map(Panel::together).collect();
                plot::draw("Distribution of each column", &panels)
            }
            PlotKind::Performance => Err(kind.unknown()),
        }
    }
}

impl Results for DriftResult {
    fn name(&self) -> &'static str {
        "univariate_drift"
    }

    fn series(&self) -> &[Series] {
        &self.series
    }
}

/// How far values are from those of the reference.
type Distance = fn(&[f64], &[f64]) -> f64;

impl ContinuousMethod {
    fn monitor(self, column: &str, reference: Vec<f64>, data: (&Frame, &Chunker)) -> Result<Monitor, Error> {
        let (name, measure): (_, Distance) = match self {
            Self::KolmogorovSmirnov => ("kolmogorov_smirnov", kolmogorov_smirnov),
            Self::JensenShannon => ("jensen_shannon", jensen_shannon),
        };
        let of = column.to_owned();
        Monitor::learn(Some(column), name, &Limits::Deviation(0.0..=1.0), data, move |frame, chunk| {
            let values = present(frame, &of, chunk)?;
            Ok((!values.is_empty()).then(|| measure(&reference, &values)))
        })
    }
}

type Counts = BTreeMap<String, f64>;

impl CategoricalMethod {
    fn monitor(self, column: &str, reference: Counts, data: (&Frame, &Chunker)) -> Result<Monitor, Error> {
        let (name, limits, measure): (_, _, fn(&Counts, &Counts) -> Option<f64>) = match self {
            Self::Chi2 => ("chi2", Limits::AtLeast(0.05), chi2),
            Self::LInfinity => ("l_infinity", Limits::Deviation(0.0..=1.0), l_infinity),
        };
        let of = column.to_owned();
        Monitor::learn(Some(column), name, &limits, data, move |frame, chunk| {
            Ok(measure(&reference, &counts(frame, &of, chunk)?))
        })
    }
}

fn unlimited(
    column: &str,
    name: &'static str,
    data: (&Frame, &Chunker),
    measure: impl Fn(&Frame, &Chunk) -> Result<Option<f64>, Error> + Send + Sync + 'static,
) -> Result<Monitor, Error> {
    let limits = Limits::Deviation(f64::INFINITY..=f64::NEG_INFINITY);
    Monitor::learn(Some(column), name, &limits, data, measure)
}

fn whole(frame: &Frame) -> Result<Chunk, Error> {
    match frame.rows() {
        0 => Err(Error::InvalidArguments("the reference data has no rows".into())),
        end => Ok(Chunk { key: "all".into(), start: 0, end }),
    }
}

fn counts(frame: &Frame, column: &str, chunk: &Chunk) -> Result<Counts, Error> {
    let mut counts = Counts::new();
    for value in frame.texts(column)?[chunk.rows()].iter().flatten() {
        *counts.entry(value.clone()).or_default() += 1.0;
    }
    Ok(counts)
}

#[expect(clippy::cast_precision_loss, reason = "there are far fewer than 2^52 rows")]
fn kolmogorov_smirnov(reference: &[f64], values: &[f64]) -> f64 {
    let sorted = |values: &[f64]| {
        let mut values = values.to_vec();
        values.sort_by(f64::total_cmp);
        values
    };
    let (left, right) = (sorted(reference), sorted(values));
    let share = |sorted: &[f64], limit: f64| {
        sorted.partition_point(|value| *value <= limit) as f64 / sorted.len() as f64
    };
    let distance = |limit: &f64| (share(&left, *limit) - share(&right, *limit)).abs();
    left.iter().chain(&right).map(distance).fold(0.0, f64::max)
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a bin is between 0 and 20"
)]
fn jensen_shannon(reference: &[f64], values: &[f64]) -> f64 {
    const BINS: usize = 20;
    let low = reference.iter().copied().fold(f64::INFINITY, f64::min);
    let width = (reference.iter().copied().fold(f64::NEG_INFINITY, f64::max) - low) / BINS as f64;
    let shares = |values: &[f64]| {
        let mut shares = [0.0; BINS + 1];
        for value in values {
            let bin = if *value < low || *value > low + width * BINS as f64 {
                BINS
            } else {
                (((value - low) / width) as usize).min(BINS - 1)
            };
            shares[bin] += 1.0 / values.len() as f64;
        }
        shares
    };
    let (left, right) = (shares(reference), shares(values));
    let surplus = |of: f64, other: f64| if of > 0.0 { of * (2.0 * of / (of + other)).log2() } else { 0.0 };
    let divergence: f64 =
        left.iter().zip(&right).map(|(p, q)| f64::midpoint(surplus(*p, *q), surplus(*q, *p))).sum();
    divergence.max(0.0).sqrt()
}

/// The categories of both, with the share or the number of each.
fn pairs<'a>(left: &'a Counts, right: &'a Counts) -> impl Iterator<Item = (f64, f64)> + Clone + 'a {
    let only_right = right.iter().filter(|(name, _)| !left.contains_key(*name));
    let of_left = left.iter().map(|(name, count)| (*count, right.get(name).copied().unwrap_or(0.0)));
    of_left.chain(only_right.map(|(_, count)| (0.0, *count)))
}

fn totals(left: &Counts, right: &Counts) -> Option<(f64, f64)> {
    let (left, right) = (left.values().sum::<f64>(), right.values().sum::<f64>());
    (left > 0.0 && right > 0.0).then_some((left, right))
}

fn chi2(reference: &Counts, values: &Counts) -> Option<f64> {
    let (left, right) = totals(reference, values)?;
    let cell = |count: f64, expected: f64| (count - expected).powi(2) / expected;
    let mut degrees = -1.0;
    let mut statistic = 0.0;
    for (one, other) in pairs(reference, values) {
        let share = (one + other) / (left + right);
        statistic += cell(one, share * left) + cell(other, share * right);
        degrees += 1.0;
    }
    Some(ChiSquared::new(degrees).ok()?.sf(statistic))
}

fn l_infinity(reference: &Counts, values: &Counts) -> Option<f64> {
    let (left, right) = totals(reference, values)?;
    pairs(reference, values).map(|(one, other)| (one / left - other / right).abs()).reduce(f64::max)
}
