//! Usage logging of this library: the one static, and the two functions for its users.

use usage_runtime::UsageLogger;

/// Where all events of this library go: as it is an example, to this machine. Without the line
/// `endpoint` they go to Segment.
pub static USAGE: UsageLogger = UsageLogger::new("driftwatch", env!("CARGO_PKG_VERSION"))
    .write_key("your Segment write key")
    .endpoint("http://127.0.0.1:8765")
    .env_prefix("DRIFTWATCH");

/// Switches usage logging off for this process. Nothing is sent any more, what waits included.
///
/// ```
/// driftwatch::disable_usage_logging();
/// ```
pub fn disable_usage_logging() {
    USAGE.disable();
}

/// Takes [`disable_usage_logging`] back. Whoever has switched it off elsewhere stays off.
///
/// ```
/// driftwatch::enable_usage_logging();
/// # driftwatch::disable_usage_logging();
/// ```
pub fn enable_usage_logging() {
    USAGE.enable();
}
