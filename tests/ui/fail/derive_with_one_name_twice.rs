#[derive(usage_runtime::UsageValue)]
enum Metric {
    RocAuc,
    #[usage_value(rename = "roc_auc")]
    Auc,
}

fn main() {
    let _ = (Metric::RocAuc, Metric::Auc);
}
