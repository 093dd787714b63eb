//! A program with a product's usage logging; with the feature `bare`, its function has no attribute.
#![deny(warnings)]
#![forbid(unsafe_code)]

use usage_runtime::{UsageLogger, UsageValue};

static USAGE: UsageLogger = UsageLogger::new("zebra-product", "1.0.0").env_prefix("ZEBRA");

#[derive(Clone, Copy, UsageValue)]
pub enum Stripes {
    ZebraBlack,
    ZebraWhite,
}

#[cfg_attr(
    not(feature = "bare"),
    usage_runtime::log_usage(event = "Zebra counted", properties(stripes), error = name_of_error)
)]
#[inline(never)]
pub fn count_what_has_stripes(stripes: Stripes, many: &[u64]) -> Result<u64, std::fmt::Error> {
    let first = many.first().ok_or(std::fmt::Error)?;
    Ok(first + many.len() as u64 + stripes as u64)
}

/// Used by the attribute alone.
#[cfg(not(feature = "bare"))]
fn name_of_error(_: &std::fmt::Error) -> &'static str {
    "zebra error"
}

fn main() {
    #[cfg(feature = "audit")]
    return audit();
    #[cfg(not(feature = "audit"))]
    count();
}

#[cfg(feature = "audit")]
fn audit() {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    if arguments.is_empty() {
        return println!("{}", USAGE.explain());
    }
    let code = usage_runtime::audit::run(&USAGE, arguments, &mut std::io::stdout());
    std::process::exit(i32::from(code));
}

#[cfg_attr(feature = "audit", allow(dead_code))]
fn count() {
    usage_runtime::disable_usage_logging();
    usage_runtime::enable_usage_logging();
    let many: Vec<_> = std::env::args().map(|argument| argument.len() as u64).collect();
    for stripes in [Stripes::ZebraBlack, Stripes::ZebraWhite] {
        println!("{}", count_what_has_stripes(stripes, &many).is_ok());
    }
    #[cfg(feature = "bare")]
    assert!(!USAGE.is_enabled());
}
