//! Univariate drift of one column, chunk by chunk: a small library as an author has it anyway.
//! Of usage logging it has what one line each says: which names may be logged, and that writing
//! results is a key function, too.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use usage_runtime::{UsageValue, log_usage};

/// How many rows make a chunk: five years of quarters.
const CHUNK: usize = 20;

/// How two samples are compared.
#[derive(Clone, Copy, Debug, UsageValue)]
pub enum Method {
    KolmogorovSmirnov,
    JensenShannon,
}

/// What may go wrong. Its variants' names are logged, what they hold is not.
#[derive(Debug, UsageValue)]
pub enum Error {
    /// `calculate` came before `fit`.
    NotFitted,
    /// A column without a single value.
    EmptyColumn(String),
    /// A file could not be read or written.
    Io(io::Error),
}

/// A column of a CSV file whose rows begin with a year and a quarter.
#[derive(Clone, Debug, Default)]
pub struct Column {
    pub name: String,
    /// `1959 Q1`, one for each value.
    pub labels: Vec<String>,
    pub values: Vec<f64>,
}

/// Compares chunks of a column with a reference.
#[derive(Debug)]
pub struct DriftCalculator {
    pub methods: Vec<Method>,
    reference: Option<Column>,
}

/// How far each chunk is from the reference.
#[derive(Debug)]
pub struct DriftResult {
    pub column: Column,
    pub chunks: Vec<Chunk>,
}

/// Some consecutive rows and their distance from the reference, by each method, in 0 to 1.
#[derive(Debug)]
pub struct Chunk {
    /// That of its first row.
    pub label: String,
    pub distances: Vec<f64>,
}

impl Column {
    /// Reads the column `name` of the rows whose year is in `years`.
    pub fn read(path: &Path, name: &str, years: impl Fn(u32) -> bool) -> Result<Self, Error> {
        let mut lines = BufReader::new(File::open(path)?).lines();
        let header = lines.next().transpose()?.unwrap_or_default();
        let place = header.split(',').position(|column| column == name);
        let mut column = Self { name: name.to_owned(), ..Self::default() };
        for line in lines {
            let line = line?;
            let cells: Vec<&str> = line.split(',').collect();
            let value = place.and_then(|place| cells.get(place)).and_then(|cell| cell.parse().ok());
            if let (Some(value), true) = (value, cells[0].parse().is_ok_and(&years)) {
                column.labels.push(format!("{} Q{}", cells[0], cells[1]));
                column.values.push(value);
            }
        }
        Ok(column)
    }
}

impl DriftCalculator {
    /// A calculator that has seen no reference yet.
    pub fn new(methods: Vec<Method>) -> Self {
        Self { methods, reference: None }
    }

    /// Keeps the reference to compare with.
    pub(crate) fn learn(&mut self, reference: Column) -> Result<(), Error> {
        if reference.values.is_empty() {
            return Err(Error::EmptyColumn(reference.name));
        }
        self.reference = Some(reference);
        Ok(())
    }

    /// Compares each chunk of `analysis` with the reference.
    pub(crate) fn compare(&self, analysis: &Column) -> Result<DriftResult, Error> {
        let reference = self.reference.as_ref().ok_or(Error::NotFitted)?;
        let chunks = analysis.values.chunks(CHUNK).zip(analysis.labels.chunks(CHUNK));
        let chunks = chunks.map(|(values, labels)| Chunk {
            label: labels[0].clone(),
            distances: self.methods.iter().map(|method| method.distance(&reference.values, values)).collect(),
        });
        Ok(DriftResult { column: analysis.clone(), chunks: chunks.collect() })
    }
}

impl DriftResult {
    /// Writes one line for each chunk.
    #[log_usage(
        event = "Exported results with RawFilesWriter",
        purpose = "whether results are kept as files, and so have to stay readable"
    )]
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        let mut file = File::create(path)?;
        for chunk in &self.chunks {
            let distances: Vec<String> =
                chunk.distances.iter().map(|distance| format!("{distance:.4}")).collect();
            writeln!(file, "{},{}", chunk.label, distances.join(","))?;
        }
        Ok(())
    }
}

impl Method {
    fn distance(self, reference: &[f64], chunk: &[f64]) -> f64 {
        match self {
            Self::KolmogorovSmirnov => kolmogorov_smirnov(reference, chunk),
            Self::JensenShannon => jensen_shannon(reference, chunk),
        }
    }
}

/// The largest difference between the two empirical distribution functions.
fn kolmogorov_smirnov(left: &[f64], right: &[f64]) -> f64 {
    let at_most = |sample: &[f64], limit: f64| share(sample, |value| value <= limit);
    let both = left.iter().chain(right);
    both.map(|&limit| (at_most(left, limit) - at_most(right, limit)).abs()).fold(0.0, f64::max)
}

/// The square root of the Jensen-Shannon divergence (base 2) of the two histograms.
fn jensen_shannon(left: &[f64], right: &[f64]) -> f64 {
    const BINS: u8 = 10;
    let (low, high) = left
        .iter()
        .chain(right)
        .fold((f64::MAX, f64::MIN), |(low, high), &value| (low.min(value), high.max(value)));
    let width = (high - low) / f64::from(BINS);
    let bin = |value: f64| ((value - low) / width).floor().min(f64::from(BINS - 1));
    let is_in = |value: f64, index: f64| (bin(value) - index).abs() < 0.5;
    let divergence = (0..BINS).map(f64::from).map(|index| {
        let (p, q) = (share(left, |value| is_in(value, index)), share(right, |value| is_in(value, index)));
        let term = |p: f64, q: f64| if p > 0.0 { p * (2.0 * p / (p + q)).log2() / 2.0 } else { 0.0 };
        term(p, q) + term(q, p)
    });
    divergence.sum::<f64>().max(0.0).sqrt()
}

#[expect(clippy::cast_precision_loss, reason = "samples are far shorter than 2^52")]
fn share(sample: &[f64], counts: impl Fn(f64) -> bool) -> f64 {
    sample.iter().filter(|&&value| counts(value)).count() as f64 / sample.len() as f64
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFitted => f.write_str("fit the calculator first"),
            Self::EmptyColumn(name) => write!(f, "the column {name} has no values"),
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
