//! Which column should be looked at first?

use std::collections::BTreeMap;

use usage_runtime::log_usage;

use crate::{Error, Results};

/// Ranks columns by the number of their alerts in production.
#[derive(Clone, Copy, Debug, Default)]
pub struct AlertCountRanker;

/// A column and its alerts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranked {
    /// The column.
    pub column: String,
    /// How many alerts it has, over all of its series.
    pub alerts: usize,
}

impl AlertCountRanker {
    /// Ranks the columns of a result, the one with most alerts first, equal ones by name.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidArguments`] if the result is not about columns.
    #[log_usage(event = "Run ranker using alert count")]
    pub fn rank(&self, result: &dyn Results) -> Result<Vec<Ranked>, Error> {
        let mut alerts = BTreeMap::<&str, usize>::new();
        for series in result.series() {
            if let Some(column) = &series.column {
                *alerts.entry(column).or_default() += series.alerts();
            }
        }
        if alerts.is_empty() {
            return Err(Error::InvalidArguments("only a result about columns can be ranked".into()));
        }
        let ranked = alerts.into_iter().map(|(column, alerts)| Ranked { column: column.to_owned(), alerts });
        let mut ranked: Vec<_> = ranked.collect();
        ranked.sort_by_key(|ranked| std::cmp::Reverse(ranked.alerts));
        Ok(ranked)
    }
}
