//! The Rust files of one package, parsed on demand.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

use syn::ItemMod;
use syn::ext::IdentExt;
use syn::visit::{self, Visit};

use super::modules::{self, Module};
use crate::edit::Refusal;
use crate::edit::rust::{Imports, Syntax};
use crate::project::links::Links;

/// Some bytes of one of the package's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, relative to the package with `/` between its parts.
    pub file: String,
    /// Byte range in the file.
    pub range: Range<usize>,
}

/// What a crate root is compiled to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RootKind {
    /// The library.
    Lib,
    /// A binary.
    Bin,
    /// A test, bench, example or build script.
    Other,
}

/// A crate root of the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// The file, relative to the package with `/` between its parts.
    pub file: String,
    /// What it is compiled to.
    pub kind: RootKind,
    /// Name of the crate in code (`my_app`).
    pub name: String,
}

/// The Rust files of one package.
#[derive(Default)]
pub struct Package {
    files: BTreeMap<String, SourceFile>,
    roots: Vec<Root>,
    modules: Vec<Module>,
    siblings: BTreeMap<String, Package>,
    renamed: BTreeMap<String, String>,
    links: Links,
    unread: Vec<String>,
}

struct SourceFile {
    text: String,
    syntax: OnceCell<Result<Syntax, Refusal>>,
}

impl Package {
    /// Takes the texts of the package's `.rs` files by their relative paths, and its crate roots,
    /// and walks the modules.
    pub fn new(files: BTreeMap<String, String>, roots: Vec<Root>) -> Self {
        Self::with_links(files, roots, Links::default())
    }

    /// The same with the symbolic links on the way to the files, whose paths are without links.
    pub fn with_links(files: BTreeMap<String, String>, roots: Vec<Root>, links: Links) -> Self {
        let files = files
            .into_iter()
            .map(|(path, text)| (path, SourceFile { text, syntax: OnceCell::new() }));
        let mut package = Self { files: files.collect(), roots, links, ..Self::default() };
        (package.modules, package.unread) = modules::walk(&package);
        package
    }

    /// Adds a package of the same workspace that this one depends on, by the name it has in code:
    /// functions of this package's code are then followed into it.
    pub fn add_sibling(&mut self, name: impl Into<String>, sibling: Package) {
        self.siblings.insert(name.into(), sibling);
    }

    /// Tells by which names the code knows crates that have another of their own: name in code →
    /// own name.
    pub fn set_renamed(&mut self, renamed: BTreeMap<String, String>) {
        self.renamed = renamed;
    }

    /// The own name of the crate that the code knows as `name`.
    pub(super) fn crate_of<'n>(&'n self, name: &'n str) -> &'n str {
        self.renamed.get(name).map_or(name, String::as_str)
    }

    /// The names in code of the crates that have another of their own.
    pub(super) fn renamed(&self) -> impl Iterator<Item = &str> {
        self.renamed.keys().map(String::as_str)
    }

    /// The packages of the same workspace that this one depends on.
    pub fn siblings(&self) -> impl Iterator<Item = &Package> {
        self.siblings.values()
    }

    /// The package of the same workspace that is called `name` in code.
    pub fn sibling(&self, name: &str) -> Option<&Package> {
        self.siblings.get(name)
    }

    /// The crate roots, as given.
    pub fn roots(&self) -> &[Root] {
        &self.roots
    }

    /// The modules that lie in files of their own, crate roots first in each crate.
    pub fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// The symbolic links behind which modules lie that were not read.
    pub fn unread(&self) -> &[String] {
        &self.unread
    }

    pub(super) fn links(&self) -> &Links {
        &self.links
    }

    /// The text of `file`.
    pub fn text(&self, file: &str) -> Option<&str> {
        self.files.get(file).map(|source| source.text.as_str())
    }

    /// The tree of `file`, parsed when first asked for; `None` when there is no such file.
    pub fn syntax(&self, file: &str) -> Option<Result<&Syntax, &Refusal>> {
        let source = self.files.get(file)?;
        Some(source.syntax.get_or_init(|| Syntax::parse(&source.text)).as_ref())
    }

    /// The files that were parsed and do not parse, each with the place and the parser's message.
    pub fn malformed(&self) -> impl Iterator<Item = (&str, &Refusal)> {
        self.files.iter().filter_map(|(path, source)| {
            Some((path.as_str(), source.syntax.get()?.as_ref().err()?))
        })
    }

    /// All files whose text holds every one of `needles`, parsed; those that do not parse are left
    /// out.
    pub(super) fn parsed_with(&self, needles: &[&str]) -> Vec<(&str, &Syntax)> {
        self.parsed_where(|text| needles.iter().all(|needle| text.contains(needle)))
    }

    /// All files whose text can matter to a question, parsed; those that do not parse are left out.
    pub(super) fn parsed_where(&self, matters: impl Fn(&str) -> bool) -> Vec<(&str, &Syntax)> {
        let candidates = self.files.iter().filter(|(_, source)| matters(&source.text));
        candidates.filter_map(|(path, _)| Some((path.as_str(), self.syntax(path)?.ok()?))).collect()
    }

    /// True when a library or a binary reaches `file` outside its tests.
    pub fn is_shipped(&self, file: &str) -> bool {
        self.modules.iter().any(|module| {
            let kind = self.roots.get(module.root).map(|root| root.kind);
            module.file == file
                && !module.test
                && matches!(kind, Some(RootKind::Lib | RootKind::Bin))
        })
    }

    /// What the `use`s of `file` import, in whichever scope of it.
    pub fn imports(&self, file: &str) -> Imports {
        self.syntax(file)
            .and_then(Result::ok)
            .map(|syntax| Imports::of(&syntax.file))
            .unwrap_or_default()
    }

    /// True when `place` is in a module that is written in place.
    pub fn is_nested(&self, place: &Place) -> bool {
        !self.inline_modules(place).is_empty()
    }

    /// The names of the modules around `place` that are written in place, outermost first.
    pub(super) fn inline_modules(&self, place: &Place) -> Vec<String> {
        let Some(Ok(syntax)) = self.syntax(&place.file) else { return Vec::new() };
        let mut search = Nesting { syntax, at: place.range.start, names: Vec::new() };
        search.visit_file(&syntax.file);
        search.names
    }

    pub(super) fn place(&self, file: &str, range: Range<usize>) -> Place {
        Place { file: file.to_owned(), range }
    }
}

struct Nesting<'s> {
    syntax: &'s Syntax,
    at: usize,
    names: Vec<String>,
}

impl<'ast> Visit<'ast> for Nesting<'_> {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if self.syntax.range(item).contains(&self.at) {
            self.names.push(item.ident.unraw().to_string());
            visit::visit_item_mod(self, item);
        }
    }
}
