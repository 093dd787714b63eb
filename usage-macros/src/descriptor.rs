//! The descriptor of an annotated function: one line of JSON that ends up in the binary, where the
//! catalogue is read from. To which product it belongs, which the compiler alone knows, says another line.

use std::env;

use crate::args::Args;
use crate::place::Place;

/// What every line of a call site begins with, up to the number of the site.
const BEFORE_SITE: &str = "\nusage-runtime/catalog/1 {\"site\":\"";

/// The two lines of a call site.
pub(crate) struct Descriptor {
    /// The line of the event.
    pub(crate) event: String,
    /// Where the event's name ends in it.
    pub(crate) event_end: usize,
    /// The line of the event's product up to the product's key.
    pub(crate) before_product: String,
}

impl Descriptor {
    pub(crate) fn of(args: &Args, place: &Place) -> Self {
        let before_site = format!("{BEFORE_SITE}{:016x}\",", key(args, "", place));
        let upto_event = format!("{before_site}\"event\":{}", json_string(&args.event));
        let (crate_name, file, line) = (json_string(&crate_name()), json_string(&place.file), place.line);
        let properties: Vec<_> =
            args.properties.iter().map(|(name, _)| property(args, name, place)).collect();
        let properties = properties.join(",");
        let purpose = args.purpose.iter().map(|purpose| format!(",\"purpose\":{}", json_string(purpose)));
        let purpose = purpose.collect::<String>();
        Self {
            event_end: upto_event.len(),
            event: format!(
                "{upto_event},\"crate\":{crate_name},\"file\":{file},\"line\":{line}{purpose},\"properties\":[{properties}]}}\n"
            ),
            before_product: before_site + "\"product\":\"",
        }
    }
}

/// The name of the crate that is compiled, as it stands in `use`. To ask the compiler for the path of a module
/// would cost as much as all of the macro's own work.
fn crate_name() -> String {
    let of_package = || variable("CARGO_PKG_NAME").map(|name| name.replace('-', "_"));
    variable("CARGO_CRATE_NAME").or_else(of_package).unwrap_or_default()
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}

/// What a property is called where its values are described, which only the compiler knows: a
/// number that no other property has.
pub(crate) fn property_key(args: &Args, name: &str, place: &Place) -> u64 {
    key(args, name, place)
}

/// A number that no other call site has, nor any property of this one by another name.
fn key(args: &Args, name: &str, place: &Place) -> u64 {
    let [package, version] =
        ["CARGO_PKG_NAME", "CARGO_PKG_VERSION"].map(|name| variable(name).unwrap_or_default());
    let line = place.line.to_string();
    // FNV-1a, over texts that end with a byte that no text has.
    let bytes = [&package, &version, &place.file, &line, &args.event, name].into_iter();
    let bytes = bytes.flat_map(|text| text.bytes().chain([0xff]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// `text` as a JSON string, with its quotation marks.
pub(crate) fn json_string(text: &str) -> String {
    let mut json = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => json.extend(['\\', letter]),
            control if control < ' ' => json.extend(format!("\\u{:04x}", u32::from(control)).chars()),
            other => json.push(other),
        }
    }
    json.push('"');
    json
}

fn property(args: &Args, name: &str, place: &Place) -> String {
    format!("{{\"name\":{},\"values\":\"{:016x}\"}}", json_string(name), property_key(args, name, place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_strings_are_escaped() {
        assert_eq!(json_string("DLE \"fit\"\\\n ä"), r#""DLE \"fit\"\\\u000a ä""#);
    }
}
