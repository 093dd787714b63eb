//! The command line of driftwatch.

mod config;
mod run;

use std::ffi::OsString;
use std::io::{self, Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use driftwatch::{Error, USAGE};
use usage_runtime::{audit, log_usage};

use config::Config;
use run::Report;

/// Watches a machine learning model after its deployment.
///
/// It records pseudonymous usage data; `driftwatch usage` shows all of it, and switches it off.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Does what a configuration asks for.
    Run {
        /// The configuration, a TOML file.
        #[arg(default_value = "driftwatch.toml")]
        config: PathBuf,
    },
    /// Says what usage data is recorded, and switches it off or on.
    #[command(disable_help_flag = true)]
    Usage {
        /// The question; without one, all that can be asked.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        question: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Usage { question } => ExitCode::from(audit::run(&USAGE, question, &mut stdout())),
        Command::Run { config } => {
            if let Some(notice) = USAGE.first_run_notice("") {
                eprintln!("{notice}\n");
            }
            run(&config).map_or_else(
                |error| {
                    eprintln!("driftwatch: {error}");
                    ExitCode::FAILURE
                },
                |()| ExitCode::SUCCESS,
            )
        }
    }
}

/// A run that fails is an event that says so.
#[log_usage(event = "CLI run")]
fn run(config: &Path) -> Result<(), Error> {
    let config = Config::read(config)?;
    let report = run::run(&config)?;
    print(&report, &config).map_err(Error::of_file(&config.output))
}

fn print(Report { alerts, ranking }: &Report, config: &Config) -> io::Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "{:24}  {:34}  alerts", "result", "of")?;
    for (result, series, alerts) in alerts {
        let alerts = if *alerts == 0 { "-".to_owned() } else { alerts.to_string() };
        writeln!(out, "{result:24}  {series:34}  {alerts:>6}")?;
    }
    if let Some(first) = ranking.first() {
        writeln!(out, "\nThe column to look at first is `{}`.", first.column)?;
    }
    writeln!(out, "Plots and results are in {}.", config.output.display())
}
