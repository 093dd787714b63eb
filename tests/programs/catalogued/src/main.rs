//! Calls what it uses of the library, after it has read its own catalogue.
#![forbid(unsafe_code)]

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};

use catalogued::{Kind, Metric};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    print!("{}", usage_runtime::catalog::of(std::env::current_exe()?)?);
    if std::env::args().len() > 1 {
        catalogued::estimators::fit(&[Some(Metric::RocAuc), Some(Metric::Ap)], true)?;
        catalogued::plot(Kind::Drift);
        catalogued::plot(Metric::Ap);
        catalogued::other("words");
        let _ = pin!(catalogued::task()).poll(&mut Context::from_waker(Waker::noop()));
    }
    Ok(())
}
