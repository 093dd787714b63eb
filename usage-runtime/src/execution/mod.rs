//! EXECUTION DATA: one call of one function.
//!
//! `call_site` → `call` (with its `clock`, its `nesting`, its `budget`) → `line`, in which stand values
//! (`value_writer`), how it ended (`judge`, `outcome`, `error_name`), numbers and timestamps → the spool.
//! What a function returns, `ladder` finds out while the compiler runs.

#[cfg(test)]
mod alias_tests;
pub(crate) mod budget;
pub(crate) mod call;
pub(crate) mod call_site;
pub(crate) mod clock;
pub(crate) mod end;
mod error_name;
#[cfg(test)]
mod error_tests;
pub(crate) mod fallible;
pub(crate) mod future;
pub(crate) mod judge;
pub(crate) mod ladder;
pub(crate) mod line;
mod nesting;
mod number;
pub(crate) mod observe;
pub(crate) mod outcome;
pub(crate) mod overflow;
#[cfg(test)]
mod parameter_tests;
pub(crate) mod returns;
#[cfg(test)]
mod shape_tests;
mod spare;
#[cfg(test)]
mod tests;
mod timestamp;
mod type_path;
pub(crate) mod value;
mod value_writer;

#[cfg(not(test))]
use crate::delivery::record;
#[cfg(test)]
use tests::record;
