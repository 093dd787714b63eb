//! The integration tests: real programs in processes of their own, real requests over loopback.

#[cfg(target_os = "linux")]
mod asleep;
mod audit;
mod bad_input;
#[cfg(target_os = "linux")]
mod bounds;
#[cfg(unix)]
mod budget;
mod catalog;
mod choice;
mod clients;
#[cfg(target_os = "linux")]
mod clocks;
mod consent;
mod data_sheet;
mod delivery;
mod dependencies;
mod documents;
mod e2e_cli;
#[cfg(target_os = "linux")]
mod ends;
mod faults;
mod formats;
#[cfg(target_os = "linux")]
mod hostile;
mod left_out;
mod lints;
#[cfg(target_os = "linux")]
mod network_fs;
#[cfg(target_os = "linux")]
mod no_locks;
#[cfg(target_os = "linux")]
mod notice;
#[cfg(unix)]
mod order;
#[cfg(target_os = "linux")]
mod places;
mod proxies;
mod quickstart;
mod secrets;
#[cfg(target_os = "linux")]
mod steps;
#[cfg(target_os = "linux")]
mod surroundings;
#[cfg(target_os = "linux")]
mod tls;
mod ui;
mod wire;

use usage_tests::World;

/// A world for the program `host`, see `programs/host.rs`.
fn host() -> World {
    World::new(env!("CARGO_BIN_EXE_host"))
}
