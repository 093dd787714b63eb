//! What a call costs as programs grow: with call sites, products and threads. Draws `growth.svg` beside
//! itself.
//!
//! ```sh
//! cargo bench -p usage-runtime --bench growth
//! ```

#![allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]

use std::fmt::Write;
use std::sync::Barrier;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use usage_runtime::__private_0_1_0::{Call, CallSite};
use usage_runtime::UsageLogger;

const ROUNDS: usize = 15;
const EVENTS: usize = 1000;
const CALLS: usize = 100_000;

/// One curve: what there is more and more of, and nanoseconds a call.
struct Curve {
    of: &'static str,
    is_recorded: bool,
    points: Vec<(usize, f64)>,
}

fn main() {
    let home = tempfile::tempdir().expect("a folder");
    // SAFETY: no other thread runs yet.
    unsafe {
        env::set_var("HOME", home.path());
        env::remove_var("XDG_STATE_HOME");
    }
    let mut curves = Vec::new();
    for is_recorded in [true, false] {
        let site_counts = [1, 10, 100, 1000, 10_000];
        let points = site_counts.map(|sites| (sites, cost(&[product(is_recorded)], sites, 1, is_recorded)));
        curves.push(Curve { of: "call sites", is_recorded, points: points.into() });
        let points = [1, 2, 5, 10, 20, 50].map(|count| {
            let products: Vec<_> = (0..count).map(|_| product(is_recorded)).collect();
            (count, cost(&products, count, 1, is_recorded))
        });
        curves.push(Curve { of: "products", is_recorded, points: points.into() });
        let points = [1, 2].map(|threads| (threads, cost(&[product(is_recorded)], 1, threads, is_recorded)));
        curves.push(Curve { of: "threads at once", is_recorded, points: points.into() });
    }
    for Curve { of, is_recorded, points } in &curves {
        println!("{}, {of}: {points:.1?}", if *is_recorded { "recorded" } else { "beyond the budget" });
    }
    fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/growth.svg"), svg(&curves)).expect("a picture");
}

/// A product of its own, which records all calls or next to none.
fn product(is_recorded: bool) -> &'static UsageLogger {
    static COUNT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let name = String::leak(format!("growth-{number}"));
    let logger = UsageLogger::new(name, "0.0.0").endpoint("http://127.0.0.1:9").log_in_tests();
    let hour = Duration::from_secs(3600);
    Box::leak(Box::new(if is_recorded { logger.without_budget() } else { logger.budget(1, hour) }))
}

/// The median cost of a call in nanoseconds, with so many call sites in turn on each of the threads.
fn cost(products: &[&'static UsageLogger], sites: usize, threads: usize, is_recorded: bool) -> f64 {
    let upto_event = format!("{:60}\"Grown\"", "");
    let line: &str = String::leak(format!("{upto_event},\"module\":\"growth\""));
    let site = |number: usize| {
        let logger = products[number % products.len()];
        let site = usage_runtime::__private_0_1_0::call_site(logger, line, upto_event.len(), [b' '; 63]);
        (logger, &*Box::leak(Box::new(site)))
    };
    let sites: Vec<_> = (0..sites).map(site).collect();
    let count = if is_recorded { EVENTS } else { CALLS };
    let mut rounds: Vec<f64> = (0..=ROUNDS)
        .map(|_| {
            if is_recorded {
                // Empties the spools.
                for product in products {
                    product.disable();
                    product.enable();
                }
            }
            sites.iter().take(products.len()).for_each(|(_, site)| drop(Call::enter(site)));
            measure(&sites, threads, count)
        })
        // In the first one the budgets are spent.
        .skip(1)
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds[ROUNDS / 2]
}

fn measure(sites: &[(&'static UsageLogger, &'static CallSite)], threads: usize, count: usize) -> f64 {
    let barrier = Barrier::new(threads);
    let one = || {
        barrier.wait();
        let begin = Instant::now();
        sites.iter().cycle().take(count).for_each(|(_, site)| drop(Call::enter(site)));
        begin.elapsed().as_secs_f64() * 1e9 / count as f64
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(one)).collect();
        let mine = one();
        others.into_iter().map(|other| other.join().expect("a time")).fold(mine, f64::max)
    })
}

/// A picture for each thing that grows; both axes are logarithmic.
fn svg(curves: &[Curve]) -> String {
    const SIZE: (f64, f64) = (260.0, 220.0);
    let x = |panel: usize, count: usize| 60.0 + panel as f64 * SIZE.0 + (count as f64).log10() * 45.0;
    let y = |cost: f64| 200.0 - cost.max(1.0).log10() * 45.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" font-family=\"sans-serif\" \
         font-size=\"10\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
        SIZE.0 * 3.0,
        SIZE.1 + 20.0
    );
    for (panel, of) in ["call sites", "products", "threads at once"].into_iter().enumerate() {
        let _ = writeln!(svg, "<text x=\"{}\" y=\"228\">{of}</text>", x(panel, 10));
        for count in [1, 10, 100, 1000, 10_000] {
            let left = x(panel, count);
            let _ = writeln!(svg, "<text x=\"{left}\" y=\"213\" text-anchor=\"middle\">{count}</text>");
        }
        for cost in [1.0, 10.0, 100.0, 1000.0, 10_000.0] {
            let (left, right, height) = (x(panel, 1), x(panel, 10_000), y(cost));
            let _ = writeln!(
                svg,
                "<path d=\"M{left} {height}H{right}\" stroke=\"#ddd\"/>\
                 <text x=\"{}\" y=\"{height}\" text-anchor=\"end\">{cost} ns</text>",
                left - 6.0
            );
        }
        for curve in curves.iter().filter(|curve| curve.of == of) {
            let (color, name) =
                if curve.is_recorded { ("#a33", "recorded") } else { ("#36a", "beyond the budget") };
            let mut points = String::new();
            for (count, cost) in &curve.points {
                let _ = write!(points, "{:.0},{:.0} ", x(panel, *count), y(*cost));
            }
            let _ = writeln!(
                svg,
                "<polyline points=\"{points}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"/>\
                 <text x=\"{:.0}\" y=\"{:.0}\" fill=\"{color}\">{name}</text>",
                x(panel, 1) + 4.0,
                y(curve.points[0].1) - 6.0
            );
            for (count, cost) in &curve.points {
                let _ = writeln!(
                    svg,
                    "<circle cx=\"{:.0}\" cy=\"{:.0}\" r=\"2\" fill=\"{color}\"><title>{count}: {cost:.0} ns\
                     </title></circle>",
                    x(panel, *count),
                    y(*cost)
                );
            }
        }
    }
    svg + "</svg>\n"
}
