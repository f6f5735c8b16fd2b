//! What the `use` items of one file say about its names.

use std::collections::HashMap;

use syn::UseTree;
use syn::ext::IdentExt;
use syn::visit::{self, Visit};

/// The names that a file imports, in whichever scope of it, each with the full path behind it.
#[derive(Debug, Clone, Default)]
pub struct Imports {
    names: HashMap<String, Vec<String>>,
    globs: Vec<Vec<String>>,
}

impl Imports {
    /// Reads all `use` items of `file`.
    pub fn of(file: &syn::File) -> Self {
        let mut imports = Self::default();
        imports.visit_file(file);
        imports
    }

    /// Reads one `use` item.
    pub fn of_item(item: &syn::ItemUse) -> Self {
        let mut imports = Self::default();
        imports.collect(&item.tree, &[]);
        imports
    }

    /// The segments of `path` with an imported first segment replaced by what it stands for,
    /// without generics.
    pub fn resolve(&self, path: &syn::Path) -> Vec<String> {
        self.resolve_segments(segments(path))
    }

    /// [`Imports::resolve`] for segments found by a token scan.
    pub fn resolve_segments(&self, segments: Vec<String>) -> Vec<String> {
        match segments.split_first() {
            Some((first, rest))
                if self.names.get(first).is_some_and(|full| *full != [first.as_str()]) =>
            {
                self.names[first].iter().chain(rest).cloned().collect()
            }
            _ => segments,
        }
    }

    /// True when one of the imports binds `name`.
    pub fn has(&self, name: &str) -> bool {
        self.names.contains_key(name)
    }

    /// The names that are bound, each with the full path behind it.
    pub fn names(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.names.iter().map(|(name, full)| (name.as_str(), full.as_slice()))
    }

    /// The modules imported whole (`use axum::*`).
    pub fn globs(&self) -> &[Vec<String>] {
        &self.globs
    }

    fn collect(&mut self, tree: &UseTree, prefix: &[String]) {
        let joined = |name: &syn::Ident| {
            let name = name.unraw().to_string();
            prefix.iter().cloned().chain((name != "self").then_some(name)).collect::<Vec<_>>()
        };
        match tree {
            UseTree::Path(path) => self.collect(&path.tree, &joined(&path.ident)),
            UseTree::Name(name) => self.bind(joined(&name.ident)),
            UseTree::Rename(rename) => {
                self.names.insert(rename.rename.unraw().to_string(), joined(&rename.ident));
            }
            UseTree::Glob(_) => self.globs.push(prefix.to_vec()),
            UseTree::Group(group) => group.items.iter().for_each(|item| self.collect(item, prefix)),
        }
    }

    fn bind(&mut self, full: Vec<String>) {
        if let Some(name) = full.last() {
            self.names.insert(name.clone(), full.clone());
        }
    }
}

/// The names in a path, without generics.
pub fn segments(path: &syn::Path) -> Vec<String> {
    path.segments.iter().map(|segment| segment.ident.unraw().to_string()).collect()
}

impl<'ast> Visit<'ast> for Imports {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.collect(&item.tree, &[]);
        visit::visit_item_use(self, item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_resolve_through_groups_and_renames() {
        let file = syn::parse_str(
            "use axum::{self, Router as R, routing::*}; fn f() { use axum as web; }",
        )
        .unwrap();
        let imports = Imports::of(&file);
        let resolve = |path: &str| imports.resolve(&syn::parse_str(path).unwrap()).join("::");
        assert_eq!(resolve("R::new"), "axum::Router::new");
        assert_eq!(resolve("web::serve"), "axum::serve");
        assert_eq!(resolve("axum::serve"), "axum::serve");
        assert_eq!(resolve("other"), "other");
        assert_eq!(imports.globs(), [["axum", "routing"]]);
    }
}
