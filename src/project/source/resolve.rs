//! What a path leads to, through modules, imports and re-exports, in whatever scope it is written.

mod scope;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use syn::ext::IdentExt;
use syn::{Block, Item, ItemMod, Stmt};

use self::scope::Scope;
use super::modules::Module;
use super::package::{Package, RootKind};
use crate::edit::rust::Frame;

/// An item of the package.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ItemPath {
    /// Index of its crate in [`Package::roots`].
    pub root: usize,
    /// Its path in the crate.
    pub path: Vec<String>,
}

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lead {
    /// An item of the package.
    Own(ItemPath),
    /// An item of another crate, by the name that the code has for that.
    Foreign(Vec<String>),
}

impl ItemPath {
    fn child(&self, name: &str) -> Self {
        Self { root: self.root, path: [self.path.as_slice(), &[name.to_owned()]].concat() }
    }

    fn parent(&self) -> Self {
        Self { root: self.root, path: self.path[..self.path.len().saturating_sub(1)].to_vec() }
    }
}

/// Follows paths in one package.
pub struct Resolver<'p> {
    package: &'p Package,
    /// Items that count as there, and so do the modules around them.
    known: Vec<ItemPath>,
    files: HashMap<ItemPath, &'p str>,
    scopes: RefCell<HashMap<ItemPath, Rc<Scope>>>,
}

/// Where a path is written: a module, and the blocks around the place that bind names of their own,
/// innermost first.
struct Position {
    module: ItemPath,
    scopes: Vec<Rc<Scope>>,
}

/// The names that one search has asked for already: imports may lead in a circle.
type Seen = HashSet<(ItemPath, String)>;

impl<'p> Resolver<'p> {
    /// A resolver for `package`, in which the items `known` count as there, though no text of the
    /// package may have them.
    pub fn new(package: &'p Package, known: Vec<ItemPath>) -> Self {
        let place = |module: &'p Module| {
            (ItemPath { root: module.root, path: module.path.clone() }, module.file.as_str())
        };
        let files = package.modules().iter().rev().map(place).collect();
        Self { package, known, files, scopes: RefCell::default() }
    }

    /// Everything that the path of these `segments` may lead to, written in `file` with `frames`
    /// around it: one for each crate that compiles the file, and more where conditions or foreign
    /// globs leave it open.
    pub fn leads(&self, file: &str, frames: &[Frame<'_>], segments: &[String]) -> Vec<Lead> {
        let mut found = Vec::new();
        for module in self.package.modules_of(file) {
            let position = self.position(module, frames);
            for lead in self.resolve(&position, segments, &mut Seen::new()) {
                if !found.contains(&lead) {
                    found.push(lead);
                }
            }
        }
        found
    }

    fn position(&self, module: &Module, frames: &[Frame<'_>]) -> Position {
        let mut at = ItemPath { root: module.root, path: module.path.clone() };
        let mut scopes = vec![self.scope(&at)];
        let mut is_nameable = true;
        for frame in frames {
            is_nameable &= !matches!(frame, Frame::Statement(..));
            match frame {
                Frame::Module(inner) => {
                    let name = inner.ident.unraw().to_string();
                    at = at.child(&if is_nameable { name } else { unnameable(&name) });
                    scopes = vec![Rc::new(Scope::of(content(inner)))];
                }
                Frame::Statement(block, _) if has_items(block) => {
                    let items = block.stmts.iter().filter_map(|statement| match statement {
                        Stmt::Item(item) => Some(item),
                        _ => None,
                    });
                    scopes.insert(0, Rc::new(Scope::of(items)));
                }
                _ => {}
            }
        }
        Position { module: at, scopes }
    }

    fn resolve(&self, position: &Position, segments: &[String], seen: &mut Seen) -> Vec<Lead> {
        let module = &position.module;
        let Some((first, rest)) = segments.split_first() else {
            return vec![Lead::Own(module.clone())];
        };
        let mut found = match first.as_str() {
            "crate" => vec![Lead::Own(ItemPath { root: module.root, path: Vec::new() })],
            "self" | "Self" => vec![Lead::Own(module.clone())],
            "super" => vec![Lead::Own(module.parent())],
            name => self.first(position, name, seen),
        };
        for name in rest {
            found = found.into_iter().flat_map(|lead| self.step(lead, name, seen)).collect();
        }
        found
    }

    /// What a path's first name may mean.
    fn first(&self, position: &Position, name: &str, seen: &mut Seen) -> Vec<Lead> {
        let (mut found, is_bound) = self.lookup(position, name, seen);
        if !is_bound {
            let roots = self.package.roots();
            let library =
                roots.iter().position(|root| root.kind == RootKind::Lib && root.name == name);
            found.push(match library.filter(|library| *library != position.module.root) {
                Some(root) => Lead::Own(ItemPath { root, path: Vec::new() }),
                None => Lead::Foreign(vec![name.to_owned()]),
            });
        }
        found
    }

    /// What `name` leads to behind a path that leads to `lead`.
    fn step(&self, lead: Lead, name: &str, seen: &mut Seen) -> Vec<Lead> {
        match lead {
            Lead::Foreign(mut path) => {
                path.push(name.to_owned());
                vec![Lead::Foreign(path)]
            }
            Lead::Own(module) if name == "super" => vec![Lead::Own(module.parent())],
            Lead::Own(module) => {
                let position = Position { scopes: vec![self.scope(&module)], module };
                let (found, _) = self.lookup(&position, name, seen);
                if found.is_empty() { vec![Lead::Own(position.module.child(name))] } else { found }
            }
        }
    }

    /// What `name` means at `position`, and whether that is certain: a name that nothing binds may
    /// come out of a foreign glob.
    fn lookup(&self, position: &Position, name: &str, seen: &mut Seen) -> (Vec<Lead>, bool) {
        let own = position.module.child(name);
        if !seen.insert((position.module.clone(), name.to_owned())) {
            return (Vec::new(), false);
        }
        for (index, scope) in position.scopes.iter().enumerate() {
            if let Some(imports) = scope.imports.get(name) {
                return (
                    imports.iter().flat_map(|full| self.resolve(position, full, seen)).collect(),
                    true,
                );
            }
            if scope.items.contains(name) {
                let is_in_block = index + 1 < position.scopes.len();
                let own = if is_in_block { position.module.child(&unnameable(name)) } else { own };
                return (vec![Lead::Own(own)], true);
            }
        }
        if self
            .known
            .iter()
            .any(|known| known.root == own.root && known.path.starts_with(&own.path))
        {
            return (vec![Lead::Own(own)], true);
        }
        self.through_globs(position, name, seen)
    }

    fn through_globs(&self, position: &Position, name: &str, seen: &mut Seen) -> (Vec<Lead>, bool) {
        // The path of a glob goes through no glob.
        let mark = (position.module.clone(), "*".to_owned());
        if !seen.insert(mark.clone()) {
            return (Vec::new(), false);
        }
        let found = self.out_of_globs(position, name, seen);
        seen.remove(&mark);
        found
    }

    fn out_of_globs(&self, position: &Position, name: &str, seen: &mut Seen) -> (Vec<Lead>, bool) {
        let mut foreign = Vec::new();
        for glob in position.scopes.iter().flat_map(|scope| &scope.globs) {
            for lead in self.resolve(position, glob, seen) {
                match lead {
                    Lead::Foreign(_) => foreign.extend(self.step(lead, name, seen)),
                    Lead::Own(module) => {
                        let inner = Position { scopes: vec![self.scope(&module)], module };
                        let (found, is_bound) = self.lookup(&inner, name, seen);
                        if is_bound {
                            return (found, true);
                        }
                        foreign.extend(found);
                    }
                }
            }
        }
        (foreign, false)
    }

    /// The names of the module at `path`; none where its text is not known.
    fn scope(&self, path: &ItemPath) -> Rc<Scope> {
        if let Some(scope) = self.scopes.borrow().get(path) {
            return Rc::clone(scope);
        }
        let scope = Rc::new(self.items(path).map(Scope::of).unwrap_or_default());
        self.scopes.borrow_mut().insert(path.clone(), Rc::clone(&scope));
        scope
    }

    /// The items of the module at `path`, which lies in a file of its own or in that of a module
    /// around it.
    fn items(&self, path: &ItemPath) -> Option<&'p [Item]> {
        let mut around = path.clone();
        loop {
            if let Some(file) = self.files.get(&around) {
                let mut items = self.package.syntax(file)?.ok()?.file.items.as_slice();
                for name in &path.path[around.path.len()..] {
                    items = items.iter().find_map(|item| match item {
                        Item::Mod(module) if module.ident.unraw() == name => Some(content(module)),
                        _ => None,
                    })?;
                }
                return Some(items);
            }
            around.path.pop()?;
        }
    }
}

/// What stands in a path for an item of a block, which no path from elsewhere can name.
fn unnameable(name: &str) -> String {
    format!("{{{name}}}")
}

fn has_items(block: &Block) -> bool {
    block.stmts.iter().any(|statement| matches!(statement, Stmt::Item(_)))
}

fn content(module: &ItemMod) -> &[Item] {
    module.content.as_ref().map(|(_, items)| items.as_slice()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
