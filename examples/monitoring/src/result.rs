//! What comes out of a calculator or an estimator: for each number that was watched, its values by
//! chunk and its thresholds.

use serde::{Deserialize, Serialize};

use crate::Chunk;

/// Where a value is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The data in which all was well.
    Reference,
    /// The data of production.
    Analysis,
}

/// The value of one chunk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The chunk.
    pub chunk: Chunk,
    /// Where it is from.
    pub side: Side,
    /// Its value; `None` where it has too little data.
    pub value: Option<f64>,
    /// Whether the value is beyond a threshold.
    pub alert: bool,
}

/// The range that values should be in.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thresholds {
    /// An alert is what is below.
    pub lower: Option<f64>,
    /// An alert is what is above.
    pub upper: Option<f64>,
}

impl Thresholds {
    pub(crate) fn alert(self, value: Option<f64>) -> bool {
        value.is_some_and(|value| {
            self.lower.is_some_and(|lower| value < lower) || self.upper.is_some_and(|upper| value > upper)
        })
    }
}

/// One number over all chunks, the reference first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// The column that it is about, if it is about one.
    pub column: Option<String>,
    /// What the number is.
    pub metric: String,
    /// Its thresholds.
    pub thresholds: Thresholds,
    /// Its values.
    pub points: Vec<Point>,
}

impl Series {
    /// What it is called in a plot or a table: `income: jensen_shannon`.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.column {
            Some(column) => format!("{column}: {}", self.metric),
            None => self.metric.clone(),
        }
    }

    /// How many chunks of production are alerts.
    #[must_use]
    pub fn alerts(&self) -> usize {
        self.points.iter().filter(|point| point.alert && point.side == Side::Analysis).count()
    }
}

/// What every result can say: what it is called, and its numbers.
pub trait Results {
    /// The name of its files and tables, such as `univariate_drift`.
    fn name(&self) -> &'static str;

    /// Its numbers.
    fn series(&self) -> &[Series];
}
