//! The constant facts of one product and the names that follow from them. Pure.

use crate::execution::budget::Allowance;

/// What an author says of a product in its `static`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Product {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    pub(crate) write_key: &'static str,
    pub(crate) env_prefix: Option<&'static str>,
    pub(crate) endpoint: &'static str,
    /// The address where end users find the data sheet.
    pub(crate) data_sheet: Option<&'static str>,
    /// Whether its events say that they come from the same machine.
    pub(crate) has_identity: bool,
    /// Whether calls are recorded under a test harness, too.
    pub(crate) in_tests: bool,
    /// The crates whose error types may be named in events.
    pub(crate) error_crates: &'static [&'static str],
    /// How many calls of a call site become events of their own; all if not given.
    pub(crate) budget: Option<Allowance>,
}

impl Product {
    /// The variable whose presence switches this product off.
    pub(crate) fn opt_out_variable(&self) -> String {
        self.variable("DISABLE_USAGE_LOGGING")
    }

    /// The variable whose presence prints the requests instead of sending them.
    pub(crate) fn print_variable(&self) -> String {
        self.variable("PRINT_USAGE_LOGGING")
    }

    /// The variable that names another receiving host.
    pub(crate) fn endpoint_variable(&self) -> String {
        self.variable("USAGE_ENDPOINT")
    }

    /// The property that carries the product's version: `nannyml_version`.
    pub(crate) fn version_property(&self) -> String {
        format!("{}_version", self.identifier())
    }

    /// The product's name as an identifier: lower case, everything else an underscore. It names
    /// the product's folder, too.
    pub(crate) fn identifier(&self) -> String {
        let mut identifier = String::with_capacity(self.name.len());
        identifier.extend(self.name.chars().map(|letter| match letter {
            letter if letter.is_ascii_alphanumeric() => letter.to_ascii_lowercase(),
            _ => '_',
        }));
        identifier
    }

    fn variable(&self, suffix: &str) -> String {
        match self.env_prefix {
            Some(prefix) => [prefix, "_", suffix].concat(),
            None => [&*self.identifier().to_ascii_uppercase(), "_", suffix].concat(),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A product for the tests of all rooms.
    pub(crate) const PRODUCT: Product = Product {
        name: "Model-Watch 2",
        version: "1.0.0",
        write_key: "key",
        env_prefix: None,
        endpoint: "https://api.segment.io",
        data_sheet: None,
        has_identity: true,
        in_tests: false,
        error_crates: &[],
        budget: None,
    };

    #[test]
    fn names_without_a_prefix_are_derived_from_the_product() {
        assert_eq!(PRODUCT.opt_out_variable(), "MODEL_WATCH_2_DISABLE_USAGE_LOGGING");
        assert_eq!(PRODUCT.version_property(), "model_watch_2_version");
    }

    #[test]
    fn a_prefix_names_the_variables_and_nothing_else() {
        let product = Product { env_prefix: Some("NML"), name: "nannyml", ..PRODUCT };
        assert_eq!(product.opt_out_variable(), "NML_DISABLE_USAGE_LOGGING");
        assert_eq!(product.print_variable(), "NML_PRINT_USAGE_LOGGING");
        assert_eq!(product.endpoint_variable(), "NML_USAGE_ENDPOINT");
        assert_eq!(product.version_property(), "nannyml_version");
    }
}
