//! While an author types, the compiler says of the function what it says without the attribute, and the
//! function stays known to its callers.

use usage_runtime::{UsageLogger, log_usage};

pub static USAGE: UsageLogger = UsageLogger::new("ui", "0.0.0");

struct Fields {
    list: u8,
}

#[log_usage(event = "e")]
fn half_typed(fields: &Fields) -> Result<u8, ()> {
    let list = fields.list;
    list.
}

#[log_usage(event = "e")]
async fn half_typed_later(fields: &Fields) -> u8 {
    fields.list +
}

fn main() {
    let fields = Fields { list: 1 };
    let _: Result<u8, ()> = half_typed(&fields);
    let _ = half_typed_later(&fields);
}
