//! `#[derive(UsageValue)]`: the names of an enum's variants, and nothing of what they hold.

use std::collections::HashMap;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::{Attribute, Data, DeriveInput, Error, Ident, LitStr, Path, Result, Variant};

use crate::descriptor::json_string;
use crate::source::Source;

/// Mixpanel keeps 255 letters of a text.
const NAME_LIMIT: usize = 255;

pub(crate) fn derive(item: TokenStream) -> Result<TokenStream> {
    let input: DeriveInput = syn::parse2(item)?;
    let source = Source::of(runtime_path(&input.attrs)?.as_ref(), None);
    let runtime = source.tokens(source.runtime);
    let names = names(variants(&input)?)?;
    let ident = &input.ident;
    let (generics, arguments, bounds) = input.generics.split_for_impl();
    let arms = names.iter().map(|(variant, name)| {
        let identifier = variant.unraw().to_string();
        quote!(Self::#variant { .. } => #runtime::ValueWriter::variant(__log_usage_writer, #name, #identifier),)
    });
    let list: Vec<_> = names.iter().map(|(_, name)| json_string(name)).collect();
    let list = format!("[{}]", list.join(","));
    Ok(quote! {
        #[automatically_derived]
        impl #generics #runtime::UsageValue for #ident #arguments #bounds {
            const __LOG_USAGE_NAMES: &'static #runtime::Text = #list;

            fn __log_usage_write(
                &self,
                __log_usage_writer: &mut #runtime::ValueWriter<'_>,
            ) -> #runtime::Written {
                match *self { #(#arms)* }
            }
        }

        #[automatically_derived]
        impl #generics #runtime::VariantValue for #ident #arguments #bounds {}
    })
}

fn variants(input: &DeriveInput) -> Result<impl Iterator<Item = &Variant>> {
    let message = match &input.data {
        Data::Enum(data) => return Ok(data.variants.iter()),
        Data::Struct(_) => "`UsageValue` is for enums: what a struct holds could come from a user",
        Data::Union(_) => "`UsageValue` is for enums: what a union holds could come from a user",
    };
    Err(Error::new(input.ident.span(), message))
}

/// Each variant and the name that is logged for it.
fn names<'a>(variants: impl Iterator<Item = &'a Variant>) -> Result<Vec<(&'a Ident, String)>> {
    let mut taken: HashMap<String, &Ident> = HashMap::new();
    let mut names = Vec::new();
    for variant in variants {
        let (name, span) = name(variant)?;
        if let Some(other) = taken.insert(name.clone(), &variant.ident) {
            let message = format!(
                "`{other}` is logged as `{name}`, too: give one of them another name with \
                `#[usage_value(rename = \"…\")]`"
            );
            return Err(Error::new(span, message));
        }
        names.push((&variant.ident, name));
    }
    Ok(names)
}

/// The name that is logged for a variant, and where it is said.
fn name(variant: &Variant) -> Result<(String, Span)> {
    let mut renamed = None;
    for attribute in usage_value_attributes(&variant.attrs) {
        attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("rename") {
                return Err(meta.error("the key of a variant is `rename`: `#[usage_value(rename = \"…\")]`"));
            }
            if renamed.is_some() {
                return Err(meta.error("`rename` is given twice; leave one out"));
            }
            let literal: LitStr = meta.value()?.parse()?;
            check_length(&literal)?;
            renamed = Some((literal.value(), literal.span()));
            Ok(())
        })?;
    }
    Ok(renamed.unwrap_or_else(|| (snake_case(&variant.ident.unraw().to_string()), variant.ident.span())))
}

fn check_length(literal: &LitStr) -> Result<()> {
    match literal.value().len() {
        0 => Err(Error::new(literal.span(), "a variant needs a name; write one, or leave `rename` out")),
        1..=NAME_LIMIT => Ok(()),
        _ => Err(Error::new(
            literal.span(),
            format!("no more than {NAME_LIMIT} bytes of a name are kept; shorten it"),
        )),
    }
}

/// `crate = PATH` on the enum.
fn runtime_path(attributes: &[Attribute]) -> Result<Option<Path>> {
    let mut path = None;
    for attribute in usage_value_attributes(attributes) {
        attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("crate") {
                return Err(meta.error("the key of an enum is `crate`: `#[usage_value(crate = path)]`"));
            }
            path = Some(meta.value()?.call(Path::parse_mod_style)?);
            Ok(())
        })?;
    }
    Ok(path)
}

fn usage_value_attributes(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("usage_value"))
}

/// `RocAuc` is `roc_auc`, `F1` is `f1`, `R2Score` is `r2_score`, `HTTPError` is `http_error`.
fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (place, letter) in letters.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|before| letters.get(before));
        let ends_a_word = before.is_some_and(|before| before.is_lowercase() || before.is_numeric());
        let begins_a_word = before.is_some_and(|before| before.is_uppercase())
            && letters.get(place + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (ends_a_word || begins_a_word) {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(item: &str) -> String {
        derive(item.parse().unwrap()).unwrap_err().to_string()
    }

    #[test]
    fn a_variant_is_logged_in_snake_case() {
        for (name, snake) in [
            ("RocAuc", "roc_auc"),
            ("F1", "f1"),
            ("R2Score", "r2_score"),
            ("HTTPError", "http_error"),
            ("MAE", "mae"),
            ("a_b", "a_b"),
        ] {
            assert_eq!(snake_case(name), snake);
        }
    }

    #[test]
    fn only_enums_with_names_of_their_own_can_be_derived() {
        assert!(error("struct S { x: u8 }").contains("is for enums"));
        assert!(error("union U { x: u8 }").contains("is for enums"));
        assert!(
            error("enum E { Ab, #[usage_value(rename = \"ab\")] C }").contains("`Ab` is logged as `ab`, too")
        );
        assert!(error("enum E { #[usage_value(rename = \"\")] A }").contains("needs a name"));
        assert!(error("enum E { #[usage_value(name = \"a\")] A }").contains("`rename`"));
        assert!(error("#[usage_value(rename = \"a\")] enum E { A }").contains("`crate`"));
    }
}
