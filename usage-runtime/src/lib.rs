//! Usage logging that a Rust author switches on in five minutes and that an end user can check
//! instead of trust.

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
mod consent;
mod delivery;
mod environment;
mod execution;
mod explain;
mod identity;
mod logger;
mod per_process;
mod product;
mod small_file;
mod state_folder;
mod surroundings;
mod sys;

pub use consent::{Decision, Reason};
pub use delivery::{Delivery, Destination, Failure, LastAnswer, Refusal, WaitsIn};
pub use execution::value::UsageValue;
pub use explain::Explanation;
pub use logger::{UsageLogger, disable_usage_logging, enable_usage_logging};
pub use usage_macros::UsageValue;
#[doc = include_str!("log_usage.md")]
pub use usage_macros::log_usage;
