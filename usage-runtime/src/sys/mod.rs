//! What std does not offer: one file for each kind of it. All `unsafe` of the project is in this folder,
//! each use with the reason why it is safe; the compiler refuses it elsewhere.
#![allow(unsafe_code, reason = "what std lacks cannot be had without")]

mod cells;
mod clocks;
mod errors;
mod files;
mod locks;
mod process;
mod process_number;
mod wrapped_future;

pub(crate) use cells::{AtomicRef, SetOnce, Shared};
pub(crate) use clocks::{monotonic_time, process_cpu_time, wall_time};
pub(crate) use errors::{downcast_error, std_error};
#[cfg(unix)]
pub(crate) use files::{NO_FOLLOW, NO_WAIT};
pub(crate) use files::{close_inherited, descriptor, names_and_length, out_of_the_way, read_without_a_trace};
pub(crate) use locks::{try_lock, unlock};
#[cfg(unix)]
pub(crate) use process::effective_user;
pub(crate) use process::{at_exit, has_borrowed_rights, may_write_files_of, once_at_fork, without_signals};
pub(crate) use process_number::{known_process_number, process_number};
pub(crate) use wrapped_future::{BoxedFuture, HalfPinned};
