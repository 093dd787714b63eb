//! A program that sends nothing.

mod task;

fn main() {
    task::Task::given().end();
}
