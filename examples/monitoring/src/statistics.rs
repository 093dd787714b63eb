//! Summary statistics: count, average, median, standard deviation and sum of columns of numbers.

use usage_runtime::log_usage;

use crate::monitor::{Limits, Monitor, present, watch_all};
use crate::plot;
use crate::{Chunk, Chunker, Error, Frame, Results, Series};

/// One calculator and its result. Its events' names stand where it is used, to be found by search.
macro_rules! statistic {
    ($name:literal, $what:literal, $measure:expr, $Calculator:ident, $Result:ident,
     $fit:literal, $run:literal, $plot:literal) => {
        #[doc = concat!("Watches the ", $what, " of columns of numbers.")]
        pub struct $Calculator {
            columns: Vec<String>,
            chunker: Chunker,
            monitors: Vec<Monitor>,
        }

        impl $Calculator {
            /// For these columns.
            #[must_use]
            pub fn new(columns: impl IntoIterator<Item = impl Into<String>>, chunker: Chunker) -> Self {
                let columns = columns.into_iter().map(Into::into).collect();
                Self { columns, chunker, monitors: Vec::new() }
            }

            /// Learns from data in which all was well.
            ///
            /// # Errors
            ///
            /// [`Error::InvalidArguments`] if a column is missing or not of numbers.
            #[log_usage(event = $fit)]
            pub fn fit(&mut self, reference: &Frame) -> Result<(), Error> {
                let learn = |column: &String| learn(column, $name, $measure, (reference, &self.chunker));
                self.monitors = self.columns.iter().map(learn).collect::<Result<_, _>>()?;
                Ok(())
            }

            /// Compares the data of production with what was learnt.
            ///
            /// # Errors
            ///
            /// [`Error::NotFitted`], and [`Error::InvalidArguments`] if a column is missing or not of
            /// numbers.
            #[log_usage(event = $run)]
            pub fn calculate(&self, analysis: &Frame) -> Result<$Result, Error> {
                Ok($Result { series: watch_all(&self.monitors, analysis, &self.chunker)? })
            }
        }

        #[doc = concat!("The ", $what, " of each column.")]
        pub struct $Result {
            series: Vec<Series>,
        }

        impl $Result {
            /// Draws it as SVG.
            ///
            /// # Errors
            ///
            /// [`Error::Plot`].
            #[log_usage(event = $plot)]
            pub fn plot(&self) -> Result<String, Error> {
                plot::draw(concat!("Summary statistics: ", $what), &plot::one_each(&self.series))
            }
        }

        impl Results for $Result {
            fn name(&self) -> &'static str {
                concat!("summary_stats_", $name)
            }

            fn series(&self) -> &[Series] {
                &self.series
            }
        }
    };
}

statistic!(
    "count",
    "number of rows",
    count,
    CountCalculator,
    CountResult,
    "Simple Stats Count fit",
    "Simple Stats Count run",
    "Simple Stats Count plot"
);
statistic!(
    "avg",
    "average",
    average,
    AvgCalculator,
    AvgResult,
    "Simple Stats Avg fit",
    "Simple Stats Avg run",
    "Simple Stats Avg plot"
);
statistic!(
    "median",
    "median",
    |values| quantile(values, 0.5),
    MedianCalculator,
    MedianResult,
    "Simple Stats Median fit",
    "Simple Stats Median run",
    "Simple Stats Median plot"
);
statistic!(
    "std",
    "standard deviation",
    deviation,
    StdCalculator,
    StdResult,
    "Simple Stats Std fit",
    "Simple Stats Std run",
    "Simple Stats Std plot"
);
statistic!(
    "sum",
    "sum",
    |values| Some(values.iter().sum()),
    SumCalculator,
    SumResult,
    "Simple Stats Sum fit",
    "Simple Stats Sum run",
    "Simple Stats Sum plot"
);

fn learn(
    column: &str,
    name: &'static str,
    measure: fn(Vec<f64>) -> Option<f64>,
    data: (&Frame, &Chunker),
) -> Result<Monitor, Error> {
    let of = column.to_owned();
    let possible = Limits::Deviation(f64::NEG_INFINITY..=f64::INFINITY);
    Monitor::learn(Some(column), name, &possible, data, move |frame: &Frame, chunk: &Chunk| {
        Ok(measure(present(frame, &of, chunk)?))
    })
}

#[expect(clippy::cast_precision_loss, reason = "there are far fewer than 2^52 rows")]
fn size(values: &[f64]) -> f64 {
    values.len() as f64
}

#[expect(clippy::needless_pass_by_value, clippy::unnecessary_wraps, reason = "all measures are alike")]
fn count(values: Vec<f64>) -> Option<f64> {
    Some(size(&values))
}

#[expect(clippy::needless_pass_by_value, reason = "all measures are alike")]
fn average(values: Vec<f64>) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / size(&values))
}

/// The standard deviation of a sample: over one less than the number of values.
#[expect(clippy::needless_pass_by_value, reason = "all measures are alike")]
fn deviation(values: Vec<f64>) -> Option<f64> {
    let degrees = size(&values) - 1.0;
    let mean = average(values.clone())?;
    (degrees > 0.0).then(|| (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / degrees).sqrt())
}

/// The value below which this share of the values is, on a line between the two nearest.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an index into the values"
)]
pub(crate) fn quantile(mut values: Vec<f64>, share: f64) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let place = values.len().checked_sub(1)? as f64 * share;
    let (below, above) = (values[place.floor() as usize], values[place.ceil() as usize]);
    Some(below + (above - below) * place.fract())
}
