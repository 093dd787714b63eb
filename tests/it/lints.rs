//! Functions of which clippy would speak only because they carry the attribute: that it has nothing
//! to say about this file is the test.

#![forbid(clippy::all)]

use usage_runtime::{UsageLogger, log_usage};

static USAGE: UsageLogger = UsageLogger::new("product", "0.0.0");

#[log_usage(event = "Check", logger = USAGE)]
fn can_be_sent<T: Send + ?Sized, const N: usize>() {}

#[test]
fn a_bound_that_an_empty_function_checks_is_no_unused_parameter() {
    can_be_sent::<str, 1>();
}
