//! The catalogue for programs.

use serde_json::{Value, json};

use super::{Catalog, CatalogEvent, CatalogProduct, CatalogProperty, CatalogValues};

impl Catalog {
    /// The catalogue as JSON, on several lines: an object with `products`, each with its `events`.
    ///
    /// Of a property `values` is the list of names it can have, `"bool"`, or `"text"` for a text
    /// that stands in the source code.
    ///
    /// ```
    /// let catalog = usage_runtime::catalog::of(std::env::current_exe()?)?;
    /// assert!(catalog.to_json().starts_with('{'));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        let products: Vec<_> = self.products.iter().map(product).collect();
        format!("{:#}", json!({ "products": products }))
    }
}

fn product(product: &CatalogProduct) -> Value {
    let events: Vec<_> = product.events.iter().map(event).collect();
    json!({
        "name": product.name,
        "version": product.version,
        "endpoint": product.endpoint,
        "opt_out_variable": product.opt_out_variable,
        "events": events,
    })
}

fn event(event: &CatalogEvent) -> Value {
    let properties: Vec<_> = event.properties.iter().map(property).collect();
    json!({
        "name": event.name,
        "purpose": event.purpose,
        "properties": properties,
        "module": event.module,
        "file": event.file,
        "line": event.line,
    })
}

fn property(CatalogProperty { name, values }: &CatalogProperty) -> Value {
    let values = match values {
        CatalogValues::Names(names) => json!(names),
        CatalogValues::Bool => json!("bool"),
        CatalogValues::Text => json!("text"),
    };
    json!({ "name": name, "values": values })
}
