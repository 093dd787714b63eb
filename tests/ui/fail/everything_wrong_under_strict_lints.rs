//! Each of these is one error, and nothing else is said, however strict the author is.

#![forbid(unsafe_code)]
#![deny(warnings)]

use usage_runtime::{UsageLogger, UsageValue, log_usage};

static USAGE: UsageLogger = UsageLogger::new("ui", "0.0.0");

#[derive(UsageValue)]
enum Kind { A }

struct S { kind: Kind }

impl S {
    #[log_usage(evnt = "a")]
    fn a(&self) -> Result<u8, String> { Ok(1) }
    #[log_usage(event = "a", event = "b")]
    fn b(&self) -> Result<u8, String> { Ok(1) }
    #[log_usage]
    fn c(&self) -> u8 { 1 }
    #[log_usage(event = NAME)]
    async fn d(&self) -> u8 { 1 }
    #[log_usage(event = "a", properties(run_time = self.kind))]
    fn e(&self) -> u8 { 1 }
    #[log_usage(event = "a", logger = "USAGE")]
    fn f(&self) -> u8 { 1 }
    #[log_usage(event = "a")]
    const fn g(&self) -> u8 { 1 }
}

#[log_usage(event = "a")]
struct T;

#[log_usage("a")]
fn h() {}

#[log_usage(event)]
fn i() {}

#[log_usage(event = "a" metrics = 1)]
fn j() {}

#[log_usage(event = "a", none_is_error = true)]
fn k() -> Option<u8> { None }

#[log_usage(event = "a", error)]
fn l() -> Result<u8, u8> { Ok(1) }

#[log_usage(event = "a", properties = kind)]
fn m(kind: Kind) -> Result<u8, u8> { let _ = kind; Ok(1) }

#[log_usage(event = "a",, metrics = true)]
fn n() {}

#[log_usage(event = )]
fn o() {}

#[log_usage(event: "a")]
fn p() {}

#[log_usage(event = 'a')]
fn q() {}

#[log_usage(event = "a", crate = "x")]
fn r() {}

#[log_usage(event = "a", metrics = )]
fn s() {}

#[log_usage(event = "a", metrics(kind))]
fn t() {}

#[log_usage(Event = "a")]
fn u() {}

#[log_usage(name = "a")]
fn v() {}

#[log_usage[event = "a"]]
fn x() {}

#[log_usage { event = "a" }]
fn y() {}

#[log_usage(event = b"a")]
fn z() {}

#[log_usage(event = "a", properties(a = ))]
fn aa() {}

#[log_usage(event = "a", properties(a b))]
fn ab(a: bool, b: bool) { let _ = (a, b); }

#[log_usage(event = "a", properties(self.kind))]
fn ac() {}

fn main() {
    let s = S { kind: Kind::A };
    let _ = (s.a(), s.b(), s.c(), s.d(), s.e(), s.f(), s.g(), T);
    (h(), i(), j(), n(), o(), p(), q(), r(), s2(), t(), u(), v(), x(), y(), z());
    let _ = (k(), l(), m(Kind::A), s.kind);
    aa(); ab(true, true); ac();
}
fn s2() { s() }
