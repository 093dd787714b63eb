//! A file of the library that an integration test has, too.

use usage_runtime::log_usage;

#[log_usage(event = "Half")]
pub fn half(of: u8) -> Result<u8, String> {
    if of.is_multiple_of(2) {
        Ok(of / 2)
    } else {
        Err(of.to_string())
    }
}

#[log_usage(event = "Half later")]
pub async fn half_later(of: u8) -> Result<u8, String> {
    half(of)
}
