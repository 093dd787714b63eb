//! JSON, as much of it as the spool and the wire need: texts out, small documents in. Pure.
//!
//! Written here and not taken from a crate: each of these makes its own type comparable with
//! numbers and texts, and with such a crate in the dependencies of a library the compiler can no
//! longer infer types in the author's code that it could infer before.

mod read;
mod write;

pub(crate) use read::Json;
pub(crate) use write::{
    append_escaped, append_plain_and_comma, append_string, append_string_and_comma, quoted, special_bytes,
};
