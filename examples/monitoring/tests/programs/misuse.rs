//! A program that uses the library wrongly in every way for which there is an event, and well where
//! that is needed for it. Its argument is an empty folder.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;

use driftwatch::{
    AlertCountRanker, BinaryWriter, CategoricalMethod, CbpeEstimator, Chunker, Classification,
    ContinuousMethod, DleEstimator, DriftCalculator, Frame, Metric, PlotKind, RawFilesWriter, RawFormat,
    Regression, USAGE,
};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("a folder is needed")?);
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let reference = Frame::read_csv(&data.join("reference.csv"))?;
    let analysis = Frame::read_csv(&data.join("analysis.csv"))?;
    let chunker = || Chunker::Size(200);

    let drift = |column: &str| {
        let (continuous, categorical) = (ContinuousMethod::JensenShannon, CategoricalMethod::Chi2);
        DriftCalculator::new([column], vec![continuous], ["employment"], vec![categorical], chunker())
    };
    assert!(drift("customer_42").fit(&reference).is_err());
    assert!(drift("income").calculate(&analysis).is_err());

    let [target, prediction, score] = ["repaid", "repaid_predicted", "repaid_score"].map(str::to_owned);
    let columns = Classification { target, prediction, score };
    let mut cbpe = CbpeEstimator::new(columns, vec![Metric::RocAuc], chunker());
    cbpe.fit(&reference)?;
    let estimated = cbpe.estimate(&analysis)?;
    assert!(estimated.plot(PlotKind::Drift).is_err());
    assert!(AlertCountRanker.rank(&estimated).is_err());

    let [target, prediction] = ["amount", "amount_predicted"].map(str::to_owned);
    let columns = Regression { target, prediction, features: vec!["income".into()] };
    let mut dle = DleEstimator::new(columns, vec![Metric::Mae], chunker());
    dle.fit(&reference)?;
    assert!(dle.estimate(&analysis)?.plot(PlotKind::Distribution).is_err());

    let file = folder.join("a file, where a folder is needed");
    std::fs::write(&file, "")?;
    assert!(BinaryWriter::new(&file).write(&estimated).is_err());
    assert!(RawFilesWriter::new(&file, RawFormat::Csv).write(&estimated).is_err());

    USAGE.flush(Duration::from_secs(20));
    Ok(())
}
