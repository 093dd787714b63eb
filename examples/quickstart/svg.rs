//! Draws a drift result: distances as bars, or the column as a line. Plain SVG, no library.

use std::fmt::Write as _;

use crate::drift::{DriftResult, Error};
use crate::library::PlotKind;

const WIDTH: f64 = 840.0;
const HEIGHT: f64 = 320.0;
const MARGIN: f64 = 40.0;
/// Distances above it are drawn as an alert.
const ALERT: f64 = 0.5;

/// The picture as the text of an SVG file.
pub fn draw(result: &DriftResult, kind: PlotKind) -> Result<String, Error> {
    if result.column.values.is_empty() {
        return Err(Error::EmptyColumn(result.column.name.clone()));
    }
    let (title, picture) = match kind {
        PlotKind::Drift => ("distance from the reference, 0 to 1", bars(result)),
        PlotKind::Distribution => ("values", line(&result.column.values)),
    };
    let name = &result.column.name;
    Ok(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="{MARGIN}" y="24" font-size="15">{name}: {title}</text>
{picture}</svg>
"##
    ))
}

fn bars(result: &DriftResult) -> String {
    let groups = spread(result.chunks.len());
    let mut picture = String::new();
    for (chunk, (left, width)) in result.chunks.iter().zip(groups) {
        let bar = width / 3.0;
        for (distance, shift) in chunk.distances.iter().zip([0.0, bar]) {
            let height = distance * (HEIGHT - 3.0 * MARGIN);
            let (x, y) = (left + shift, HEIGHT - MARGIN - height);
            let fill = if *distance > ALERT { "#c0392b" } else { "#2e86ab" };
            let _ = writeln!(
                picture,
                r#"<rect x="{x:.1}" y="{y:.1}" width="{:.1}" height="{height:.1}" fill="{fill}"/>"#,
                bar - 2.0
            );
        }
        let _ = writeln!(
            picture,
            r#"<text x="{left:.1}" y="{:.1}" font-size="10">{}</text>"#,
            HEIGHT - 22.0,
            chunk.label
        );
    }
    picture
}

fn line(values: &[f64]) -> String {
    let high = values.iter().copied().fold(f64::MIN, f64::max);
    let low = values.iter().copied().fold(high, f64::min);
    let scale = (HEIGHT - 3.0 * MARGIN) / (high - low).max(f64::EPSILON);
    let mut points = String::new();
    for (value, (x, _)) in values.iter().zip(spread(values.len())) {
        let _ = write!(points, "{x:.1},{:.1} ", HEIGHT - MARGIN - (value - low) * scale);
    }
    format!("<polyline points=\"{points}\" fill=\"none\" stroke=\"#2e86ab\" stroke-width=\"2\"/>\n")
}

/// The left edge and the width of `count` places beside each other.
#[expect(clippy::cast_precision_loss, reason = "a plot has far fewer than 2^52 places")]
fn spread(count: usize) -> impl Iterator<Item = (f64, f64)> {
    let width = (WIDTH - 2.0 * MARGIN) / count.max(1) as f64;
    (0..count).map(move |place| (MARGIN + place as f64 * width, width))
}
