#[derive(usage_runtime::UsageValue)]
struct Customer {
    id: u64,
}

fn main() {
    let _ = Customer { id: 42 }.id;
}
