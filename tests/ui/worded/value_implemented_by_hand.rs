use usage_runtime::UsageValue;

struct Customer(String);

impl UsageValue for Customer {}

fn main() {
    let _ = Customer(String::new()).0;
}
