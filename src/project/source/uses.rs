//! Where the package's code names an item, by whatever path.

use std::ops::Range;

use syn::{Macro, Path};

use super::package::{Package, Place};
use super::resolve::{ItemPath, Lead, Resolver};
use crate::edit::rust::{Frame, Imports, Listener, Syntax, in_test, segments, token_paths, walk};

/// A place that names an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// The path.
    pub place: Place,
    /// By what it names it.
    pub kind: UseKind,
    /// True in code that is compiled for tests only.
    pub in_test: bool,
}

/// By what a place names an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UseKind {
    /// By a `use`.
    Import,
    /// By a path.
    Path,
    /// By its name, in a file that does not parse.
    Mention,
}

impl Package {
    /// The places whose path leads to one of `items` or to something below it, in the files of the
    /// package's modules whose text can `matter`. The items count as there, though no text of the
    /// package may have them. Of a file that does not parse, any mention of their names.
    pub fn uses_of(&self, items: &[ItemPath], matters: impl Fn(&str) -> bool) -> Vec<Use> {
        let resolver = Resolver::new(self, items.to_vec());
        let mut found: Vec<Use> = Vec::new();
        let mut files: Vec<&str> =
            self.modules().iter().map(|module| module.file.as_str()).collect();
        files.sort_unstable();
        files.dedup();
        for file in files {
            let Some(text) = self.text(file).filter(|text| matters(text)) else { continue };
            let Some(Ok(syntax)) = self.syntax(file) else {
                let names = items.iter().filter_map(|item| item.path.last());
                let at = names
                    .filter_map(|name| Some(text.find(name)?..text.find(name)? + name.len()))
                    .next();
                found.extend(at.map(|at| Use {
                    place: self.place(file, at),
                    kind: UseKind::Mention,
                    in_test: false,
                }));
                continue;
            };
            let mut search =
                Search { resolver: &resolver, package: self, items, file, syntax, found };
            walk(&syntax.file, &mut search);
            found = search.found;
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
            Lead::Own(found) => self
                .items
                .iter()
                .any(|item| item.root == found.root && found.path.starts_with(&item.path)),
            Lead::Foreign(_) => false,
        })
    }

    fn push(&mut self, frames: &[Frame<'_>], range: Range<usize>, kind: UseKind) {
        let place = self.package.place(self.file, range);
        self.found.push(Use { place, kind, in_test: in_test(frames) });
    }
}

impl<'ast> Listener<'ast> for Search<'_, '_> {
    fn path(&mut self, frames: &[Frame<'ast>], path: &'ast Path) {
        if self.is_wanted(frames, &segments(path)) {
            self.push(frames, self.syntax.range(path), UseKind::Path);
        }
    }

    fn import(&mut self, frames: &[Frame<'ast>], item: &'ast syn::ItemUse) {
        let imports = Imports::of_item(item);
        let mut paths =
            imports.names().map(|(_, full)| full).chain(imports.globs().iter().map(Vec::as_slice));
        if paths.any(|path| self.is_wanted(frames, path)) {
            self.push(frames, self.syntax.range(item), UseKind::Import);
        }
    }

    fn macro_call(&mut self, frames: &[Frame<'ast>], call: &'ast Macro) {
        for path in token_paths(&call.tokens) {
            if self.is_wanted(frames, &path.segments) {
                self.push(frames, self.syntax.span(path.span), UseKind::Path);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, package};
    use super::*;

    fn uses(text: &str) -> Vec<String> {
        let package =
            package(&[("src/main.rs", text), ("src/api.rs", "pub fn f() { super::ws::g(); }")]);
        let item = ItemPath { root: 0, path: vec!["ws".to_owned()] };
        let found = package.uses_of(&[item], |text| text.contains("ws"));
        found.iter().map(|one| at(&package, &one.place).to_owned()).collect()
    }

    #[test]
    fn whatever_names_the_module_is_a_use_of_it() {
        for (text, expected) in [
            ("fn a() { ws::b(); }", "ws::b"),
            ("fn a() -> ws::B { x() }", "ws::B"),
            ("use crate::ws::Hub;", "use crate::ws::Hub;"),
            ("use self::{c, ws as live};", "use self::{c, ws as live};"),
            ("use crate::ws::*;", "use crate::ws::*;"),
            ("fn a() { log!(\"{}\", ws::b()); }", "b"),
            ("fn a() { if let ws::B { .. } = c {} }", "ws::B"),
            ("mod tests { fn a() { super::ws::b(); } }", "super::ws::b"),
            ("mod api;", "super::ws::g"),
            ("fn a() { ws::b(; }", "ws"),
        ] {
            assert_eq!(uses(text), [expected], "{text}");
        }
        for text in [
            "mod ws;",
            "use axum::extract::ws::Message;",
            "use axum::extract::ws; fn a() -> ws::Message { x() }",
            "mod a { mod ws {} fn b() { ws::c(); self::ws::c(); } }",
            "// ws::b()",
        ] {
            assert!(uses(text).is_empty(), "{text}: {:?}", uses(text));
        }
    }
}
