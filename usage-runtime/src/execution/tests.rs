//! Annotated functions of every kind, and the lines that their calls become.

use std::future::{self, Future};
use std::panic::{self, AssertUnwindSafe};
use std::pin::{Pin, pin};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;

use serde_json::Value;

use crate::{UsageLogger, UsageValue, log_usage};

/// What was recorded instead of being delivered, with the thread that recorded it.
static RECORDED: Mutex<Vec<(thread::ThreadId, String)>> = Mutex::new(Vec::new());

pub(super) static USAGE: UsageLogger = UsageLogger::new("product", "0.0.0").always_on();
static OTHER: UsageLogger = UsageLogger::new("other", "0.0.0").always_on();

/// Stands in for the delivery.
pub(super) fn record(_logger: &'static UsageLogger, line: &[u8]) -> bool {
    let line = str::from_utf8(line).expect("every piece of it is text");
    let line = line.strip_suffix('\n').expect("it has its end");
    lines().push((thread::current().id(), line.to_owned()));
    true
}

fn lines() -> impl std::ops::DerefMut<Target = Vec<(thread::ThreadId, String)>> {
    RECORDED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The events that this thread has recorded since it was asked last.
pub(super) fn recorded() -> Vec<Value> {
    let ours = lines().extract_if(.., |(thread, _)| *thread == thread::current().id()).collect::<Vec<_>>();
    ours.iter().map(|(_, line)| serde_json::from_str(line).unwrap()).collect()
}

/// The properties of the one event that was recorded.
pub(super) fn properties() -> Value {
    let events = recorded();
    assert_eq!(events.len(), 1, "{events:?}");
    events[0]["properties"].clone()
}

pub(super) fn exception_type() -> Value {
    let properties = properties();
    assert_eq!(properties["exception_occurred"], !properties["exception_type"].is_null());
    properties["exception_type"].clone()
}

fn panics(f: impl FnOnce()) {
    let payload = panic::catch_unwind(AssertUnwindSafe(f)).unwrap_err();
    assert_eq!(payload.downcast_ref(), Some(&"expected"));
}

fn poll<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

pub(super) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = poll(future.as_mut()) {
            return value;
        }
    }
}

/// Pending once.
async fn pause() {
    let mut paused = false;
    future::poll_fn(|_| if std::mem::replace(&mut paused, true) { Poll::Ready(()) } else { Poll::Pending })
        .await;
}

#[derive(Clone, Copy, UsageValue)]
#[usage_value(crate = crate)]
enum Metric {
    RocAuc,
    #[usage_value(rename = "average_precision")]
    Ap,
}

#[derive(UsageValue)]
#[usage_value(crate = crate)]
enum Wrong {
    NoData,
    Column(#[expect(dead_code, reason = "never read")] String),
}

#[derive(UsageValue)]
#[usage_value(crate = crate)]
enum Generic<'a, T: ?Sized, const N: usize>
where
    T: 'a,
{
    Held(&'a T),
}

/// Has no trait at all.
struct Opaque<T>(T);

type Aliased<T> = Result<T, Wrong>;

#[log_usage(event = "plain", crate = crate, logger = USAGE)]
fn plain() {}

#[test]
fn a_call_becomes_one_line_with_properties_last() {
    plain();
    let (_, line) = lines().extract_if(.., |(thread, _)| *thread == thread::current().id()).next().unwrap();
    assert!(line.starts_with(r#"{"type":"track","event":"plain","timestamp":"2"#), "{line}");
    assert!(line.contains(r#"Z","properties":{"run_time":0.0"#), "{line}");
    assert!(line.ends_with(r#","exception_occurred":false}}"#), "{line}");
    let event: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(event["timestamp"].as_str().unwrap().len(), "2026-11-23T19:48:41.285Z".len());
    assert!(event["properties"]["process_run_time"].as_f64().unwrap() >= 0.0);
}

#[log_usage(event = "deep", crate = crate, logger = USAGE, properties(deeper = depth > 0))]
fn deep(depth: u32) {
    if depth > 0 {
        plain();
        deep(depth - 1);
    }
}

#[test]
fn calls_that_take_turns_and_are_nested_deeply_each_have_a_line_of_their_own() {
    for _ in 0..2 {
        deep(6);
        let said = |event: &Value| (event["event"].clone(), event["properties"]["deeper"].clone());
        let (plain, deep): (Vec<_>, Vec<_>) =
            recorded().iter().map(said).partition(|(name, _)| name == "plain");
        assert_eq!(plain, [(); 6].map(|()| ("plain".into(), Value::Null)));
        assert_eq!(deep, [false, true, true, true, true, true, true].map(|it| ("deep".into(), it.into())));
    }
}

#[log_usage(event = "quoted \"\\\u{1}ä", crate = crate, logger = USAGE)]
fn quoted() {}

#[test]
fn an_event_may_have_any_name() {
    quoted();
    assert_eq!(recorded()[0]["event"], "quoted \"\\\u{1}ä");
}

#[log_usage(event = "values", crate = crate, logger = USAGE, metrics = metrics,
    properties(normalize, kind = kind.take(), absent = None::<bool>, r#type = "x"))]
fn values(metrics: &[Metric], normalize: bool, mut kind: Option<Metric>) -> Option<bool> {
    kind.map(|_| normalize)
}

#[test]
fn values_are_taken_before_the_body_and_by_reference() {
    assert_eq!(values(&[Metric::RocAuc, Metric::Ap], true, Some(Metric::Ap)), None);
    let properties = properties();
    assert_eq!(properties["metrics"], serde_json::json!(["roc_auc", "average_precision"]));
    assert_eq!(properties["normalize"], true);
    assert_eq!(properties["kind"], "average_precision");
    assert_eq!(properties["type"], "x");
    assert!(properties.get("absent").is_none());
}

#[test]
fn values_are_not_asked_for_when_nothing_is_recorded() {
    static OFF: UsageLogger = UsageLogger::new("off", "0.0.0");
    #[log_usage(event = "off", crate = crate, logger = OFF, properties(kind = kind()))]
    fn off(kind: fn() -> bool) {}

    OFF.disable();
    off(|| panic!("asked"));
    assert!(recorded().is_empty());
}

#[log_usage(event = "fails", crate = crate, logger = USAGE)]
fn fails<E>(error: E) -> Result<(), E> {
    Err(error)
}

#[log_usage(event = "fails behind an alias", crate = crate, logger = USAGE)]
fn fails_behind_an_alias(error: Option<Wrong>) -> Aliased<u8> {
    error.map_or(Ok(1), Err)
}

#[test]
fn an_error_is_named_by_its_type_and_its_variant() {
    assert!(fails_behind_an_alias(Some(Wrong::Column("secret".to_owned()))).is_err());
    assert_eq!(exception_type(), "usage_runtime::execution::tests::Wrong::Column");
    assert!(fails_behind_an_alias(Some(Wrong::NoData)).is_err());
    assert_eq!(exception_type(), "usage_runtime::execution::tests::Wrong::NoData");
    assert!(fails_behind_an_alias(None).is_ok());
    assert_eq!(exception_type(), Value::Null);
}

#[test]
fn an_error_of_any_type_is_named_without_its_arguments() {
    assert!(fails(Opaque("secret")).is_err());
    assert_eq!(exception_type(), "usage_runtime::execution::tests::Opaque");
    assert!(fails("secret").is_err());
    assert_eq!(exception_type(), "str");
    assert!(fails(Value::Null).is_err());
    assert_eq!(exception_type(), "other");
}

#[test]
fn a_generic_enum_can_derive() {
    #[log_usage(event = "generic", crate = crate, logger = USAGE, properties(held = Generic::<'_, str, 3>::Held("secret")))]
    fn generic() {}

    generic();
    assert_eq!(properties()["held"], "held");
}

#[test]
fn a_failure_in_a_poll_is_seen() {
    #[log_usage(event = "poll", crate = crate, logger = USAGE)]
    fn polled(value: Poll<Option<Result<u8, Wrong>>>) -> Poll<Option<Result<u8, Wrong>>> {
        value
    }
    #[log_usage(event = "poll", crate = crate, logger = USAGE)]
    fn polled_once(value: Poll<Result<u8, Wrong>>) -> Poll<Result<u8, Wrong>> {
        value
    }

    assert!(polled(Poll::Ready(Some(Err(Wrong::NoData)))).is_ready());
    assert_eq!(exception_type(), "usage_runtime::execution::tests::Wrong::NoData");
    assert!(polled(Poll::Pending).is_pending());
    assert_eq!(exception_type(), Value::Null);
    assert!(polled_once(Poll::Ready(Err(Wrong::NoData))).is_ready());
    assert_eq!(exception_type(), "usage_runtime::execution::tests::Wrong::NoData");
    assert!(polled_once(Poll::Ready(Ok(1))).is_ready());
    assert_eq!(exception_type(), Value::Null);
}

#[log_usage(event = "guarded", crate = crate, logger = USAGE)]
fn guarded_panic() -> u8 {
    panic::panic_any("expected")
}

#[log_usage(event = "observed", crate = crate, logger = USAGE)]
fn observed_panic() -> Aliased<u8> {
    panic::panic_any("expected")
}

#[test]
fn a_panic_is_recorded_and_goes_on_unchanged() {
    panics(|| assert_eq!(guarded_panic(), 1));
    assert_eq!(exception_type(), "panic");
    panics(|| drop(observed_panic()));
    assert_eq!(exception_type(), "panic");
}

#[test]
fn a_call_in_a_destructor_during_a_panic_did_not_panic_itself() {
    struct CallsOnDrop;
    impl Drop for CallsOnDrop {
        fn drop(&mut self) {
            plain();
        }
    }

    panics(|| {
        let _calls = CallsOnDrop;
        panic::panic_any("expected");
    });
    assert_eq!(exception_type(), Value::Null);
}

#[log_usage(event = "async", crate = crate, logger = USAGE, properties(ok))]
async fn waits(ok: bool) -> Result<u8, Wrong> {
    pause().await;
    if ok { Ok(1) } else { Err(Wrong::NoData) }
}

#[test]
fn an_async_function_is_recorded_when_it_ends() {
    let mut future = pin!(waits(false));
    assert!(poll(future.as_mut()).is_pending());
    assert!(recorded().is_empty());
    assert!(poll(future.as_mut()).is_ready());
    let properties = properties();
    assert_eq!(properties["ok"], false);
    assert_eq!(properties["exception_type"], "usage_runtime::execution::tests::Wrong::NoData");
}

#[test]
fn a_future_that_is_dropped_before_its_end_was_cancelled() {
    {
        let mut future = pin!(waits(true));
        assert!(poll(future.as_mut()).is_pending());
    }
    assert_eq!(exception_type(), "cancelled");
    drop(waits(true));
    assert!(recorded().is_empty(), "an async function that was never polled has not begun");
}

#[log_usage(event = "async panic", crate = crate, logger = USAGE)]
async fn panics_later() {
    pause().await;
    panic::panic_any("expected")
}

#[test]
fn a_future_that_panicked_did_so_whoever_catches_it() {
    panics(|| block_on(panics_later()));
    assert_eq!(exception_type(), "panic");
    let mut future = Box::pin(panics_later());
    assert!(poll(future.as_mut()).is_pending());
    panics(|| assert!(poll(future.as_mut()).is_ready()));
    assert_eq!(exception_type(), "panic");
    drop(future);
    assert!(recorded().is_empty());
}

#[test]
fn an_async_function_that_never_returns_panics_or_is_cancelled() {
    #[log_usage(event = "never", crate = crate, logger = USAGE)]
    async fn never() -> ! {
        pause().await;
        panic::panic_any("expected")
    }

    panics(|| block_on(never()));
    assert_eq!(exception_type(), "panic");
    let mut future = Box::pin(never());
    assert!(poll(future.as_mut()).is_pending());
    drop(future);
    assert_eq!(exception_type(), "cancelled");
}

#[log_usage(event = "returns a future", crate = crate, logger = USAGE)]
fn returns_future(ok: bool) -> impl Future<Output = Result<u8, Wrong>> {
    if ok { future::ready(Ok(1)) } else { future::ready(Err(Wrong::NoData)) }
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

#[log_usage(event = "boxes a future", crate = crate, logger = USAGE)]
fn boxes_future(ok: &bool) -> Boxed<'_, Aliased<u8>> {
    if *ok {
        return Box::pin(future::ready(Ok(1)));
    }
    Box::pin(async {
        pause().await;
        Err(Wrong::NoData)
    })
}

#[test]
fn a_future_that_is_returned_is_the_call() {
    let future = returns_future(false);
    assert!(recorded().is_empty());
    assert!(block_on(future).is_err());
    assert_eq!(exception_type(), "usage_runtime::execution::tests::Wrong::NoData");
    assert!(block_on(returns_future(true)).is_ok());
    assert_eq!(exception_type(), Value::Null);
}

#[test]
fn a_boxed_future_is_the_call_behind_any_alias() {
    let future = boxes_future(&false);
    assert!(recorded().is_empty());
    assert!(block_on(future).is_err());
    assert_eq!(exception_type(), "usage_runtime::execution::tests::Wrong::NoData");
    drop(boxes_future(&true));
    assert_eq!(exception_type(), "cancelled");
}

#[test]
fn a_boxed_future_is_the_call_whatever_may_be_done_with_it() {
    #[log_usage(event = "local", crate = crate, logger = USAGE)]
    fn local() -> Pin<Box<dyn Future<Output = u8>>> {
        Box::pin(async { 1 })
    }
    #[log_usage(event = "shared", crate = crate, logger = USAGE)]
    fn shared() -> Pin<Box<dyn Future<Output = u8> + Send + Sync>> {
        Box::pin(async { 1 })
    }

    for future in [local(), shared() as Pin<Box<dyn Future<Output = u8>>>] {
        assert!(recorded().is_empty());
        assert_eq!(block_on(future), 1);
        assert_eq!(exception_type(), Value::Null);
    }
}

#[log_usage(event = "outer", crate = crate, logger = USAGE)]
fn outer(inner: impl FnOnce()) {
    inner();
}

#[test]
fn an_inner_call_knows_the_call_that_encloses_it() {
    outer(|| {
        plain();
        let elsewhere = thread::spawn(|| {
            plain();
            properties()
        });
        assert!(elsewhere.join().unwrap().get("parent").is_none());
    });
    plain();
    let events = recorded();
    assert_eq!(events[0]["properties"]["parent"], "outer");
    assert!(events[1]["properties"].get("parent").is_none());
    assert!(events[2]["properties"].get("parent").is_none());
}

#[test]
fn nothing_is_enclosed_by_a_call_that_panicked() {
    panics(|| outer(|| panic::panic_any("expected")));
    plain();
    assert!(recorded()[1]["properties"].get("parent").is_none());
}

#[test]
fn a_call_of_one_product_is_no_parent_for_another_product() {
    #[log_usage(event = "of another product", crate = crate, logger = OTHER)]
    fn other() {}

    outer(other);
    assert!(recorded()[0]["properties"].get("parent").is_none());
}

#[test]
fn tasks_that_take_turns_have_parents_of_their_own() {
    #[log_usage(event = "task", crate = crate, logger = USAGE)]
    async fn task() {
        plain();
        pause().await;
        plain();
    }

    let (mut one, mut two) = (pin!(task()), pin!(task()));
    assert!(poll(one.as_mut()).is_pending() && poll(two.as_mut()).is_pending());
    plain();
    assert!(poll(one.as_mut()).is_ready() && poll(two.as_mut()).is_ready());
    let parents: Vec<_> = recorded().iter().map(|event| event["properties"]["parent"].clone()).collect();
    assert_eq!(parents[..4], ["task".into(), "task".into(), Value::Null, "task".into()]);
    assert_eq!(parents[4..], [Value::Null, "task".into(), Value::Null]);
}

async fn held(buffer: [u8; 240]) -> u8 {
    pause().await;
    buffer[0]
}

#[log_usage(event = "held", crate = crate, logger = USAGE)]
async fn held_and_logged(buffer: [u8; 240]) -> u8 {
    pause().await;
    buffer[0]
}

#[test]
fn a_future_holds_its_arguments_no_more_often_than_without_the_attribute() {
    let bare = size_of_val(&held([0; 240]));
    let logged = size_of_val(&held_and_logged([0; 240]));
    assert!(logged < bare + 96, "{bare} bytes became {logged}");
}
