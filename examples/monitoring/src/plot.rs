//! Plots: for each panel its series over the chunks, as SVG.

use std::error::Error as StdError;

use plotters::coord::Shift;
use plotters::prelude::*;
use usage_runtime::UsageValue;

use crate::{Error, Series, Side};

/// What a plot shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, UsageValue)]
pub enum PlotKind {
    /// The drift of each column.
    Drift,
    /// The quartiles of each column of numbers.
    Distribution,
    /// Each metric of the model.
    Performance,
}

impl PlotKind {
    pub(crate) fn unknown(self) -> Error {
        Error::InvalidArguments(format!("this result has no plot of the kind {self:?}"))
    }
}

const WIDTH: u32 = 1000;
const TITLE: u32 = 48;
const PANEL: u32 = 210;

const INK: RGBColor = RGBColor(0x3b, 0x44, 0x52);
const GRID: RGBColor = RGBColor(0xe6, 0xe9, 0xee);
const REFERENCE: RGBColor = RGBColor(0x7b, 0x8a, 0x9e);
const ANALYSIS: RGBColor = RGBColor(0x1f, 0x6f, 0xb4);
const ALERT: RGBColor = RGBColor(0xd6, 0x33, 0x3f);

/// One coordinate system of a plot.
pub(crate) struct Panel<'a> {
    title: String,
    series: &'a [Series],
}

/// A panel for each series.
pub(crate) fn one_each(series: &[Series]) -> Vec<Panel<'_>> {
    series.chunks(1).map(|one| Panel { title: one[0].label(), series: one }).collect()
}

impl<'a> Panel<'a> {
    /// All series of one column in one panel.
    pub(crate) fn together(series: &'a [Series]) -> Self {
        let names: Vec<_> = series.iter().map(|series| series.metric.as_str()).collect();
        let column = series.first().and_then(|series| series.column.as_deref()).unwrap_or_default();
        Self { title: format!("{column}: {}", names.join(", ")), series }
    }

    /// The lowest and the highest number that has to be seen, with some room.
    fn range(&self) -> std::ops::Range<f64> {
        let values = self.series.iter().flat_map(|series| {
            let limits = [series.thresholds.lower, series.thresholds.upper];
            series.points.iter().map(|point| point.value).chain(limits).flatten()
        });
        let (low, high) = values
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        let room = if high > low { (high - low) * 0.12 } else { high.abs().max(1.0) * 0.12 };
        if low.is_finite() { low - room..high + room } else { 0.0..1.0 }
    }
}

/// Draws panels below each other.
pub(crate) fn draw(title: &str, panels: &[Panel<'_>]) -> Result<String, Error> {
    let mut svg = String::new();
    paint(&mut svg, title, panels).map_err(|error| Error::Plot(error.to_string()))?;
    Ok(svg)
}

fn paint(svg: &mut String, title: &str, panels: &[Panel<'_>]) -> Result<(), Box<dyn StdError>> {
    let count = panels.len().max(1);
    let height = TITLE + PANEL * u32::try_from(count)?;
    let root = SVGBackend::with_string(svg, (WIDTH, height)).into_drawing_area();
    root.fill(&WHITE).map_err(fixed)?;
    root.draw(&Text::new(title.to_owned(), (20, 16), text(22))).map_err(fixed)?;
    legend(&root)?;
    let (_, body) = root.split_vertically(TITLE);
    for (area, panel) in body.split_evenly((count, 1)).iter().zip(panels) {
        chart(area, panel)?;
    }
    root.present().map_err(fixed)?;
    Ok(())
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Errors of a backend that borrows its text, without that borrow.
fn fixed(error: impl StdError) -> Box<dyn StdError> {
    error.to_string().into()
}

fn text(size: u32) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&INK)
}

fn legend(root: &Area<'_>) -> Result<(), Box<dyn StdError>> {
    let entries = [("reference", REFERENCE), ("analysis", ANALYSIS), ("alert", ALERT), ("threshold", ALERT)];
    for ((name, color), left) in entries.into_iter().zip([600, 700, 790, 860]) {
        let mark = if name == "alert" {
            root.draw(&Circle::new((left + 8, 27), 4, color.filled()))
        } else {
            let width = if name == "threshold" { 1 } else { 3 };
            root.draw(&PathElement::new([(left, 27), (left + 16, 27)], color.stroke_width(width)))
        };
        mark.map_err(fixed)?;
        root.draw(&Text::new(name, (left + 22, 20), text(13))).map_err(fixed)?;
    }
    Ok(())
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place is the number of a chunk"
)]
fn chart(area: &Area<'_>, panel: &Panel<'_>) -> Result<(), Box<dyn StdError>> {
    let chunks = panel.series.first().map_or(&[][..], |series| &series.points);
    let right = chunks.len().max(1) as f64;
    let mut chart = ChartBuilder::on(area)
        .margin(8)
        .margin_right(24)
        .caption(&panel.title, text(15))
        .x_label_area_size(24)
        .y_label_area_size(64)
        .build_cartesian_2d(0.0..right, panel.range())
        .map_err(fixed)?;
    let name = |place: &f64| chunks.get(*place as usize).map_or("", |point| &point.chunk.key).to_owned();
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID)
        .axis_style(GRID)
        .x_labels(8)
        .y_labels(4)
        .x_label_formatter(&name)
        .label_style(text(12))
        .draw()
        .map_err(fixed)?;

    for series in panel.series {
        for limit in [series.thresholds.lower, series.thresholds.upper].into_iter().flatten() {
            let line = DashedLineSeries::new([(0.0, limit), (right, limit)], 5, 4, ALERT.stroke_width(1));
            chart.draw_series(line).map_err(fixed)?;
        }
        for (side, color) in [(Side::Reference, REFERENCE), (Side::Analysis, ANALYSIS)] {
            let of_side = series.points.iter().enumerate().filter(|(_, point)| point.side == side);
            let steps = of_side.filter_map(|(place, point)| Some((place as f64, point.value?)));
            let steps = steps.flat_map(|(place, value)| [(place, value), (place + 1.0, value)]);
            chart.draw_series(LineSeries::new(steps, color.stroke_width(2))).map_err(fixed)?;
        }
        let alerts = series.points.iter().enumerate().filter(|(_, point)| point.alert);
        let alerts = alerts.filter_map(|(place, point)| Some((place as f64 + 0.5, point.value?)));
        chart.draw_series(alerts.map(|at| Circle::new(at, 4, ALERT.filled()))).map_err(fixed)?;
    }
    Ok(())
}
