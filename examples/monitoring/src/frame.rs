//! Data: named columns of equal length, read from CSV.

use std::path::Path;

use crate::Error;

/// The values of one column; `None` where one is missing.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// Continuous values.
    Number(Vec<Option<f64>>),
    /// Categories, and moments such as `2026-03-01 12:00:00`.
    Text(Vec<Option<String>>),
}

/// A table.
#[derive(Clone, Debug)]
pub struct Frame {
    rows: usize,
    columns: Vec<(String, Column)>,
}

impl Frame {
    /// Reads a CSV file with a header. A column is of numbers if all its values are.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if the file cannot be read or its rows differ in length.
    pub fn read_csv(path: &Path) -> Result<Self, Error> {
        let mut reader = csv::Reader::from_path(path).map_err(Error::of_file(path))?;
        let names = reader.headers().map_err(Error::of_file(path))?.clone();
        let rows: Vec<_> = reader.records().collect::<Result<_, _>>().map_err(Error::of_file(path))?;
        let columns = names.iter().enumerate().map(|(index, name)| {
            let values = rows.iter().map(|row| Some(&row[index]).filter(|value| !value.is_empty()));
            (name.to_owned(), Column::of(values))
        });
        Ok(Self { rows: rows.len(), columns: columns.collect() })
    }

    /// How many rows it has.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The column of this name.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArguments`] if there is none.
    pub fn column(&self, name: &str) -> Result<&Column, Error> {
        let found = self.columns.iter().find(|(other, _)| other == name);
        found
            .map(|(_, column)| column)
            .ok_or_else(|| Error::InvalidArguments(format!("the data has no column `{name}`")))
    }

    /// The column of this name, which is of numbers.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArguments`] if there is none, or it has other values.
    pub fn numbers(&self, name: &str) -> Result<&[Option<f64>], Error> {
        match self.column(name)? {
            Column::Number(values) => Ok(values),
            Column::Text(_) => Err(Error::InvalidArguments(format!("column `{name}` is not of numbers"))),
        }
    }

    /// The column of this name, which is of texts.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArguments`] if there is none, or it has numbers.
    pub fn texts(&self, name: &str) -> Result<&[Option<String>], Error> {
        match self.column(name)? {
            Column::Text(values) => Ok(values),
            Column::Number(_) => Err(Error::InvalidArguments(format!("column `{name}` is of numbers"))),
        }
    }
}

impl Column {
    fn of<'a>(values: impl Iterator<Item = Option<&'a str>> + Clone) -> Self {
        let number = |value: Option<&str>| value.map(str::parse).transpose();
        match values.clone().map(number).collect() {
            Ok(numbers) => Self::Number(numbers),
            Err(_) => Self::Text(values.map(|value| value.map(str::to_owned)).collect()),
        }
    }
}
