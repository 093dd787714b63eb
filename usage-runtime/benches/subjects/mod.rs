//! What all benchmarks measure: three functions, bare and annotated, for products in each state.
#![expect(clippy::unnecessary_wraps, reason = "all have one type")]

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;
use std::{env, fs};

use usage_runtime::{UsageLogger, UsageValue, log_usage};

/// Off by one line of code, as by any switch.
pub(crate) static OFF: UsageLogger = UsageLogger::new("bench-off", "0.0.0").log_in_tests();

/// With a budget that is spent by the first call.
pub(crate) static SPENT: UsageLogger = product("bench-spent").budget(1, Duration::from_secs(3600));

/// Records each call.
pub(crate) static RECORDED: UsageLogger = product("bench-recorded").without_budget();

/// A product whose events stay in its file, for nobody listens.
pub(crate) const fn product(name: &'static str) -> UsageLogger {
    UsageLogger::new(name, "0.0.0").write_key("key").endpoint("http://127.0.0.1:9").log_in_tests()
}

/// The error of a call that fails.
#[derive(Clone, Copy, Debug, UsageValue)]
pub(crate) enum Failure {
    /// It was asked to.
    Asked,
}

/// Two of these are what a recorded call says.
#[derive(Clone, Copy, Debug, UsageValue)]
pub(crate) enum Metric {
    RocAuc,
    F1,
}

#[expect(clippy::inline_always, reason = "so that nothing is called in the end")]
#[inline(always)]
fn next(x: u64) -> u64 {
    x.wrapping_add(3)
}

/// A function four times: bare, and annotated for products in each state.
macro_rules! subjects {
    ($($bare:ident $off:ident $spent:ident $recorded:ident: |$x:ident| { $($body:tt)* })*) => {$(
        #[inline(never)]
        pub(crate) fn $bare($x: u64) -> Result<u64, Failure> {
            $($body)*
        }

        #[inline(never)]
        #[log_usage(event = "Bench off", logger = OFF, metrics = [Metric::RocAuc, Metric::F1])]
        pub(crate) fn $off($x: u64) -> Result<u64, Failure> {
            $($body)*
        }

        #[inline(never)]
        #[log_usage(event = "Bench spent", logger = SPENT)]
        pub(crate) fn $spent($x: u64) -> Result<u64, Failure> {
            $($body)*
        }

        #[inline(never)]
        #[log_usage(event = "Bench recorded", logger = RECORDED, metrics = [Metric::RocAuc, Metric::F1])]
        pub(crate) fn $recorded($x: u64) -> Result<u64, Failure> {
            $($body)*
        }
    )*};
}

subjects! {
    // Compares and returns.
    noop_bare noop_off noop_spent noop_recorded: |x| {
        if x == u64::MAX { Err(Failure::Asked) } else { Ok(x) }
    }

    // Hands on to another function.
    passed_bare passed_off passed_spent passed_recorded: |x| {
        noop_bare(black_box(x) ^ 2)
    }

    // Some 130 instructions that depend on each other.
    work_bare work_off work_spent work_recorded: |x| {
        let mut y = x;
        for turn in 0..24_u64 {
            y = (y ^ (y >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(turn);
        }
        if x == u64::MAX { Err(Failure::Asked) } else { Ok(y) }
    }

    // Cannot fail, so that a guard sees all.
    sure_bare sure_off sure_spent sure_recorded: |x| {
        Ok(next(x))
    }
}

/// Brings the products into their states, with a home of their own below `folder`.
///
/// Only while no other thread runs, for it is the environment that says where the home is.
pub(crate) fn prepare(folder: &Path) {
    let _ = fs::create_dir_all(folder);
    assert_eq!(env::var_os("HOME").as_deref(), Some(folder.as_os_str()), "the benchmark sets it");
    OFF.disable();
    let subjects = [
        [noop_off, noop_spent, noop_recorded],
        [passed_off, passed_spent, passed_recorded],
        [work_off, work_spent, work_recorded],
        [sure_off, sure_spent, sure_recorded],
    ];
    for subject in subjects.as_flattened() {
        assert!((0..3).all(|x| subject(x).is_ok()));
    }
    assert!(SPENT.is_enabled() && RECORDED.is_enabled(), "{}", RECORDED.explain());
}
