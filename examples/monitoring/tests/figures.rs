//! All numbers against those of `SciPy`, `scikit-learn` and `pandas`, see `figures/make.py`.

use std::path::Path;

use driftwatch::{
    AvgCalculator, CategoricalMethod, CbpeEstimator, Chunker, Classification, ContinuousMethod,
    CountCalculator, DleEstimator, DriftCalculator, Error, Frame, MedianCalculator, Metric,
    MissingValuesCalculator, OutOfRangeCalculator, PerformanceCalculator, Regression, Results, StdCalculator,
    SumCalculator, UnseenValuesCalculator,
};
use serde_json::Value;

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn data(name: &str) -> Frame {
    Frame::read_csv(&folder().join("data").join(name)).expect("the bundled data")
}

fn week() -> Chunker {
    Chunker::Week("timestamp".into())
}

fn classification() -> Classification {
    let [target, prediction, score] = ["repaid", "repaid_predicted", "repaid_score"].map(str::to_owned);
    Classification { target, prediction, score }
}

fn regression() -> Regression {
    let [target, prediction] = ["amount", "amount_predicted"].map(str::to_owned);
    Regression { target, prediction, features: vec!["income".into()] }
}

#[track_caller]
fn assert_near(value: Option<f64>, figure: &Value, what: &str) {
    match (value, figure.as_f64()) {
        (None, None) => {}
        (Some(value), Some(figure)) => {
            assert!((value - figure).abs() <= 1e-9 * figure.abs().max(1.0), "{what}: {value}, not {figure}");
        }
        (value, figure) => panic!("{what}: {value:?}, not {figure:?}"),
    }
}

/// Holds a result against the figures of this name.
#[track_caller]
fn assert_figures(result: &dyn Results, name: &str) {
    let figures = std::fs::read(folder().join("figures/figures.json")).expect("the figures");
    let figures: Value = serde_json::from_slice(&figures).expect("JSON");
    let figures = figures[name].as_array().expect("figures of this name");
    assert_eq!(result.series().len(), figures.len(), "{name}");
    for (series, figure) in result.series().iter().zip(figures) {
        let label = format!("{name}: {}", series.label());
        assert_eq!(
            (series.column.as_deref(), &*series.metric),
            (figure["column"].as_str(), figure["metric"].as_str().unwrap())
        );
        assert_near(series.thresholds.lower, &figure["lower"], &format!("{label}, lower threshold"));
        assert_near(series.thresholds.upper, &figure["upper"], &format!("{label}, upper threshold"));
        assert_eq!(series.points.len(), figure["values"].as_array().unwrap().len(), "{label}");
        for (place, point) in series.points.iter().enumerate() {
            let label = format!("{label}, chunk {} of {}", point.chunk.key, series.points.len());
            assert_near(point.value, &figure["values"][place], &label);
            assert_eq!(Some(point.alert), figure["alerts"][place].as_bool(), "{label}");
        }
    }
}

macro_rules! assert_right {
    ($calculator:expr, $calculate:ident, $name:literal) => {{
        let mut calculator = $calculator;
        calculator.fit(&data("reference.csv")).expect("it fits");
        assert_figures(&calculator.$calculate(&data("analysis.csv")).expect("it runs"), $name);
    }};
}

#[test]
fn drift_is_that_of_scipy() {
    let calculator = DriftCalculator::new(
        ["income", "debt_ratio"],
        vec![ContinuousMethod::KolmogorovSmirnov, ContinuousMethod::JensenShannon],
        ["employment"],
        vec![CategoricalMethod::Chi2, CategoricalMethod::LInfinity],
        week(),
    );
    assert_right!(calculator, calculate, "univariate_drift");
}

#[test]
fn summary_statistics_are_those_of_pandas() {
    assert_right!(CountCalculator::new(["income"], week()), calculate, "summary_stats_count");
    assert_right!(AvgCalculator::new(["income"], week()), calculate, "summary_stats_avg");
    assert_right!(MedianCalculator::new(["income"], week()), calculate, "summary_stats_median");
    assert_right!(StdCalculator::new(["income"], week()), calculate, "summary_stats_std");
    assert_right!(SumCalculator::new(["income"], week()), calculate, "summary_stats_sum");
}

#[test]
fn bad_values_are_those_that_pandas_finds() {
    assert_right!(MissingValuesCalculator::new(["debt_ratio"], true, week()), calculate, "missing_values");
    assert_right!(UnseenValuesCalculator::new(["employment"], true, week()), calculate, "unseen_values");
    assert_right!(OutOfRangeCalculator::new(["income"], true, week()), calculate, "values_out_of_range");
}

#[test]
fn performance_is_that_of_scikit_learn() {
    let metrics = vec![Metric::RocAuc, Metric::F1, Metric::Accuracy];
    let calculator = PerformanceCalculator::classification(classification(), metrics, week());
    assert_right!(calculator, calculate, "realized_performance");
    let metrics = vec![Metric::Rmse, Metric::Mae];
    let calculator = PerformanceCalculator::regression(regression(), metrics, week());
    assert_right!(calculator, calculate, "realized_loss");
}

#[test]
fn estimates_are_those_of_scikit_learn() {
    let metrics = vec![Metric::RocAuc, Metric::F1, Metric::Accuracy];
    assert_right!(CbpeEstimator::new(classification(), metrics, week()), estimate, "cbpe");
    assert_right!(DleEstimator::new(regression(), vec![Metric::Rmse, Metric::Mae], week()), estimate, "dle");
}

#[test]
fn bad_values_are_counted_where_no_share_is_asked_for() {
    let mut calculator = MissingValuesCalculator::new(["debt_ratio"], false, Chunker::Size(1000));
    calculator.fit(&data("reference.csv")).unwrap();
    let result = calculator.calculate(&data("analysis.csv")).unwrap();
    let counts: Vec<_> = result.series()[0].points.iter().filter_map(|point| point.value).collect();
    let text = std::fs::read_to_string(folder().join("data/analysis.csv")).unwrap();
    let missing = text.lines().filter(|line| line.split(',').nth(2) == Some("")).count();
    assert_eq!(counts.last().map(ToString::to_string), Some(missing.to_string()));
}

#[test]
fn chunks_are_of_a_size_or_a_period() {
    let frame = data("reference.csv");
    let count = |chunker: Chunker| chunker.split(&frame).unwrap().len();
    assert_eq!(count(Chunker::Size(300)), 4);
    assert_eq!(count(Chunker::Day("timestamp".into())), 70);
    assert_eq!(count(week()), 10);
    assert_eq!(count(Chunker::Month("timestamp".into())), 3);
    let wrong = [Chunker::Size(0), Chunker::Day("income".into()), Chunker::Day("employment".into())];
    for chunker in wrong {
        assert!(matches!(chunker.split(&frame), Err(Error::InvalidArguments(_))), "{chunker:?}");
    }
}

#[test]
fn what_is_not_fitted_does_not_calculate() {
    let calculator = SumCalculator::new(["income"], week());
    assert!(matches!(calculator.calculate(&data("analysis.csv")), Err(Error::NotFitted)));
}
