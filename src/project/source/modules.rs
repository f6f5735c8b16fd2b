//! The walk over module files, by the compiler's rules, and the names that a crate root has.

use std::collections::HashSet;

use syn::ext::IdentExt;
use syn::{Attribute, Expr, ExprLit, Item, ItemMod, Lit, Meta};

use super::package::{Package, Place};
use crate::edit::rust::{Imports, Syntax, is_test};
use crate::project::tree::parent;

/// A module that lies in a file of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// Index of its crate in [`Package::roots`].
    pub root: usize,
    /// Its path in the crate: empty for the root, `["config", "loader"]` for
    /// `crate::config::loader`.
    pub path: Vec<String>,
    /// Its file.
    pub file: String,
    /// True when it is compiled for tests only.
    pub test: bool,
}

/// A name that a crate root uses for something else already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Where.
    pub place: Place,
    /// What has the name: `a module`, `an import`, `a type`.
    pub by: &'static str,
}

/// All modules that the roots of `package` reach, and the links behind which others lie that are
/// not read. A missing file ends its branch.
pub(super) fn walk(package: &Package) -> (Vec<Module>, Vec<String>) {
    let mut walk =
        Walk { package, root: 0, seen: HashSet::new(), found: Vec::new(), unread: Vec::new() };
    for (index, root) in package.roots().iter().enumerate() {
        walk.root = index;
        walk.seen.clear();
        walk.file(&root.file, Vec::new(), parent(&root.file).to_owned(), false);
    }
    (walk.found, walk.unread)
}

struct Walk<'p> {
    package: &'p Package,
    root: usize,
    seen: HashSet<String>,
    found: Vec<Module>,
    unread: Vec<String>,
}

/// Where the children of a module are looked for.
struct Scope<'a> {
    /// Folder of plain children.
    folder: String,
    /// Folder that a `#[path]` on a child counts from.
    path_folder: String,
    /// Path of the module itself.
    path: &'a [String],
    test: bool,
}

impl Walk<'_> {
    /// Visits the module in `file`, whose children lie in `folder`.
    fn file(&mut self, file: &str, path: Vec<String>, folder: String, test: bool) {
        let Some(text) = self.package.text(file) else { return };
        if !self.seen.insert(file.to_owned()) {
            return;
        }
        self.found.push(Module {
            root: self.root,
            path: path.clone(),
            file: file.to_owned(),
            test,
        });
        if !path.is_empty() && !may_declare(text) {
            return;
        }
        let Some(Ok(syntax)) = self.package.syntax(file) else { return };
        let place = Scope { folder, path_folder: parent(file).to_owned(), path: &path, test };
        self.items(&syntax.file.items, &place);
    }

    fn items(&mut self, items: &[Item], place: &Scope) {
        for item in items {
            if let Item::Mod(module) = item {
                self.module(module, place);
            }
        }
    }

    fn module(&mut self, module: &ItemMod, place: &Scope) {
        let name = module.ident.unraw().to_string();
        let mut path = place.path.to_vec();
        path.push(name.clone());
        let test = place.test || is_test(&module.attrs);
        let given = path_attribute(&module.attrs);
        if let Some((_, items)) = &module.content {
            let folder = match &given {
                Some(given) => self.place(&place.path_folder, given),
                None => self.place(&place.folder, &name),
            };
            let Some(folder) = folder else { return };
            let inner = Scope { path_folder: folder.clone(), folder, path: &path, test };
            return self.items(items, &inner);
        }
        if let Some(given) = given {
            let Some(file) = self.place(&place.path_folder, &given) else { return };
            let folder = parent(&file).to_owned();
            return self.file(&file, path, folder, test);
        }
        let files = [format!("{name}.rs"), format!("{name}/mod.rs")];
        let package = self.package;
        let mut places = files.iter().filter_map(|file| self.place(&place.folder, file));
        let Some(file) = places.find(|file| package.text(file).is_some()) else { return };
        let Some(folder) = self.place(&place.folder, &name) else { return };
        self.file(&file, path, folder, test);
    }

    /// Where what is called `path` in `folder` really is; a link on the way that is not followed is
    /// noted.
    fn place(&mut self, folder: &str, path: &str) -> Option<String> {
        let links = self.package.links();
        if let Some(link) =
            links.refused_on(folder, path).filter(|link| !self.unread.contains(link))
        {
            self.unread.push(link);
        }
        links.place(folder, path)
    }
}

/// The value of `#[path = "…"]`.
fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(value), .. }) => Some(value.value()),
            _ => None,
        },
        _ => None,
    })
}

/// False when `text` cannot hold a `mod name;`, so that most files need no parsing.
fn may_declare(text: &str) -> bool {
    text.match_indices("mod ").any(|(at, _)| {
        let name = text[at + 4..].trim_start();
        name.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_' || c == '#')
            .trim_start()
            .starts_with(';')
    })
}

impl Package {
    /// What has the name `name` among the modules and types of the crate root `file`; `None` when
    /// it is free.
    pub fn taken(&self, file: &str, name: &str) -> Option<Taken> {
        let syntax = self.syntax(file)?.ok()?;
        syntax.file.items.iter().find_map(|item| {
            let by = takes(item, name)?;
            Some(Taken { place: self.place(file, item_range(syntax, item)), by })
        })
    }

    /// True when `file` declares the module `name`.
    pub fn declares(&self, file: &str, name: &str) -> bool {
        let items = self.syntax(file).and_then(Result::ok).map(|syntax| &syntax.file.items);
        items
            .into_iter()
            .flatten()
            .any(|item| matches!(item, Item::Mod(module) if module.ident.unraw() == name))
    }

    /// The modules that lie in `file`: more than one when several crates, or one twice, reach it.
    pub fn modules_of<'p>(&'p self, file: &'p str) -> impl Iterator<Item = &'p Module> {
        self.modules().iter().filter(move |module| module.file == file)
    }
}

/// What `item` is when it takes `name` in the namespace of modules.
fn takes(item: &Item, name: &str) -> Option<&'static str> {
    let (ident, by) = match item {
        Item::Mod(item) => (&item.ident, "a module"),
        Item::Struct(item) => (&item.ident, "a type"),
        Item::Enum(item) => (&item.ident, "a type"),
        Item::Union(item) => (&item.ident, "a type"),
        Item::Type(item) => (&item.ident, "a type"),
        Item::Trait(item) => (&item.ident, "a trait"),
        Item::TraitAlias(item) => (&item.ident, "a trait"),
        Item::ExternCrate(item) => {
            (item.rename.as_ref().map_or(&item.ident, |(_, name)| name), "a crate")
        }
        Item::Use(item) => return Imports::of_item(item).has(name).then_some("an import"),
        _ => return None,
    };
    (ident.unraw() == name).then_some(by)
}

/// The first line's worth of an item: its name for what has one, all of it otherwise.
fn item_range(syntax: &Syntax, item: &Item) -> std::ops::Range<usize> {
    match item {
        Item::Mod(item) => syntax.range(&item.ident),
        Item::Struct(item) => syntax.range(&item.ident),
        Item::Enum(item) => syntax.range(&item.ident),
        item => syntax.range(item),
    }
}

#[cfg(test)]
mod tests;
