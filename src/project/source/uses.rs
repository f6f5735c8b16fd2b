//! Where the package's code names an item, by whatever path.

use syn::{Macro, Path};

use super::package::{Package, Place};
use super::resolve::{ItemPath, Lead, Resolver};
use crate::edit::rust::{Frame, Imports, Listener, Syntax, in_test, segments, token_paths, walk};

/// A place that names an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The path.
    pub place: Place,
    /// True for a `use`.
    pub is_import: bool,
    /// True in code that is compiled for tests only.
    pub in_test: bool,
}

impl Package {
    /// The places whose path leads to one of `items` or to something below it, in the files of the package's modules whose text
    /// can `matter`. The items count as there, though no text of the package may have them.
    pub fn uses_of(&self, items: &[ItemPath], matters: impl Fn(&str) -> bool) -> Vec<Use> {
        let resolver = Resolver::new(self, items.to_vec());
        let mut found = Vec::new();
        for (file, syntax) in self.parsed_where(matters) {
            if self.modules_of(file).next().is_some() {
                let mut search = Search { resolver: &resolver, package: self, items, file, syntax, found };
                walk(&syntax.file, &mut search);
                found = search.found;
            }
        }
        found
    }
}

struct Search<'p, 's> {
    resolver: &'s Resolver<'p>,
    package: &'p Package,
    items: &'s [ItemPath],
    file: &'p str,
    syntax: &'p Syntax,
    found: Vec<Use>,
}

impl Search<'_, '_> {
    fn is_wanted(&self, frames: &[Frame<'_>], path: &[String]) -> bool {
        let leads = self.resolver.leads(self.file, frames, path);
        leads.iter().any(|lead| match lead {
            Lead::Own(found) => {
                self.items.iter().any(|item| item.root == found.root && found.path.starts_with(&item.path))
            }
            Lead::Foreign(_) => false,
        })
    }

    fn push(&mut self, frames: &[Frame<'_>], range: std::ops::Range<usize>, is_import: bool) {
        let place = self.package.place(self.file, range);
        self.found.push(Use { place, is_import, in_test: in_test(frames) });
    }
}

impl<'ast> Listener<'ast> for Search<'_, '_> {
    fn path(&mut self, frames: &[Frame<'ast>], path: &'ast Path) {
        if self.is_wanted(frames, &segments(path)) {
            self.push(frames, self.syntax.range(path), false);
        }
    }

    fn import(&mut self, frames: &[Frame<'ast>], item: &'ast syn::ItemUse) {
        let imports = Imports::of_item(item);
        let mut paths = imports.names().map(|(_, full)| full).chain(imports.globs().iter().map(Vec::as_slice));
        if paths.any(|path| self.is_wanted(frames, path)) {
            self.push(frames, self.syntax.range(item), true);
        }
    }

    fn macro_call(&mut self, frames: &[Frame<'ast>], call: &'ast Macro) {
        for path in token_paths(&call.tokens) {
            if self.is_wanted(frames, &path.segments) {
                self.push(frames, self.syntax.span(path.span), false);
            }
        }
    }
}
