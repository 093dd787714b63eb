//! Watches a machine learning model after its deployment: has its data drifted, is the data still
//! whole, does the model still perform, and how would one know before the truth arrives?
//!
//! ```
//! use driftwatch::{ContinuousMethod, CategoricalMethod, Chunker, DriftCalculator, Frame, PlotKind};
//!
//! # fn main() -> Result<(), driftwatch::Error> {
//! # let data = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data"));
//! let reference = Frame::read_csv(&data.join("reference.csv"))?;
//! let analysis = Frame::read_csv(&data.join("analysis.csv"))?;
//!
//! let mut calculator = DriftCalculator::new(
//!     ["income"], vec![ContinuousMethod::JensenShannon],
//!     ["employment"], vec![CategoricalMethod::Chi2],
//!     Chunker::Week("timestamp".into()),
//! );
//! calculator.fit(&reference)?;
//! let svg = calculator.calculate(&analysis)?.plot(PlotKind::Drift)?;
//! # assert!(svg.starts_with("<svg"));
//! # Ok(())
//! # }
//! ```
//!
//! # Usage logging
//!
//! This library records pseudonymous usage data: which of its key functions are used, how long they
//! take and how they end. TELEMETRY.md lists all of it, and README.md says how to switch it off; in
//! code it is [`disable_usage_logging`].

mod cbpe;
mod chunk;
mod confusion;
mod dle;
mod drift;
mod error;
mod frame;
mod monitor;
mod performance;
mod plot;
mod quality;
mod ranker;
mod result;
mod statistics;
mod telemetry;
mod write;

pub use cbpe::{CbpeEstimator, CbpeResult};
pub use chunk::{Chunk, Chunker};
pub use dle::{DleEstimator, DleResult};
pub use drift::{CategoricalMethod, ContinuousMethod, DriftCalculator, DriftResult};
pub use error::Error;
pub use frame::{Column, Frame};
pub use performance::{
    Classification, Metric, PerformanceCalculator, PerformanceResult, ProblemType, Regression,
};
pub use plot::PlotKind;
pub use quality::{
    MissingValuesCalculator, MissingValuesResult, OutOfRangeCalculator, OutOfRangeResult,
    UnseenValuesCalculator, UnseenValuesResult,
};
pub use ranker::{AlertCountRanker, Ranked};
pub use result::{Point, Results, Series, Side, Thresholds};
pub use statistics::{
    AvgCalculator, AvgResult, CountCalculator, CountResult, MedianCalculator, MedianResult, StdCalculator,
    StdResult, SumCalculator, SumResult,
};
pub use telemetry::{USAGE, disable_usage_logging, enable_usage_logging};
pub use write::{BinaryWriter, DatabaseWriter, RawFilesWriter, RawFormat};
