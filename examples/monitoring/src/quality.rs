//! Data quality: values that are missing, that were never seen before, or that are out of range.

use std::collections::HashSet;

use usage_runtime::log_usage;

use crate::monitor::{Limits, Monitor, present, watch_all};
use crate::plot;
use crate::{Chunk, Chunker, Column, Error, Frame, Results, Series};

/// One calculator of bad values and its result. Its events' names stand where it is used, to be
/// found by search.
macro_rules! quality {
    ($name:literal, $what:literal, $learn:expr, $Calculator:ident, $Result:ident,
     $fit:literal, $run:literal, $plot:literal) => {
        #[doc = concat!("Watches how many values ", $what, ".")]
        pub struct $Calculator {
            columns: Vec<String>,
            normalize: bool,
            chunker: Chunker,
            monitors: Vec<Monitor>,
        }

        #[log_usage(properties(normalize = self.normalize))]
        impl $Calculator {
            /// For these columns; as a share of all values if `normalize` is set, else as a number.
            #[must_use]
            pub fn new(
                columns: impl IntoIterator<Item = impl Into<String>>,
                normalize: bool,
                chunker: Chunker,
            ) -> Self {
                let columns = columns.into_iter().map(Into::into).collect();
                Self { columns, normalize, chunker, monitors: Vec::new() }
            }

            /// Learns from data in which all was well.
            ///
            /// # Errors
            ///
            /// [`Error::InvalidArguments`] if a column is missing or of the wrong kind.
            #[log_usage(event = $fit)]
            pub fn fit(&mut self, reference: &Frame) -> Result<(), Error> {
                let learn = |column: &String| {
                    let bad = $learn(reference, column)?;
                    learn(column, $name, self.normalize, bad, (reference, &self.chunker))
                };
                self.monitors = self.columns.iter().map(learn).collect::<Result<_, Error>>()?;
                Ok(())
            }

            /// Compares the data of production with what was learnt.
            ///
            /// # Errors
            ///
            /// [`Error::NotFitted`], and [`Error::InvalidArguments`] if a column is missing or of the
            /// wrong kind.
            #[log_usage(event = $run)]
            pub fn calculate(&self, analysis: &Frame) -> Result<$Result, Error> {
                Ok($Result { series: watch_all(&self.monitors, analysis, &self.chunker)? })
            }
        }

        #[doc = concat!("How many values of each column ", $what, ".")]
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
                plot::draw(concat!("Values that ", $what), &plot::one_each(&self.series))
            }
        }

        impl Results for $Result {
            fn name(&self) -> &'static str {
                $name
            }

            fn series(&self) -> &[Series] {
                &self.series
            }
        }
    };
}

quality!(
    "missing_values",
    "are missing",
    missing,
    MissingValuesCalculator,
    MissingValuesResult,
    "Data Quality Calculator Missing Values fit",
    "Data Quality Calculator Missing Values run",
    "Data Quality Calculator Missing Values plot"
);
quality!(
    "unseen_values",
    "were never seen before",
    unseen,
    UnseenValuesCalculator,
    UnseenValuesResult,
    "Data Quality Calculator Unseen Values fit",
    "Data Quality Calculator Unseen Values run",
    "Data Quality Calculator Unseen Values plot"
);
quality!(
    "values_out_of_range",
    "are out of range",
    out_of_range,
    OutOfRangeCalculator,
    OutOfRangeResult,
    "Data Quality Calculator Values Out Of Range fit",
    "Data Quality Calculator Values Out Of Range run",
    "Data Quality Calculator Values Out Of Range Plot"
);

/// Counts the bad values of a chunk.
type Bad = Box<dyn Fn(&Frame, &Chunk) -> Result<usize, Error> + Send + Sync>;

#[expect(clippy::cast_precision_loss, reason = "there are far fewer than 2^52 rows")]
fn learn(
    column: &str,
    name: &'static str,
    normalize: bool,
    bad: Bad,
    data: (&Frame, &Chunker),
) -> Result<Monitor, Error> {
    let possible = Limits::Deviation(0.0..=if normalize { 1.0 } else { f64::INFINITY });
    Monitor::learn(Some(column), name, &possible, data, move |frame, chunk| {
        let count = bad(frame, chunk)? as f64;
        Ok(Some(if normalize { count / chunk.rows().len() as f64 } else { count }))
    })
}

#[expect(clippy::unnecessary_wraps, reason = "all of them are alike")]
fn missing(_: &Frame, column: &str) -> Result<Bad, Error> {
    let column = column.to_owned();
    Ok(Box::new(move |frame, chunk| {
        Ok(match frame.column(&column)? {
            Column::Number(values) => values[chunk.rows()].iter().filter(|value| value.is_none()).count(),
            Column::Text(values) => values[chunk.rows()].iter().filter(|value| value.is_none()).count(),
        })
    }))
}

fn unseen(reference: &Frame, column: &str) -> Result<Bad, Error> {
    let seen: HashSet<String> = reference.texts(column)?.iter().flatten().cloned().collect();
    let column = column.to_owned();
    Ok(Box::new(move |frame, chunk| {
        let values = frame.texts(&column)?[chunk.rows()].iter().flatten();
        Ok(values.filter(|value| !seen.contains(*value)).count())
    }))
}

fn out_of_range(reference: &Frame, column: &str) -> Result<Bad, Error> {
    let values = reference.numbers(column)?.iter().flatten();
    let (low, high) = values
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)));
    let column = column.to_owned();
    Ok(Box::new(move |frame, chunk| {
        let values = present(frame, &column, chunk)?;
        Ok(values.iter().filter(|value| !(low..=high).contains(*value)).count())
    }))
}
