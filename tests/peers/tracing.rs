//! `tracing` with `tracing-subscriber`, which sends nothing: it writes to standard error.

mod task;

#[tracing::instrument]
fn call(event: usize) {
    tracing::info!("called");
}

fn main() {
    let task = task::Task::given();
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    (0..task.events).for_each(call);
    task.end();
}
