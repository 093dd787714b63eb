//! The attribute's arguments: `event`, `metrics`, `properties`, `logger`, `crate`.

use std::collections::BTreeSet;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Error, Expr, Ident, LitStr, Path, Result, Token, parenthesized};

use crate::names;

const KEYS: [&str; 5] = ["event", "metrics", "properties", "logger", "crate"];

/// Mixpanel keeps 255 letters of a text.
const EVENT_LIMIT: usize = 255;

const EVENT_MISSING: &str =
    "`event` is missing: write `#[log_usage(event = \"…\")]`, with the name that events shall have";

/// What an author said of a function.
pub(crate) struct Args {
    pub(crate) event: String,
    pub(crate) properties: Vec<Property>,
    /// The static that the events go to.
    pub(crate) logger: TokenStream,
    /// The runtime's hidden module for expansions.
    pub(crate) runtime: TokenStream,
}

/// A further property of the event.
pub(crate) struct Property {
    pub(crate) name: String,
    pub(crate) value: Expr,
}

/// The arguments as they stand there, so far.
#[derive(Default)]
struct Seen {
    event: Option<String>,
    properties: Vec<Property>,
    logger: Option<Path>,
    runtime: Option<Path>,
}

impl Args {
    pub(crate) fn parse(tokens: TokenStream) -> Result<Self> {
        parse_all.parse2(tokens)?.complete()
    }
}

/// The hidden module for expansions of the runtime at `path`.
pub(crate) fn private_module(path: Option<&Path>) -> TokenStream {
    let path = path.map_or_else(|| quote!(::usage_runtime), ToTokens::to_token_stream);
    quote!(#path::__private_0_1_0)
}

fn parse_all(input: ParseStream<'_>) -> Result<Seen> {
    let mut seen = Seen::default();
    let mut keys = BTreeSet::new();
    while !input.is_empty() {
        let key = parse_key(input)?;
        if !keys.insert(key.to_string()) {
            return Err(Error::new(key.span(), format!("`{key}` is given twice; leave one out")));
        }
        seen.parse_value(&key, input)?;
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(seen)
}

fn parse_key(input: ParseStream<'_>) -> Result<Ident> {
    if input.peek(LitStr) {
        return Err(input.error("a key is missing: write `event = \"…\"`"));
    }
    let key = input.call(Ident::parse_any)?;
    let name = key.to_string();
    if KEYS.contains(&name.as_str()) {
        return Ok(key);
    }
    let hint = names::similar(&name, &KEYS).map_or_else(
        || {
            format!(
                "the keys are `{}`; further properties go into `properties({name} = …)`",
                KEYS.join("`, `")
            )
        },
        |similar| format!("did you mean `{similar}`?"),
    );
    Err(Error::new(key.span(), format!("unknown key `{name}`: {hint}")))
}

impl Seen {
    fn parse_value(&mut self, key: &Ident, input: ParseStream<'_>) -> Result<()> {
        match key.to_string().as_str() {
            "event" => self.event = Some(parse_event(key, input)?),
            "metrics" => {
                parse_equals(key, input)?;
                self.properties.push(Property { name: "metrics".to_owned(), value: input.parse()? });
            }
            "properties" => self.properties.extend(parse_properties(key, input)?),
            "logger" => self.logger = Some(parse_path(key, "crate::USAGE", input)?),
            _ => self.runtime = Some(parse_path(key, "::usage_runtime", input)?),
        }
        Ok(())
    }

    fn complete(self) -> Result<Args> {
        let event = self.event.ok_or_else(|| Error::new(Span::call_site(), EVENT_MISSING))?;
        let logger = self.logger.map_or_else(|| quote!(crate::USAGE), Path::into_token_stream);
        let runtime = private_module(self.runtime.as_ref());
        Ok(Args { event, properties: self.properties, logger, runtime })
    }
}

fn parse_equals(key: &Ident, input: ParseStream<'_>) -> Result<()> {
    if input.parse::<Option<Token![=]>>()?.is_some() {
        return Ok(());
    }
    let example = if key == "event" { "\"…\"" } else { "…" };
    Err(Error::new(key.span(), format!("`{key}` has no value: write `{key} = {example}`")))
}

fn parse_event(key: &Ident, input: ParseStream<'_>) -> Result<String> {
    parse_equals(key, input)?;
    if !input.peek(LitStr) {
        let message = "the event must be a string literal, so that it stands in the catalogue of events: `event = \"…\"`";
        let span = input.parse::<Expr>().map_or(key.span(), |value| value.span());
        return Err(Error::new(span, message));
    }
    let literal: LitStr = input.parse()?;
    let event = literal.value();
    let problem = if event.trim().is_empty() {
        "the event has no name: write what users would call it, such as `event = \"DLE estimator fit\"`"
            .to_owned()
    } else if event.trim() != event {
        "the event's name begins or ends with a blank; leave it out".to_owned()
    } else if event.chars().count() > EVENT_LIMIT {
        format!(
            "the event's name is longer than {EVENT_LIMIT} letters, which is all that is kept of it; shorten it"
        )
    } else {
        return Ok(event);
    };
    Err(Error::new(literal.span(), problem))
}

fn parse_path(key: &Ident, example: &str, input: ParseStream<'_>) -> Result<Path> {
    parse_equals(key, input)?;
    if let Ok(literal) = input.fork().parse::<LitStr>() {
        let message = format!("`{key}` is a path, without quotation marks: `{key} = {example}`");
        return Err(Error::new(literal.span(), message));
    }
    input.call(Path::parse_mod_style)
}

fn parse_properties(key: &Ident, input: ParseStream<'_>) -> Result<Vec<Property>> {
    if !input.peek(syn::token::Paren) {
        let message = "`properties` is a list: write `properties(kind, problem_type = self.problem_type)`";
        return Err(Error::new(key.span(), message));
    }
    let content;
    parenthesized!(content in input);
    let properties = Punctuated::<(Ident, Expr), Token![,]>::parse_terminated_with(&content, parse_property)?;
    let mut names = BTreeSet::new();
    let check = |(ident, value): (Ident, Expr)| {
        let name = ident.unraw().to_string();
        if let Some(why) = names::reserved(&name) {
            return Err(Error::new(ident.span(), format!("`{name}` is reserved: {why}")));
        }
        if !names.insert(name.clone()) {
            return Err(Error::new(ident.span(), format!("property `{name}` is given twice; leave one out")));
        }
        Ok(Property { name, value })
    };
    properties.into_iter().map(check).collect()
}

/// `name = EXPR`, or `name` alone for `name = name`.
fn parse_property(input: ParseStream<'_>) -> Result<(Ident, Expr)> {
    let name = input.call(Ident::parse_any)?;
    if name == "self" || input.peek(Token![.]) {
        return Err(Error::new(name.span(), "this property has no name: write `name = …`"));
    }
    let value = if input.parse::<Option<Token![=]>>()?.is_some() {
        input.parse()?
    } else {
        syn::parse2(name.to_token_stream())?
    };
    Ok((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(arguments: &str) -> String {
        Args::parse(arguments.parse().unwrap()).err().unwrap().to_string()
    }

    #[test]
    fn everything_that_can_be_said_is_understood() {
        let tokens = r#"event = "DLE fit", metrics = self.metrics, properties(kind, size = f::<A, B>(x)),
            logger = crate::logs::USAGE, crate = renamed,"#;
        let args = Args::parse(tokens.parse().unwrap()).unwrap();
        let names: Vec<_> = args.properties.iter().map(|property| property.name.as_str()).collect();
        assert_eq!(args.event, "DLE fit");
        assert_eq!(names, ["metrics", "kind", "size"]);
        assert_eq!(args.logger.to_string(), "crate :: logs :: USAGE");
        assert_eq!(args.runtime.to_string(), "renamed :: __private_0_1_0");
    }

    #[test]
    fn the_logger_and_the_runtime_have_their_usual_places() {
        let args = Args::parse(quote!(event = "e")).unwrap();
        assert_eq!(args.logger.to_string(), "crate :: USAGE");
        assert_eq!(args.runtime.to_string(), ":: usage_runtime :: __private_0_1_0");
    }

    #[test]
    fn every_mistake_says_what_to_write_instead() {
        assert!(error("").contains("`event` is missing"));
        assert!(error("evnt = \"e\"").contains("did you mean `event`?"));
        assert!(error("kind").contains("properties(kind = …)"));
        assert!(error("\"e\"").contains("a key is missing"));
        assert!(error("event").contains("write `event = \"…\"`"));
        assert!(error("event = NAME").contains("string literal"));
        assert!(error("event = \" \"").contains("has no name"));
        assert!(error("event = \"e \"").contains("blank"));
        assert!(error(&format!("event = {:?}", "e".repeat(256))).contains("255 letters"));
        assert!(error("event = \"e\", event = \"f\"").contains("given twice"));
        assert!(error("event = \"e\", logger = \"USAGE\"").contains("without quotation marks"));
        assert!(error("event = \"e\", properties = kind").contains("is a list"));
        assert!(error("event = \"e\", properties(run_time = 1)").contains("is reserved"));
        assert!(error("event = \"e\", properties(kind, kind = 2)").contains("given twice"));
        assert!(error("event = \"e\", properties(self.kind)").contains("has no name"));
    }
}
