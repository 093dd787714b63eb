//! EXECUTION DATA: one call of one function.

pub(crate) mod clock;
pub(crate) mod value;
