//! Chunks: the stretches of rows that are judged as one.

use std::ops::Range;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{Error, Frame};

/// How data is cut into chunks.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Chunker {
    /// So many rows each; what remains is a shorter last one.
    Size(usize),
    /// One for each day, by a column of moments in ascending order.
    Day(String),
    /// One for each week, which begins on a Monday.
    Week(String),
    /// One for each month.
    Month(String),
}

/// One chunk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chunk {
    /// Its name: the numbers of its rows, or its first day.
    pub key: String,
    /// Its first row.
    pub start: usize,
    /// The row behind its last one.
    pub end: usize,
}

impl Chunk {
    /// Its rows.
    #[must_use]
    pub fn rows(&self) -> Range<usize> {
        self.start..self.end
    }
}

impl Chunker {
    /// Cuts data into chunks, in the order of its rows.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArguments`] for a size of 0, and for a column that has no moments.
    pub fn split(&self, frame: &Frame) -> Result<Vec<Chunk>, Error> {
        match self {
            Self::Size(0) => Err(Error::InvalidArguments("a chunk has at least one row".into())),
            Self::Size(size) => Ok((0..frame.rows())
                .step_by(*size)
                .map(|start| (start, frame.rows().min(start + size)))
                .map(|(start, end)| Chunk { key: format!("{start}:{}", end - 1), start, end })
                .collect()),
            Self::Day(column) => by_period(frame, column, |date| date),
            Self::Week(column) => by_period(frame, column, monday),
            Self::Month(column) => by_period(frame, column, Date::first_of_month),
        }
    }
}

fn monday(date: Date) -> Date {
    let days = i64::from(date.weekday().to_monday_zero_offset());
    date.checked_sub(jiff::Span::new().days(days)).unwrap_or(date)
}

fn by_period(frame: &Frame, column: &str, begin: fn(Date) -> Date) -> Result<Vec<Chunk>, Error> {
    let mut chunks: Vec<Chunk> = Vec::new();
    for (row, moment) in frame.texts(column)?.iter().enumerate() {
        let date = moment.as_deref().and_then(|moment| moment.get(..10)?.parse().ok());
        let date = date.ok_or_else(|| {
            Error::InvalidArguments(format!("row {row} of column `{column}` does not begin with a date"))
        })?;
        let key = begin(date).to_string();
        match chunks.last_mut() {
            Some(last) if last.key == key => last.end = row + 1,
            _ => chunks.push(Chunk { key, start: row, end: row + 1 }),
        }
    }
    Ok(chunks)
}
