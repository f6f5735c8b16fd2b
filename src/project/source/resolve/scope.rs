//! The names that a scope binds.

use std::collections::{HashMap, HashSet};

use syn::Item;
use syn::ext::IdentExt;

use crate::edit::rust::Imports;

/// The names that the items of a module or a block bind.
#[derive(Debug, Default)]
pub(super) struct Scope {
    pub(super) items: HashSet<String>,
    pub(super) imports: HashMap<String, Vec<Vec<String>>>,
    pub(super) globs: Vec<Vec<String>>,
}

impl Scope {
    pub(super) fn of<'a>(items: impl IntoIterator<Item = &'a Item>) -> Self {
        let mut scope = Self::default();
        for item in items {
            if let Item::Use(item) = item {
                let imports = Imports::of_item(item);
                scope.globs.extend(imports.globs().iter().cloned());
                for (name, full) in imports.names() {
                    scope.imports.entry(name.to_owned()).or_default().push(full.to_vec());
                }
            } else if let Some(name) = name_of(item) {
                scope.items.insert(name.unraw().to_string());
            }
        }
        scope
    }
}

/// The name that an item other than a `use` binds.
fn name_of(item: &Item) -> Option<&syn::Ident> {
    Some(match item {
        Item::Mod(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Struct(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Union(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::TraitAlias(item) => &item.ident,
        Item::Const(item) => &item.ident,
        Item::Static(item) => &item.ident,
        _ => return None,
    })
}
