//! The catalogue for people: a table with aligned columns, in plain text and 80 letters wide, so that a
//! terminal and a pager show it well.

use std::fmt::{self, Write as _};

use super::{Catalog, CatalogEvent, CatalogProduct, CatalogProperty, CatalogValues};

/// How wide the columns of events and properties get at most; longer texts go on below.
const WIDTHS: [usize; 2] = [35, 43];

impl fmt::Display for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.products.is_empty() {
            return f.write_str("No usage logging is in this file.");
        }
        let f = &mut Printable(f);
        for (number, product) in self.products.iter().enumerate() {
            if number > 0 {
                f.write_str("\n\n")?;
            }
            self::product(f, product)?;
        }
        Ok(())
    }
}

/// Passes on everything but what would move a terminal's cursor or change its colours: the file
/// may be anyone's.
struct Printable<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl fmt::Write for Printable<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let shown = |letter: char| if letter.is_control() && letter != '\n' { '?' } else { letter };
        text.chars().try_for_each(|letter| self.0.write_char(shown(letter)))
    }
}

/// A product, what holds for all of its events, and a table of these.
fn product(f: &mut Printable<'_, '_>, product: &CatalogProduct) -> fmt::Result {
    let CatalogProduct { name, version, endpoint, opt_out_variable, is_without_identity, events } = product;
    let name = if name.is_empty() { "(a product that does not say its name)" } else { name };
    writeln!(f, "{}", format!("{name} {version}").trim_end())?;
    writeln!(f, "Sends to:    {endpoint}")?;
    writeln!(f, "Switch off:  {opt_out_variable}=")?;
    if *is_without_identity {
        writeln!(f, "Your id:     none that lasts")?;
    }
    if events.is_empty() {
        return f.write_str("It has no events.");
    }
    let titles = [vec!["EVENT".to_owned()], vec!["PROPERTIES".to_owned()]];
    let rows: Vec<_> = events.iter().map(row).collect();
    let cells = rows.iter().chain([&titles]).flat_map(|[event, _]| event);
    let width = cells.map(|line| line.chars().count()).max().unwrap_or(0);
    cells_side_by_side(f, &titles, width)?;
    for (row, CatalogEvent { file, line, .. }) in rows.iter().zip(events) {
        cells_side_by_side(f, row, width)?;
        // A path can be long; here it is in nobody's way.
        write!(f, "\n  at {file}:{line}")?;
    }
    Ok(())
}

fn cells_side_by_side(f: &mut Printable<'_, '_>, row: &[Vec<String>; 2], width: usize) -> fmt::Result {
    let [events, properties] = row;
    for number in 0..events.len().max(properties.len()) {
        let line = |cell: &[String]| cell.get(number).cloned().unwrap_or_default();
        let text = format!("{:width$}  {}", line(events), line(properties));
        write!(f, "\n{}", text.trim_end())?;
    }
    Ok(())
}

/// The cells of an event, as lines.
fn row(event: &CatalogEvent) -> [Vec<String>; 2] {
    let [event_width, property_width] = WIDTHS;
    let mut about = wrapped(&event.name, event_width, "");
    if let Some(purpose) = &event.purpose {
        about.extend(wrapped(&format!("  {purpose}"), event_width, "  "));
    }
    let mut properties: Vec<_> = event
        .properties
        .iter()
        .flat_map(|property| wrapped(&self::property(property), property_width, "  "))
        .collect();
    if properties.is_empty() {
        properties.push("-".to_owned());
    }
    [about, properties]
}

fn property(CatalogProperty { name, values }: &CatalogProperty) -> String {
    match values {
        CatalogValues::Names(names) => format!("{name}: {}", names.join(", ")),
        CatalogValues::Bool => format!("{name}: true, false"),
        CatalogValues::Text => format!("{name}: a text from the source code"),
    }
}

/// `text` in lines of at most `width` letters, unless a word is longer; later ones are indented.
fn wrapped(text: &str, width: usize, indent: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count().saturating_add(word.chars().count()) < width => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) => lines.push(format!("{indent}{word}")),
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_file_cannot_speak_to_the_terminal() {
        let name = "\x1b[31mwatch\r".to_owned();
        let product = CatalogProduct { name, ..CatalogProduct::default() };
        assert!(Catalog { products: vec![product] }.to_string().starts_with("?[31mwatch\n"));
    }

    #[test]
    fn columns_are_aligned_and_long_values_go_on_below_within_eighty_letters() {
        let names = (0..12).map(|number| format!("value_{number}")).collect();
        let event = CatalogEvent {
            name: "Fit".to_owned(),
            purpose: Some("to know".to_owned()),
            properties: vec![CatalogProperty {
                name: "kind".to_owned(),
                values: CatalogValues::Names(names),
            }],
            crate_name: "m".to_owned(),
            file: "a.rs".to_owned(),
            line: 7,
        };
        let plain = CatalogEvent { properties: Vec::new(), purpose: None, ..event.clone() };
        let product = CatalogProduct {
            name: "watch".to_owned(),
            version: "1.0.0".to_owned(),
            endpoint: "https://example.com".to_owned(),
            opt_out_variable: "WATCH_DISABLE_USAGE_LOGGING".to_owned(),
            is_without_identity: true,
            events: vec![event, plain],
        };
        let text = Catalog { products: vec![product] }.to_string();
        let expected = "\
watch 1.0.0
Sends to:    https://example.com
Switch off:  WATCH_DISABLE_USAGE_LOGGING=
Your id:     none that lasts

EVENT      PROPERTIES
Fit        kind: value_0, value_1, value_2, value_3,
  to know    value_4, value_5, value_6, value_7,
             value_8, value_9, value_10, value_11
  at a.rs:7
Fit        -
  at a.rs:7";
        assert_eq!(text, expected, "{text}");
        assert!(WIDTHS.iter().sum::<usize>() + 2 <= 80);
    }
}
