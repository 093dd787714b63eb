//! The catalogue for programs.

use super::{Catalog, CatalogEvent, CatalogProduct, CatalogProperty, CatalogValues};
use crate::json::quoted;

impl Catalog {
    /// The catalogue as JSON, an event a line: an object with `products`, each with its `events`.
    ///
    /// Of a property `values` is the list of names it can have, `"bool"`, or `"text"` for a text
    /// that stands in the source code.
    ///
    /// ```
    /// let catalog = usage_runtime::catalog::of(std::env::current_exe()?)?;
    /// assert_eq!(catalog.to_json(), "{\"products\":[]}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        format!("{{\"products\":[{}]}}", list(&self.products, ",", product))
    }
}

fn product(product: &CatalogProduct) -> String {
    let CatalogProduct { name, version, endpoint, opt_out_variable, is_without_identity, events } = product;
    let [name, version, endpoint, variable] =
        [name, version, endpoint, opt_out_variable].map(|text| quoted(text));
    let events = list(events, ",\n", event);
    format!(
        "\n{{\"name\":{name},\"version\":{version},\"endpoint\":{endpoint},\
        \"opt_out_variable\":{variable},\"is_without_identity\":{is_without_identity},\"events\":[\n{events}]}}"
    )
}

fn event(event: &CatalogEvent) -> String {
    let CatalogEvent { name, purpose, properties, crate_name, file, line } = event;
    let [name, crate_name, file] = [name, crate_name, file].map(|text| quoted(text));
    let purpose = purpose.as_deref().map_or_else(|| "null".to_owned(), quoted);
    let properties = list(properties, ",", property);
    format!(
        "{{\"name\":{name},\"purpose\":{purpose},\"properties\":[{properties}],\
        \"crate\":{crate_name},\"file\":{file},\"line\":{line}}}"
    )
}

fn property(CatalogProperty { name, values }: &CatalogProperty) -> String {
    let values = match values {
        CatalogValues::Names(names) => format!("[{}]", list(names, ",", |name| quoted(name))),
        CatalogValues::Bool => "\"bool\"".to_owned(),
        CatalogValues::Text => "\"text\"".to_owned(),
    };
    format!("{{\"name\":{},\"values\":{values}}}", quoted(name))
}

fn list<T>(items: &[T], between: &str, item: impl Fn(&T) -> String) -> String {
    items.iter().map(item).collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_catalogue_is_json_with_all_that_it_knows() {
        let values = [CatalogValues::Names(vec!["a".to_owned()]), CatalogValues::Bool, CatalogValues::Text];
        let event = CatalogEvent {
            name: "a \"fit\"".to_owned(),
            purpose: Some("why".to_owned()),
            properties: values.map(|values| CatalogProperty { name: "kind".to_owned(), values }).to_vec(),
            crate_name: "m".to_owned(),
            file: "f.rs".to_owned(),
            line: 3,
        };
        let plain = CatalogEvent { properties: Vec::new(), purpose: None, ..event.clone() };
        let product =
            CatalogProduct { name: "watch".to_owned(), events: vec![event, plain], ..Default::default() };
        let catalog = Catalog { products: vec![product.clone(), product] };
        let json: Value = serde_json::from_str(&catalog.to_json()).unwrap();
        let kind = |values: Value| json!({ "name": "kind", "values": values });
        assert_eq!(
            json["products"][1]["events"],
            json!([
                { "name": "a \"fit\"", "purpose": "why", "crate": "m", "file": "f.rs", "line": 3,
                    "properties": [kind(json!(["a"])), kind(json!("bool")), kind(json!("text"))] },
                { "name": "a \"fit\"", "purpose": null, "crate": "m", "file": "f.rs", "line": 3,
                    "properties": [] },
            ])
        );
    }
}
