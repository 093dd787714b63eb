//! Writers: results as files, as one binary file, or in a database. One row is one chunk of one series.

use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::Arc;

use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType};
use parquet::errors::ParquetError;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use usage_runtime::log_usage;

use crate::{Error, Point, Results, Series, Side};

/// A format of [`RawFilesWriter`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RawFormat {
    /// Text, with a header.
    Csv,
    /// Columns, for tools of data analysis.
    Parquet,
}

/// Writes a result as a file `<name>.csv` or `<name>.parquet` of a folder.
#[derive(Clone, Debug)]
pub struct RawFilesWriter {
    folder: PathBuf,
    format: RawFormat,
}

impl RawFilesWriter {
    /// Into this folder, which is made if it is not there.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>, format: RawFormat) -> Self {
        Self { folder: folder.into(), format }
    }

    /// Writes a result; one of the same name is replaced.
    ///
    /// # Errors
    ///
    /// [`Error::File`].
    #[log_usage(event = "Exported results with RawFilesWriter")]
    pub fn write(&self, result: &dyn Results) -> Result<(), Error> {
        fs::create_dir_all(&self.folder).map_err(Error::of_file(&self.folder))?;
        let file = |extension| self.folder.join(format!("{}.{extension}", result.name()));
        match self.format {
            RawFormat::Csv => {
                let path = file("csv");
                csv_file(&path, &rows(result)).map_err(Error::of_file(&path))
            }
            RawFormat::Parquet => {
                let path = file("parquet");
                let opened = File::create(&path).map_err(Error::of_file(&path))?;
                parquet_file(opened, &rows(result)).map_err(Error::of_file(&path))
            }
        }
    }
}

/// Writes a result as `<name>.bin` of a folder, to be read by [`BinaryWriter::read`].
#[derive(Clone, Debug)]
pub struct BinaryWriter {
    folder: PathBuf,
}

impl BinaryWriter {
    /// Into this folder, which is made if it is not there.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Writes a result; one of the same name is replaced.
    ///
    /// # Errors
    ///
    /// [`Error::File`].
    #[log_usage(event = "Exported results with PickleWriter")]
    pub fn write(&self, result: &dyn Results) -> Result<(), Error> {
        fs::create_dir_all(&self.folder).map_err(Error::of_file(&self.folder))?;
        let path = self.path(result.name());
        let bytes = postcard::to_stdvec(result.series()).map_err(Error::of_file(&path))?;
        fs::write(&path, bytes).map_err(Error::of_file(&path))
    }

    /// Reads the result of this name back.
    ///
    /// # Errors
    ///
    /// [`Error::File`].
    pub fn read(&self, name: &str) -> Result<Vec<Series>, Error> {
        let path = self.path(name);
        let bytes = fs::read(&path).map_err(Error::of_file(&path))?;
        postcard::from_bytes(&bytes).map_err(Error::of_file(&path))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.bin"))
    }
}

/// Writes a result as a table of an `SQLite` database, which has the result's name.
#[derive(Clone, Debug)]
pub struct DatabaseWriter {
    path: PathBuf,
}

impl DatabaseWriter {
    /// Into this database, which is made if it is not there.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Writes a result; one of the same name is replaced.
    ///
    /// # Errors
    ///
    /// [`Error::File`].
    #[log_usage(event = "Exported results with DatabaseWriter")]
    pub fn write(&self, result: &dyn Results) -> Result<(), Error> {
        let mut database = Connection::open(&self.path).map_err(Error::of_file(&self.path))?;
        table(&mut database, result.name(), &rows(result)).map_err(Error::of_file(&self.path))
    }
}

#[derive(Serialize)]
struct Row<'a> {
    column: Option<&'a str>,
    metric: &'a str,
    chunk: &'a str,
    side: &'static str,
    value: Option<f64>,
    lower: Option<f64>,
    upper: Option<f64>,
    alert: bool,
}

fn rows(result: &dyn Results) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for series in result.series() {
        rows.extend(series.points.iter().map(|point| Row::new(series, point)));
    }
    rows
}

impl<'a> Row<'a> {
    fn new(series: &'a Series, point: &'a Point) -> Self {
        Self {
            column: series.column.as_deref(),
            metric: &series.metric,
            chunk: &point.chunk.key,
            side: match point.side {
                Side::Reference => "reference",
                Side::Analysis => "analysis",
            },
            value: point.value,
            lower: series.thresholds.lower,
            upper: series.thresholds.upper,
            alert: point.alert,
        }
    }
}

fn csv_file(path: &std::path::Path, rows: &[Row<'_>]) -> csv::Result<()> {
    let mut writer = csv::Writer::from_path(path)?;
    rows.iter().try_for_each(|row| writer.serialize(row))?;
    Ok(writer.flush()?)
}

fn parquet_file(file: File, rows: &[Row<'_>]) -> Result<(), ParquetError> {
    let schema = parse_message_type(
        "message result { optional binary column (UTF8); required binary metric (UTF8);
         required binary chunk (UTF8); required binary side (UTF8); optional double value;
         optional double lower; optional double upper; required boolean alert; }",
    )?;
    let mut writer = SerializedFileWriter::new(file, Arc::new(schema), Arc::default())?;
    let mut group = writer.next_row_group()?;
    texts(&mut group, rows.iter().map(|row| row.column), Presence::Optional)?;
    texts(&mut group, rows.iter().map(|row| Some(row.metric)), Presence::Required)?;
    texts(&mut group, rows.iter().map(|row| Some(row.chunk)), Presence::Required)?;
    texts(&mut group, rows.iter().map(|row| Some(row.side)), Presence::Required)?;
    numbers(&mut group, rows.iter().map(|row| row.value))?;
    numbers(&mut group, rows.iter().map(|row| row.lower))?;
    numbers(&mut group, rows.iter().map(|row| row.upper))?;
    if let Some(mut column) = group.next_column()? {
        let alerts: Vec<bool> = rows.iter().map(|row| row.alert).collect();
        column.typed::<BoolType>().write_batch(&alerts, None, None)?;
        column.close()?;
    }
    group.close()?;
    writer.close()?;
    Ok(())
}

type Group<'a> = SerializedRowGroupWriter<'a, File>;

#[derive(Clone, Copy)]
enum Presence {
    Optional,
    Required,
}

fn texts<'a>(
    group: &mut Group<'_>,
    values: impl Iterator<Item = Option<&'a str>> + Clone,
    presence: Presence,
) -> Result<(), ParquetError> {
    let Some(mut column) = group.next_column()? else { return Ok(()) };
    let levels: Vec<i16> = values.clone().map(|value| i16::from(value.is_some())).collect();
    let levels = matches!(presence, Presence::Optional).then_some(&levels[..]);
    let values: Vec<ByteArray> = values.flatten().map(ByteArray::from).collect();
    column.typed::<ByteArrayType>().write_batch(&values, levels, None)?;
    column.close()
}

fn numbers(
    group: &mut Group<'_>,
    values: impl Iterator<Item = Option<f64>> + Clone,
) -> Result<(), ParquetError> {
    let Some(mut column) = group.next_column()? else { return Ok(()) };
    let levels: Vec<i16> = values.clone().map(|value| i16::from(value.is_some())).collect();
    let values: Vec<f64> = values.flatten().collect();
    column.typed::<DoubleType>().write_batch(&values, Some(&levels), None)?;
    column.close()
}

fn table(database: &mut Connection, name: &str, rows: &[Row<'_>]) -> rusqlite::Result<()> {
    let transaction = database.transaction()?;
    transaction.execute_batch(&format!(
        "DROP TABLE IF EXISTS {name};
         CREATE TABLE {name} (\"column\" TEXT, metric TEXT NOT NULL, chunk TEXT NOT NULL,
                              side TEXT NOT NULL, value REAL, lower REAL, upper REAL,
                              alert INTEGER NOT NULL);"
    ))?;
    {
        let mut insert =
            transaction.prepare(&format!("INSERT INTO {name} VALUES (?, ?, ?, ?, ?, ?, ?, ?)"))?;
        for row in rows {
            let Row { column, metric, chunk, side, value, lower, upper, alert } = row;
            insert.execute((column, metric, chunk, side, value, lower, upper, alert))?;
        }
    }
    transaction.commit()
}
