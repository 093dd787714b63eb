//! Curves of costs as an SVG, both axes logarithmic.

use std::fmt::Write;

/// One picture beside the others: what there is more and more of.
pub(crate) struct Panel {
    pub(crate) of: &'static str,
    pub(crate) curves: [Curve; 2],
}

/// Nanoseconds a call, by how many there are.
pub(crate) struct Curve {
    pub(crate) name: &'static str,
    pub(crate) points: Vec<(usize, f64)>,
}

const WIDTH: f64 = 270.0;
const HEIGHT: f64 = 240.0;
const TEN_TIMES: f64 = 45.0;
const COLORS: [&str; 2] = ["#a33", "#36a"];

pub(crate) fn svg(panels: &[Panel]) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" font-family=\"sans-serif\" \
         font-size=\"10\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
        WIDTH * 2.0,
        HEIGHT * 2.0
    );
    for (number, panel) in panels.iter().enumerate() {
        let (left, top) = ((number % 2) as f64 * WIDTH, (number / 2) as f64 * HEIGHT);
        let _ = writeln!(svg, "<g transform=\"translate({left} {top})\">{}</g>", inside(panel));
    }
    svg + "</svg>\n"
}

fn x(count: usize) -> f64 {
    60.0 + (count as f64).log10() * TEN_TIMES
}

fn y(cost: f64) -> f64 {
    200.0 - cost.max(1.0).log10() * TEN_TIMES
}

fn inside(panel: &Panel) -> String {
    let mut svg = format!("\n<text x=\"{}\" y=\"230\" text-anchor=\"middle\">{}</text>\n", x(100), panel.of);
    for count in [1, 10, 100, 1000, 10_000] {
        let _ = writeln!(svg, "<text x=\"{}\" y=\"214\" text-anchor=\"middle\">{count}</text>", x(count));
    }
    for cost in [1.0, 10.0, 100.0, 1000.0, 10_000.0] {
        let (left, right, height) = (x(1), x(10_000), y(cost));
        let _ = writeln!(
            svg,
            "<path d=\"M{left} {height}H{right}\" stroke=\"#ddd\"/>\
             <text x=\"{}\" y=\"{height}\" text-anchor=\"end\">{cost} ns</text>",
            left - 6.0
        );
    }
    for (Curve { name, points }, color) in panel.curves.iter().zip(COLORS) {
        let mut places = String::new();
        for (count, cost) in points {
            let _ = write!(places, "{:.0},{:.0} ", x(*count), y(*cost));
        }
        let above = points.iter().map(|(_, cost)| y(*cost) - 8.0).fold(HEIGHT, f64::min);
        let _ = writeln!(
            svg,
            "<polyline points=\"{places}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"/>\
             <text x=\"{}\" y=\"{above:.0}\" fill=\"{color}\">{name}</text>",
            x(1) + 4.0
        );
        for (count, cost) in points {
            let _ = writeln!(
                svg,
                "<circle cx=\"{:.0}\" cy=\"{:.0}\" r=\"2\" fill=\"{color}\"><title>{count}: {cost:.0} ns</title></circle>",
                x(*count),
                y(*cost)
            );
        }
    }
    svg
}
