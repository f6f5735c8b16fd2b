//! What a struct derives, and what that asks of a new field.

use proc_macro2::{TokenStream, TokenTree};
use syn::ItemStruct;

/// The derives of a struct, by the last part of their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Derives {
    names: Vec<String>,
    /// The attribute by which clap's fields are described, when the struct is one of clap's: `arg`
    /// or `clap`.
    pub(super) clap: Option<&'static str>,
}

/// Derives under which a field compiles that is `Debug`, `Clone`, `PartialEq`, `Eq` and `Default`,
/// or is skipped.
const HARMLESS: [&str; 11] = [
    "Debug",
    "Clone",
    "Default",
    "PartialEq",
    "Eq",
    "FromRef",
    "Serialize",
    "Deserialize",
    "Parser",
    "Args",
    "Validate",
];

impl Derives {
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.iter().any(|own| own == name)
    }

    /// The first derive that may ask more of a field.
    pub(super) fn unfit(&self) -> Option<&str> {
        self.names.iter().map(String::as_str).find(|name| !HARMLESS.contains(name))
    }
}

/// Reads `#[derive(…)]`, also behind `cfg_attr`.
pub(super) fn derives(item: &ItemStruct) -> Derives {
    let mut names = Vec::new();
    for attribute in &item.attrs {
        let Ok(list) = attribute.meta.require_list() else { continue };
        if attribute.path().is_ident("derive") {
            names.extend(last_names(&list.tokens));
        } else if attribute.path().is_ident("cfg_attr") {
            names.extend(conditional(&list.tokens));
        }
    }
    let fields = item.fields.iter().flat_map(|field| &field.attrs);
    let old_clap =
        item.attrs.iter().chain(fields).any(|attribute| attribute.path().is_ident("clap"));
    let clap = names.iter().any(|name| name == "Parser" || name == "Args");
    Derives { names, clap: clap.then_some(if old_clap { "clap" } else { "arg" }) }
}

/// The derives in the arguments of `cfg_attr`.
fn conditional(tokens: &TokenStream) -> Vec<String> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let lists = tokens.windows(2).filter_map(|pair| match pair {
        [TokenTree::Ident(name), TokenTree::Group(group)] if name == "derive" => {
            Some(last_names(&group.stream()))
        }
        _ => None,
    });
    lists.flatten().collect()
}

/// The last part of each path in a list.
fn last_names(tokens: &TokenStream) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut last = None;
    for token in tokens.clone() {
        match token {
            TokenTree::Ident(name) => last = Some(name.to_string()),
            TokenTree::Punct(comma) if comma.as_char() == ',' => names.extend(last.take()),
            _ => {}
        }
    }
    names.extend(last);
    names
}
