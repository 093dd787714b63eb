//! Functions of which clippy would speak only because they carry the attribute: that it has nothing
//! to say about this file is the test.

use std::cmp::Ordering;
use std::future::Future;

use usage_runtime::{UsageLogger, log_usage};

static USAGE: UsageLogger = UsageLogger::new("product", "0.0.0");

mod strict {
    #![forbid(clippy::all)]

    #[super::log_usage(event = "Check", logger = super::USAGE)]
    pub(super) fn nothing() {}
}

#[log_usage(event = "Check", logger = USAGE)]
fn can_be_sent<T: Send + ?Sized, const N: usize>() {}

#[test]
fn a_bound_that_an_empty_function_checks_is_no_unused_parameter() {
    can_be_sent::<str, 1>();
}

#[test]
fn a_function_compiles_where_no_lint_may_be_allowed() {
    strict::nothing();
}

#[derive(Copy, PartialEq, Eq, Debug)]
struct Level(u8);

#[expect(clippy::expl_impl_clone_on_copy, reason = "so that `clone` can be logged")]
impl Clone for Level {
    #[log_usage(event = "Clone", logger = USAGE)]
    fn clone(&self) -> Self {
        *self
    }
}

impl Ord for Level {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Level {
    #[log_usage(event = "Compare", logger = USAGE)]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[expect(clippy::manual_async_fn, reason = "that clippy says so is the test")]
#[log_usage(event = "Later", logger = USAGE)]
fn later() -> impl Future<Output = u8> {
    async { 1 }
}

#[log_usage(event = "Some day", logger = USAGE)]
async fn some_day() -> u8 {
    todo!()
}

#[test]
fn a_body_that_is_judged_by_its_shape_keeps_it() {
    assert!(Level(1) < Level(2));
    #[expect(clippy::clone_on_copy, reason = "it is the clone that is logged")]
    let level = Level(1).clone();
    assert_eq!(level, Level(1));
    drop((later(), some_day()));
}
