//! Marked lines become a catalogue: events find their product, properties their values. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::{Catalog, CatalogEvent, CatalogProduct, CatalogProperty, CatalogValues};
use crate::json::Json;

/// The products by key, the products' keys by the call site's number, and the values by the
/// property's key.
#[derive(Default)]
struct Gathered {
    products: BTreeMap<String, CatalogProduct>,
    product_of: BTreeMap<String, BTreeSet<String>>,
    values: BTreeMap<String, CatalogValues>,
}

/// The catalogue that these lines say; what is not understood is left out.
pub(super) fn catalog(lines: &[Vec<u8>]) -> Catalog {
    let lines = || lines.iter().filter_map(|line| Json::parse(line));
    let mut gathered = Gathered::default();
    for line in lines() {
        gathered.take_product(line);
        gathered.take_product_of_site(line);
        gathered.take_values(line);
    }
    for line in lines() {
        gathered.take_event(line);
    }
    let mut products: Vec<_> = gathered.products.into_values().collect();
    for product in &mut products {
        product.events.sort();
        // A function that is compiled several times has one static each time.
        product.events.dedup();
    }
    products.sort_by(|left, right| (&left.name, &left.version).cmp(&(&right.name, &right.version)));
    Catalog { products }
}

impl Gathered {
    fn take_product(&mut self, line: Json<'_>) -> Option<()> {
        let key = text(line, "key")?;
        let product = CatalogProduct {
            name: text(line, "name")?,
            version: text(line, "version")?,
            endpoint: text(line, "endpoint")?,
            opt_out_variable: text(line, "opt_out_variable")?,
            is_without_identity: text(line, "identity").as_deref() == Some("none"),
            events: Vec::new(),
        };
        self.products.insert(key, product);
        Some(())
    }

    fn take_product_of_site(&mut self, line: Json<'_>) -> Option<()> {
        let (site, product) = (text(line, "site")?, text(line, "product")?);
        self.product_of.entry(site).or_default().insert(product);
        Some(())
    }

    fn take_values(&mut self, line: Json<'_>) -> Option<()> {
        let key = text(line, "property")?;
        let values = line.get("values")?;
        let values = match values.as_str().as_deref() {
            Some("bool") => CatalogValues::Bool,
            Some(_) => CatalogValues::Text,
            None => CatalogValues::Names(values.items().filter_map(Json::as_str).collect()),
        };
        let known = self.values.entry(key).or_insert_with(|| values.clone());
        // A generic function has values of several types.
        *known = either(std::mem::take(known), values);
        Some(())
    }

    fn take_event(&mut self, line: Json<'_>) -> Option<()> {
        let (name, site) = (text(line, "event")?, text(line, "site")?);
        let event = CatalogEvent {
            name,
            purpose: text(line, "purpose"),
            properties: self.properties(line.get("properties")?),
            crate_name: text(line, "crate")?,
            file: text(line, "file")?,
            line: line.get("line")?.as_u64()?,
        };
        // Nothing that could be sent is left out, even if it does not say for whom.
        let unknown = || BTreeSet::from([String::new()]);
        for product in self.product_of.get(&site).cloned().unwrap_or_else(unknown) {
            self.products.entry(product).or_default().events.push(event.clone());
        }
        Some(())
    }

    fn properties(&self, properties: Json<'_>) -> Vec<CatalogProperty> {
        let property = |property: Json<'_>| {
            let values = text(property, "values").and_then(|key| self.values.get(&key)).cloned();
            Some(CatalogProperty { name: text(property, "name")?, values: values.unwrap_or_default() })
        };
        properties.items().filter_map(property).collect()
    }
}

fn either(left: CatalogValues, right: CatalogValues) -> CatalogValues {
    match (left, right) {
        (CatalogValues::Names(mut left), CatalogValues::Names(right)) => {
            let more: Vec<_> = right.into_iter().filter(|name| !left.contains(name)).collect();
            left.extend(more);
            CatalogValues::Names(left)
        }
        (left, right) if left == right => left,
        (CatalogValues::Names(mut names), CatalogValues::Bool)
        | (CatalogValues::Bool, CatalogValues::Names(mut names)) => {
            for name in ["true", "false"] {
                if !names.iter().any(|known| known == name) {
                    names.push(name.to_owned());
                }
            }
            CatalogValues::Names(names)
        }
        _ => CatalogValues::Text,
    }
}

fn text(line: Json<'_>, key: &str) -> Option<String> {
    line.get(key).and_then(Json::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn catalog(lines: &[Value]) -> Catalog {
        let lines: Vec<_> = lines.iter().map(|line| line.to_string().into_bytes()).collect();
        super::catalog(&lines)
    }

    fn event(name: &str, site: &str) -> Value {
        json!({ "site": site, "event": name, "crate": "m", "file": "f.rs", "line": 1,
            "properties": [{ "name": "kind", "values": "v" }] })
    }

    fn belongs(site: &str, product: &str) -> Value {
        json!({ "site": site, "product": product })
    }

    fn product(key: &str, name: &str) -> Value {
        json!({ "key": key, "name": name, "version": "1", "endpoint": "e", "opt_out_variable": "o" })
    }

    #[test]
    fn events_find_their_product_and_are_there_once() {
        let events = [event("b", "site b"), event("x", "site x"), event("a", "site a"), event("b", "site b")];
        let sites = [belongs("site a", "1"), belongs("site b", "1"), belongs("site x", "2")];
        let products = [product("2", "later"), product("1", "first")];
        let catalog = catalog(&[&events[..], &sites, &products].concat());
        let names: Vec<_> = catalog.products.iter().map(|product| product.name.as_str()).collect();
        assert_eq!(names, ["first", "later"]);
        let names: Vec<_> = catalog.products[0].events.iter().map(|event| event.name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
    }

    #[test]
    fn an_event_without_its_product_is_not_kept_secret() {
        assert_eq!(catalog(&[event("a", "?")]).products[0].events[0].name, "a");
        let of_an_unknown_one = catalog(&[event("a", "site"), belongs("site", "?")]);
        assert_eq!(of_an_unknown_one.products[0].events[0].name, "a");
    }

    #[test]
    fn an_event_whose_number_two_sites_have_is_said_of_both_products() {
        let sites = [belongs("site", "1"), belongs("site", "2")];
        let products = [product("1", "first"), product("2", "later")];
        let catalog = catalog(&[&[event("a", "site")][..], &sites, &products].concat());
        assert!(catalog.products.iter().all(|product| product.events.len() == 1), "{catalog}");
    }

    #[test]
    fn values_of_several_types_are_put_together() {
        let values = |lines: &[Value]| {
            let lines: Vec<_> = lines
                .iter()
                .map(|values| json!({ "property": "v", "values": values }))
                .chain([event("a", "1")])
                .collect();
            catalog(&lines).products[0].events[0].properties[0].values.clone()
        };
        let names =
            |names: &[&str]| CatalogValues::Names(names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(values(&[json!(["a", "b"]), json!(["b", "c"])]), names(&["a", "b", "c"]));
        assert_eq!(values(&[json!("bool"), json!(["a"])]), names(&["a", "true", "false"]));
        assert_eq!(values(&[json!("bool")]), CatalogValues::Bool);
        assert_eq!(values(&[json!("text"), json!("bool")]), CatalogValues::Text);
        assert_eq!(values(&[]), CatalogValues::Text);
    }

    #[test]
    fn lines_that_say_something_else_are_left_out() {
        assert_eq!(catalog(&[json!({}), json!([1]), json!({ "event": 1 }), json!("a")]), Catalog::default());
    }
}
