//! One run of the program: everything that the configuration asks for, one after the other.

use std::fs;
use std::time::Duration;

use driftwatch::{
    AlertCountRanker, AvgCalculator, BinaryWriter, CbpeEstimator, Classification, CountCalculator,
    DatabaseWriter, DleEstimator, DriftCalculator, Error, Frame, MedianCalculator, MissingValuesCalculator,
    OutOfRangeCalculator, PerformanceCalculator, PlotKind, Ranked, RawFilesWriter, Regression, Results,
    StdCalculator, SumCalculator, UnseenValuesCalculator,
};
use indicatif::ProgressBar;

use crate::config::{Config, Drift, Format, Quality, Watched};

/// What a run has found.
pub(crate) struct Report {
    /// Each number that was watched: the result it is in, what it is called, and its alerts.
    pub alerts: Vec<(&'static str, String, usize)>,
    /// The columns, the one to look at first in front.
    pub ranking: Vec<Ranked>,
}

struct Run<'a> {
    config: &'a Config,
    reference: Frame,
    analysis: Frame,
    progress: ProgressBar,
    report: Report,
}

/// Does all that the configuration asks for, and shows on a terminal how far it is.
pub(crate) fn run(config: &Config) -> Result<Report, Error> {
    fs::create_dir_all(&config.output).map_err(Error::of_file(&config.output))?;
    let progress = ProgressBar::new_spinner();
    progress.enable_steady_tick(Duration::from_millis(100));
    let mut run = Run {
        config,
        reference: Frame::read_csv(&config.reference)?,
        analysis: Frame::read_csv(&config.analysis)?,
        progress,
        report: Report { alerts: Vec::new(), ranking: Vec::new() },
    };
    run.all()?;
    run.progress.finish_and_clear();
    Ok(run.report)
}

/// Fits a calculator, lets it calculate, and keeps the result.
macro_rules! result {
    ($run:expr, $calculator:expr, $calculate:ident) => {{
        let mut calculator = $calculator;
        calculator.fit(&$run.reference)?;
        let result = calculator.$calculate(&$run.analysis)?;
        $run.keep(&result)?;
        result
    }};
}

/// The same for calculators whose results have but one plot, which is drawn.
macro_rules! watch {
    ($run:expr, $($calculator:expr),+) => {
        $({
            let result = result!($run, $calculator, calculate);
            $run.draw(result.name(), &result.plot()?)?;
        })+
    };
}

impl Run<'_> {
    fn all(&mut self) -> Result<(), Error> {
        let config = self.config;
        config.drift.as_ref().map_or(Ok(()), |drift| self.drift(drift))?;
        config.statistics.as_ref().map_or(Ok(()), |statistics| self.statistics(&statistics.columns))?;
        config.quality.as_ref().map_or(Ok(()), |quality| self.quality(quality))?;
        config.classification.as_ref().map_or(Ok(()), |model| self.classification(model))?;
        config.regression.as_ref().map_or(Ok(()), |model| self.regression(model))
    }

    fn drift(&mut self, drift: &Drift) -> Result<(), Error> {
        let calculator = DriftCalculator::new(
            &drift.continuous,
            drift.continuous_methods.clone(),
            &drift.categorical,
            drift.categorical_methods.clone(),
            self.config.chunk.clone(),
        );
        let result = result!(self, calculator, calculate);
        self.draw(result.name(), &result.plot(PlotKind::Drift)?)?;
        self.draw("distribution", &result.plot(PlotKind::Distribution)?)?;
        self.report.ranking = AlertCountRanker.rank(&result)?;
        Ok(())
    }

    fn statistics(&mut self, columns: &[String]) -> Result<(), Error> {
        let chunk = || self.config.chunk.clone();
        let calculators = (
            CountCalculator::new(columns, chunk()),
            AvgCalculator::new(columns, chunk()),
            MedianCalculator::new(columns, chunk()),
            StdCalculator::new(columns, chunk()),
            SumCalculator::new(columns, chunk()),
        );
        watch!(self, calculators.0, calculators.1, calculators.2, calculators.3, calculators.4);
        Ok(())
    }

    fn quality(&mut self, quality: &Quality) -> Result<(), Error> {
        let (normalize, chunk) = (quality.normalize, &self.config.chunk);
        watch!(
            self,
            MissingValuesCalculator::new(&quality.missing, normalize, chunk.clone()),
            UnseenValuesCalculator::new(&quality.unseen, normalize, chunk.clone()),
            OutOfRangeCalculator::new(&quality.out_of_range, normalize, chunk.clone())
        );
        Ok(())
    }

    /// Before the truth is there by CBPE, and after.
    fn classification(&mut self, watched: &Watched<Classification>) -> Result<(), Error> {
        let Watched { model, metrics } = watched;
        let chunk = &self.config.chunk;
        let estimator = CbpeEstimator::new(model.clone(), metrics.clone(), chunk.clone());
        let calculator = PerformanceCalculator::classification(model.clone(), metrics.clone(), chunk.clone());
        let estimated = result!(self, estimator, estimate);
        self.draw(estimated.name(), &estimated.plot(PlotKind::Performance)?)?;
        let realized = result!(self, calculator, calculate);
        self.draw(realized.name(), &realized.plot(PlotKind::Performance)?)
    }

    /// Before the truth is there by DLE, and after.
    fn regression(&mut self, watched: &Watched<Regression>) -> Result<(), Error> {
        let Watched { model, metrics } = watched;
        let chunk = &self.config.chunk;
        let estimator = DleEstimator::new(model.clone(), metrics.clone(), chunk.clone());
        let calculator = PerformanceCalculator::regression(model.clone(), metrics.clone(), chunk.clone());
        let estimated = result!(self, estimator, estimate);
        self.draw(estimated.name(), &estimated.plot(PlotKind::Performance)?)?;
        let realized = result!(self, calculator, calculate);
        self.draw(realized.name(), &realized.plot(PlotKind::Performance)?)
    }

    /// Writes a result in every format that is asked for, and notes its alerts.
    fn keep(&mut self, result: &dyn Results) -> Result<(), Error> {
        self.progress.set_message(result.name());
        let folder = &self.config.output;
        for format in &self.config.formats {
            match format {
                Format::Raw(format) => RawFilesWriter::new(folder, *format).write(result)?,
                Format::Binary => BinaryWriter::new(folder).write(result)?,
                Format::Database => DatabaseWriter::new(folder.join("results.db")).write(result)?,
            }
        }
        let alerts = result.series().iter().map(|series| (result.name(), series.label(), series.alerts()));
        self.report.alerts.extend(alerts);
        Ok(())
    }

    fn draw(&self, name: &str, svg: &str) -> Result<(), Error> {
        let path = self.config.output.join(format!("{name}.svg"));
        fs::write(&path, svg).map_err(Error::of_file(&path))
    }
}
