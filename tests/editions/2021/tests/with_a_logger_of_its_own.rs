//! A test that has a logger at its root logs to that.

#![deny(warnings)]

use usage_runtime::{log_usage, UsageLogger};

static USAGE: UsageLogger = UsageLogger::new("own", "0.0.0");

mod inner {
    #[super::log_usage(event = "Nothing")]
    pub fn nothing() {}
}

// It would be unused, and that is denied, if the function did not log to it.
#[test]
fn what_is_logged_in_a_test_goes_to_its_own_logger() {
    inner::nothing();
}
