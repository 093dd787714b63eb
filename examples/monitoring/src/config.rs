//! The configuration of the program: a TOML file.

use std::path::{Path, PathBuf};

use driftwatch::{
    CategoricalMethod, Chunker, Classification, ContinuousMethod, Error, Metric, RawFormat, Regression,
};
use serde::Deserialize;

/// What is watched, and where the results go.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    pub reference: PathBuf,
    pub analysis: PathBuf,
    pub output: PathBuf,
    pub formats: Vec<Format>,
    pub chunk: Chunker,
    pub drift: Option<Drift>,
    pub statistics: Option<Statistics>,
    pub quality: Option<Quality>,
    pub classification: Option<Watched<Classification>>,
    pub regression: Option<Watched<Regression>>,
}

/// A writer.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    Binary,
    Database,
    #[serde(untagged)]
    Raw(RawFormat),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Drift {
    pub continuous: Vec<String>,
    pub continuous_methods: Vec<ContinuousMethod>,
    pub categorical: Vec<String>,
    pub categorical_methods: Vec<CategoricalMethod>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Statistics {
    pub columns: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Quality {
    pub missing: Vec<String>,
    pub unseen: Vec<String>,
    pub out_of_range: Vec<String>,
    pub normalize: bool,
}

/// A model, and the metrics by which it is watched.
#[derive(Deserialize)]
pub(crate) struct Watched<Model> {
    pub metrics: Vec<Metric>,
    #[serde(flatten)]
    pub model: Model,
}

impl Config {
    /// Reads a configuration; its paths are relative to its own folder.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(Error::of_file(path))?;
        let mut config: Self =
            toml::from_str(&text).map_err(|error| Error::InvalidArguments(error.to_string()))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        for path in [&mut config.reference, &mut config.analysis, &mut config.output] {
            *path = folder.join(&*path);
        }
        Ok(config)
    }
}
