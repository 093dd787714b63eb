//! The main job in one command, without a key, an account or a network: starts a receiver on
//! loopback that speaks Segment's tracking API, runs a program that uses an annotated library, and
//! shows each request as it arrives.
//!
//! `library.rs` is what an author writes; `drift.rs` and `svg.rs` are the library that the author
//! has anyway.

#![expect(
    missing_docs,
    unreachable_pub,
    reason = "its files are written as those of a library, which exports them"
)]

mod drift;
mod library;
mod svg;

use std::error::Error;
use std::io::stdout;
use std::path::Path;
use std::process::{Command, exit};
use std::time::Duration;
use std::{env, fs};

use drift::{Column, DriftCalculator, Method};
use library::PlotKind;
pub use library::USAGE;
use usage_receiver::{Received, Receiver};
use usage_runtime::audit;

/// United States, quarterly, 1959 to 2009, from FRED and the Bureau of Labor Statistics; public
/// domain.
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/quickstart/us_economy.csv");

fn main() -> Result<(), Box<dyn Error>> {
    match env::args().nth(1).as_deref() {
        Some("analyse") => analyse(),
        Some("usage") => exit(i32::from(audit::run(&USAGE, env::args_os().skip(2), &mut stdout()))),
        _ => watch(),
    }
}

/// The program of an end user: fit, calculate, plot, write, and one call that fails.
fn analyse() -> Result<(), Box<dyn Error>> {
    let column = |years: fn(u32) -> bool| Column::read(Path::new(DATA), "unemployment", years);
    let mut calculator = DriftCalculator::new(vec![Method::KolmogorovSmirnov, Method::JensenShannon]);
    let analysis = column(|year| year >= 1970)?;

    if let Err(error) = calculator.calculate(&analysis) {
        println!("calculate before fit fails, as it should: {error}");
    }
    calculator.fit(column(|year| year < 1970)?)?;
    let result = calculator.calculate(&analysis)?;

    let file = |name: &str| env::temp_dir().join(name);
    let [plot, values, table] =
        ["quickstart_drift.svg", "quickstart_values.svg", "quickstart_drift.csv"].map(file);
    fs::write(&plot, library::plot(&result, PlotKind::Drift)?)?;
    fs::write(&values, library::plot(&result, PlotKind::Distribution)?)?;
    result.write(&table)?;
    println!("{} chunks compared with the 1960s, see:", result.chunks.len());
    for file in [plot, values, table] {
        println!("  {}", file.display());
    }

    USAGE.flush(Duration::from_secs(5));
    println!("usage logging: {}", USAGE.explain());
    Ok(())
}

/// Runs the program of the end user with a receiver that stands in for Segment, and shows what
/// arrives there.
fn watch() -> Result<(), Box<dyn Error>> {
    let receiver = Receiver::start()?;
    let endpoint = receiver.endpoint();
    let status =
        Command::new(env::current_exe()?).arg("analyse").env("NML_USAGE_ENDPOINT", &endpoint).status()?;

    let arrived = receiver.received();
    for (number, Received { request, refusals }) in arrived.iter().enumerate() {
        println!("\n--- request {} ---\n{request}", number + 1);
        for refusal in refusals {
            println!("refused: {refusal}");
        }
    }
    let events = receiver.messages().len();
    if events == 0 {
        println!("\nNothing arrived at {endpoint}: usage logging is off.");
    } else {
        println!("\n{events} events arrived at {endpoint}, in {} request(s).", arrived.len());
        println!("Switch it all off with: NML_DISABLE_USAGE_LOGGING= cargo run --example quickstart");
    }
    if status.success() { Ok(()) } else { Err("the program failed".into()) }
}
