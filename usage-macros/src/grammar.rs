//! How arguments are written, and what to write instead where they are not written so.

use std::collections::BTreeSet;

use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Error, Expr, Ident, LitStr, Path, Result, Token, parenthesized};

use crate::args::{Failure, Given};
use crate::names;

const KEYS: [&str; 9] = [
    "event",
    "purpose",
    "metrics",
    "properties",
    "logger",
    "crate",
    "error",
    "none_is_error",
    "break_is_error",
];

/// What authors may write for a key, who know it from elsewhere.
const OTHER_WORDS: [(&str, &str); 6] = [
    ("name", "event"),
    ("property", "properties"),
    ("props", "properties"),
    ("fields", "properties"),
    ("metric", "metrics"),
    ("err", "error"),
];

/// Mixpanel keeps 255 letters of a text.
const EVENT_LIMIT: usize = 255;

/// A purpose is a sentence that end users read, beside that of every other event.
const PURPOSE_LIMIT: usize = 255;

/// All arguments of an attribute.
pub(crate) fn arguments(input: ParseStream<'_>) -> Result<Given> {
    let mut given = Given::default();
    let mut keys = BTreeSet::new();
    while !input.is_empty() {
        let key = known_key(input)?;
        if !keys.insert(key.to_string()) {
            return Err(Error::new(key.span(), format!("`{key}` is given twice; leave one out")));
        }
        value(&mut given, &key, input)?;
        comma(input)?;
    }
    Ok(given)
}

/// The name of a property as it is logged.
pub(crate) fn property_name(name: &Ident) -> String {
    name.unraw().to_string()
}

fn known_key(input: ParseStream<'_>) -> Result<Ident> {
    if input.peek(LitStr) {
        return Err(input.error("a key is missing: write `event = \"…\"`"));
    }
    if input.peek(Token![,]) {
        return Err(input.error("this `,` is one too many"));
    }
    let key = input.call(Ident::parse_any)?;
    let name = key.to_string();
    if KEYS.contains(&name.as_str()) {
        return Ok(key);
    }
    let keys = KEYS.join("`, `");
    let other_word = OTHER_WORDS.iter().find(|(word, _)| *word == name).map(|(_, key)| *key);
    let hint = other_word.or_else(|| names::similar(&name, &KEYS)).map_or_else(
        || format!("the keys are `{keys}`; further properties go into `properties({name} = …)`"),
        |similar| format!("did you mean `{similar}`?"),
    );
    Err(Error::new(key.span(), format!("unknown key `{name}`: {hint}")))
}

fn value(given: &mut Given, key: &Ident, input: ParseStream<'_>) -> Result<()> {
    match key.to_string().as_str() {
        "event" => given.event = Some(event(key, input)?),
        "purpose" => given.purpose = Some(purpose(key, input)?),
        "metrics" => given.metrics = Some(expression(key, input)?),
        "properties" => given.properties = properties(key, input)?,
        "logger" => given.logger = Some(path(key, "crate::USAGE", input)?),
        "crate" => given.runtime = Some(path(key, "::usage_runtime", input)?),
        _ => {
            let failure = failure(key, input)?;
            if given.failure.replace(failure).is_some() {
                let message =
                    "`error`, `none_is_error` and `break_is_error` exclude each other; leave one out";
                return Err(Error::new(key.span(), message));
            }
        }
    }
    Ok(())
}

fn equals(key: &Ident, input: ParseStream<'_>) -> Result<()> {
    if input.parse::<Option<Token![=]>>()?.is_some() {
        return Ok(());
    }
    let example = if key == "event" || key == "purpose" { "\"…\"" } else { "…" };
    Err(Error::new(key.span(), format!("`{key}` has no value: write `{key} = {example}`")))
}

fn expression(key: &Ident, input: ParseStream<'_>) -> Result<Expr> {
    equals(key, input)?;
    if input.is_empty() || input.peek(Token![,]) {
        return Err(Error::new(key.span(), format!("`{key}` has no value: write `{key} = …`")));
    }
    input.parse()
}

/// What stands between two arguments.
fn comma(input: ParseStream<'_>) -> Result<()> {
    if input.is_empty() || input.parse::<Option<Token![,]>>()?.is_some() {
        return Ok(());
    }
    Err(input.error("a `,` is missing before this"))
}

/// A text that stands in the source, and nothing that is made of one.
fn literal(key: &Ident, input: ParseStream<'_>) -> Result<LitStr> {
    equals(key, input)?;
    let value = input.fork();
    if value.parse::<LitStr>().is_ok() && (value.is_empty() || !value.peek(Token![.])) {
        return input.parse();
    }
    let span = input.parse::<Expr>().map_or(key.span(), |value| value.span());
    let message = format!(
        "the {key} must be a string literal, so that it stands in the catalogue of events: `{key} = \"…\"`"
    );
    Err(Error::new(span, message))
}

fn event(key: &Ident, input: ParseStream<'_>) -> Result<LitStr> {
    let literal = literal(key, input)?;
    let event = literal.value();
    let problem = if event.trim().is_empty() {
        "the event has no name: write what users would call it, such as `event = \"DLE estimator fit\"`"
    } else if event.trim() != event {
        "the event's name begins or ends with a blank; leave it out"
    } else if event.chars().count() > EVENT_LIMIT {
        "the event's name is longer than 255 letters, which is all that is kept of it; shorten it"
    } else {
        return Ok(literal);
    };
    Err(Error::new(literal.span(), problem))
}

fn purpose(key: &Ident, input: ParseStream<'_>) -> Result<LitStr> {
    let literal = literal(key, input)?;
    let purpose = literal.value();
    let problem = if purpose.trim().is_empty() {
        "the purpose is empty: write what the event is recorded for, or leave `purpose` out"
    } else if purpose.chars().any(char::is_control) {
        "the purpose is one line of text; leave out what is not printable"
    } else if purpose.chars().count() > PURPOSE_LIMIT {
        "the purpose is longer than 255 letters; say it shorter"
    } else {
        return Ok(literal);
    };
    Err(Error::new(literal.span(), problem))
}

fn path(key: &Ident, example: &str, input: ParseStream<'_>) -> Result<Path> {
    equals(key, input)?;
    if let Ok(literal) = input.fork().parse::<LitStr>() {
        let message = format!("`{key}` is a path, without quotation marks: `{key} = {example}`");
        return Err(Error::new(literal.span(), message));
    }
    input.call(Path::parse_mod_style)
}

fn failure(key: &Ident, input: ParseStream<'_>) -> Result<Failure> {
    if key == "error" {
        return Ok(Failure::NamedBy(key.clone(), expression(key, input)?));
    }
    if input.peek(Token![=]) {
        return Err(Error::new(
            key.span(),
            format!("`{key}` takes no value: write `{key}` alone, or leave it out"),
        ));
    }
    let is_none = key == "none_is_error";
    Ok(if is_none { Failure::NoneIsError(key.clone()) } else { Failure::BreakIsError(key.clone()) })
}

fn properties(key: &Ident, input: ParseStream<'_>) -> Result<Vec<(Ident, Expr)>> {
    if !input.peek(syn::token::Paren) {
        let message = "`properties` is a list: write `properties(kind, problem_type = self.problem_type)`";
        return Err(Error::new(key.span(), message));
    }
    let content;
    parenthesized!(content in input);
    let mut properties = Vec::new();
    while !content.is_empty() {
        properties.push(property(&content)?);
        comma(&content)?;
    }
    let mut names = BTreeSet::new();
    let check = |(ident, value): (Ident, Expr)| {
        let name = property_name(&ident);
        if let Some(why) = names::reserved(&name) {
            return Err(Error::new(ident.span(), format!("`{name}` is reserved: {why}")));
        }
        if !names.insert(name.clone()) {
            return Err(Error::new(ident.span(), format!("property `{name}` is given twice; leave one out")));
        }
        Ok((ident, value))
    };
    properties.into_iter().map(check).collect()
}

/// `name = EXPR`, or `name` alone for `name = name`.
fn property(input: ParseStream<'_>) -> Result<(Ident, Expr)> {
    let name = input.call(Ident::parse_any)?;
    if name == "self" || input.peek(Token![.]) {
        return Err(Error::new(name.span(), "this property has no name: write `name = …`"));
    }
    let value =
        if input.peek(Token![=]) { expression(&name, input)? } else { syn::parse2(name.to_token_stream())? };
    Ok((name, value))
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;
    use crate::args::Args;

    fn error(arguments: &str) -> String {
        let given = Given::parse(arguments.parse().unwrap()).and_then(Given::complete);
        given.err().unwrap().to_string()
    }

    fn paths(args: &Args) -> [String; 2] {
        [args.source.logger, args.source.runtime].map(|path| args.source.tokens(path).to_string())
    }

    #[test]
    fn everything_that_can_be_said_is_understood() {
        let tokens = r#"event = "DLE fit", purpose = "to know", metrics = self.metrics, properties(kind, size = f::<A, B>(x)),
            logger = crate::logs::USAGE, crate = renamed, error = |error| error.kind(),"#;
        let given = Given::parse(tokens.parse().unwrap()).unwrap();
        let again = Given::parse(given.to_token_stream()).unwrap();
        assert_eq!(given.to_token_stream().to_string(), again.to_token_stream().to_string());
        let args = again.complete().unwrap();
        let names: Vec<_> = args.properties.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(args.event, "DLE fit");
        assert_eq!(args.purpose.as_deref(), Some("to know"));
        assert_eq!(names, ["metrics", "kind", "size"]);
        assert_eq!(paths(&args), ["& crate :: logs :: USAGE", "renamed :: __private_0_1_0"]);
        assert!(matches!(args.failure, Some(Failure::NamedBy(..))));
    }

    #[test]
    fn the_logger_and_the_runtime_have_their_usual_places() {
        let args = Given::parse(quote!(event = "e")).unwrap().complete().unwrap();
        assert_eq!(paths(&args), ["& crate :: USAGE", ":: usage_runtime :: __private_0_1_0"]);
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
        assert!(error("event = \"e\", purpose = WHY").contains("string literal"));
        assert!(error("event = \"e\", purpose = \"\"").contains("is empty"));
        assert!(error("event = \"e\", purpose = \"a\\nb\"").contains("one line"));
        assert!(error(&format!("event = \"e\", purpose = {:?}", "e".repeat(256))).contains("255 letters"));
        assert!(error("event = \"e\", event = \"f\"").contains("given twice"));
        assert!(error("event = \"e\", logger = \"USAGE\"").contains("without quotation marks"));
        assert!(error("event = \"e\", properties = kind").contains("is a list"));
        assert!(error("event = \"e\", properties(run_time = 1)").contains("is reserved"));
        assert!(error("event = \"e\", properties(kind, kind = 2)").contains("given twice"));
        assert!(error("event = \"e\", properties(self.kind)").contains("has no name"));
        assert!(error("event = \"e\", none_is_error = true").contains("takes no value"));
        assert!(error("event = \"e\", none_is_error, break_is_error").contains("exclude each other"));
        assert!(error("event = \"e\", error").contains("has no value"));
    }
}
