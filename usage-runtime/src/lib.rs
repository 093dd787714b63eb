//! Usage logging that a Rust author switches on in five minutes and that an end user can check
//! instead of trust: which key functions of a library or program are used, how long they take and
//! how they fail, as events at [Segment](https://segment.com).
//!
//! ```
//! use usage_runtime::{UsageLogger, UsageValue, log_usage};
//!
//! pub static USAGE: UsageLogger = UsageLogger::new("nannyml", env!("CARGO_PKG_VERSION"))
//!     .write_key("your Segment write key")
//!     .env_prefix("NML");
//!
//! #[derive(Clone, Copy, UsageValue)]
//! pub enum PlotKind {
//!     Drift,
//!     Distribution,
//! }
//!
//! #[log_usage(event = "DLE estimator plot", properties(kind))]
//! pub fn plot(values: &[f64], kind: PlotKind) -> Result<String, &'static str> {
//!     if values.is_empty() { Err("nothing to plot") } else { Ok("<svg/>".to_owned()) }
//! }
//! # fn main() { assert!(plot(&[1.0], PlotKind::Drift).is_ok()); }
//! ```
//!
//! - [`log_usage`](macro@log_usage) is the attribute, with all of its arguments.
//! - [`UsageLogger`] is the one static of a product.
//! - [`trait@UsageValue`] says what may be logged: names that stand in source code, nothing that
//!   came from a user.
//! - [`enable_usage_logging`] and [`disable_usage_logging`] are for end users in code; re-export
//!   them.
//! - [`UsageLogger::explain`] tells what happened, as a value.
//! - [`catalog`] reads every event that a program could send from its executable, and keeps an
//!   author's data sheet true; [`audit`] is a `usage` subcommand for end users.
//!
//! # What an author can rely on
//!
//! Nothing here panics, prints, waits for the network or changes an exit code in the host; there is
//! no error to handle. A recorded call is one `write` to a file, and survives `exit`, `abort` and
//! `kill -9`: what this process does not deliver, a later one does. At the end of a process there
//! is a wait of at most 50 ms if something is on its way, and of 500 ms where no file can be
//! written. The background thread starts with the first recorded call, never before.
//!
//! # What an end user can rely on
//!
//! The product's variable (`NML_DISABLE_USAGE_LOGGING`, by presence alone), `DO_NOT_TRACK`, a
//! `.env` with either of them, or one line of code switch it off, and off means no thread, no file
//! and no socket. `NML_PRINT_USAGE_LOGGING` prints what would be sent and sends nothing. Each key
//! that is sent is in the repository's PRIVACY.md.
//!
//! Whoever builds a program can leave usage logging out of it: with `RUSTFLAGS="--cfg
//! usage_logging_off"` an annotated function is compiled as if it had no attribute, and no HTTP
//! client is among the dependencies.
//!
//! Under `cargo test` nothing is recorded, unless [`UsageLogger::log_in_tests`] asks for it.
//!
//! # Features
//!
//! TLS is rustls with ring, and of certificates only Mozilla's list counts: that builds with a C
//! compiler alone, and nobody whom somebody added to the machine can read along. Whoever builds a
//! program can have it otherwise; a library leaves that alone, since all of a program share it.
//!
//! - `platform-verifier`: the certificates that the platform trusts, as where a proxy reads along.
//! - `native-tls`, with `default-features = false`: the platform's own TLS and the certificates that
//!   it trusts. It is smaller, and on Linux needs OpenSSL and its headers. Where `rustls`, the default
//!   feature, is on as well, that is used.

// What nothing calls any more stays in the source, and out of the program.
#![cfg_attr(usage_logging_off, allow(dead_code, unused_imports))]
// But for `sys`.
#![deny(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

#[path = "private.rs"]
#[doc(hidden)]
pub mod __private_0_1_0;
mod all_products;
#[doc = include_str!("adoption.md")]
pub mod adoption {}
pub mod audit;
pub mod catalog;
mod consent;
mod delivery;
mod end_user;
mod environment;
mod execution;
mod explain;
mod identity;
mod json;
mod kept_file;
mod logger;
mod notice;
mod per_process;
mod product;
mod random_id;
mod small_file;
mod state_folder;
mod surroundings;
mod sys;

pub use all_products::{disable_usage_logging, enable_usage_logging};
pub use consent::{Decision, Reason};
pub use delivery::{Delivery, Destination, Failure, LastAnswer, Receipt, Refusal, WaitsIn};
pub use execution::value::UsageValue;
pub use explain::Explanation;
pub use logger::UsageLogger;
pub use usage_macros::UsageValue;
#[cfg(usage_logging_off)]
#[doc = include_str!("log_usage.md")]
pub use usage_macros::leave_out as log_usage;
#[cfg(not(usage_logging_off))]
#[doc = include_str!("log_usage.md")]
pub use usage_macros::log_usage;

/// Whether the program is built with `--cfg usage_logging_off`: what a switch guards with this is not
/// even compiled into it.
pub(crate) const IS_LEFT_OUT: bool = cfg!(usage_logging_off);
