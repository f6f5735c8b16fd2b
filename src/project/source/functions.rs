//! The functions of a package by name, and which of them a path calls.

use std::ptr;

use syn::ext::IdentExt;
use syn::{ImplItem, Item, Signature, Type};

use super::package::Package;
use crate::edit::rust::{Syntax, is_test};

/// A function or associated function of the package.
pub(super) struct Function<'p> {
    /// The file that holds it.
    pub(super) file: &'p str,
    /// That file's tree.
    pub(super) syntax: &'p Syntax,
    /// Its signature.
    pub(super) signature: &'p Signature,
    /// The type in whose `impl` it stands.
    pub(super) owner: Option<String>,
}

/// The functions that the path `resolved` by the imports of `file` may mean: several when names
/// alone do not tell them apart.
pub(super) fn called<'p>(
    package: &'p Package,
    file: &str,
    resolved: &[String],
) -> Vec<Function<'p>> {
    let Some((name, qualifiers)) = resolved.split_last() else { return Vec::new() };
    if let Some(sibling) = qualifiers.first().and_then(|first| package.sibling(first)) {
        return in_sibling(sibling, name, qualifiers);
    }
    let mut found = functions(package, name);
    let Some(qualifier) = qualifiers.last() else {
        found.retain(|function| function.owner.is_none());
        return prefer(found, |function| function.file == file);
    };
    if qualifier == "Self" {
        found.retain(|function| function.owner.is_some() && function.file == file);
        return found;
    }
    if found.iter().any(|function| function.owner.as_ref() == Some(qualifier))
        && is_own(package, file, qualifiers)
    {
        found.retain(|function| function.owner.as_ref() == Some(qualifier));
        return found;
    }
    found.retain(|function| function.owner.is_none());
    if !is_own(package, file, resolved) {
        return Vec::new();
    }
    nearest(package, found, &bases(package, file, qualifiers))
}

/// The methods called `name` of the type called `owner`.
pub(super) fn methods<'p>(package: &'p Package, owner: &str, name: &str) -> Vec<Function<'p>> {
    let mut found = functions(package, name);
    found.retain(|function| {
        function.owner.as_deref() == Some(owner) && function.signature.receiver().is_some()
    });
    found
}

/// The type in whose `impl` the function of this `signature` stands, which is in `file`.
pub(super) fn owner(file: &str, syntax: &Syntax, signature: &Signature) -> Option<String> {
    let mut found = Vec::new();
    let name = signature.ident.unraw().to_string();
    collect(file, syntax, &syntax.file.items, &name, &mut found);
    found.into_iter().find(|function| ptr::eq(function.signature, signature))?.owner
}

/// The module paths that qualifiers written in `file` may lead to.
fn bases(package: &Package, file: &str, qualifiers: &[String]) -> Vec<Vec<String>> {
    let first = qualifiers.first().map_or("", String::as_str);
    let rest = qualifiers.get(1..).unwrap_or_default();
    let bases = package.modules_of(file).map(|module| {
        let own = module.path.as_slice();
        let parent = &own[..own.len().saturating_sub(1)];
        match first {
            "self" => [own, rest].concat(),
            "super" => [parent, rest].concat(),
            _ if first == "crate" || package.roots().iter().any(|root| root.name == first) => {
                rest.to_vec()
            }
            _ => [own, qualifiers].concat(),
        }
    });
    bases.collect()
}

/// Those that live in one of the modules, or else below one (a re-export), or else all.
fn nearest<'p>(
    package: &Package,
    found: Vec<Function<'p>>,
    bases: &[Vec<String>],
) -> Vec<Function<'p>> {
    let lives = |function: &Function, fits: &dyn Fn(&[String], &[String]) -> bool| {
        package
            .modules_of(function.file)
            .any(|module| bases.iter().any(|base| fits(&module.path, base)))
    };
    if found.iter().any(|function| lives(function, &|path, base| path == base)) {
        return prefer(found, |function| lives(function, &|path, base| path == base));
    }
    prefer(found, |function| lives(function, &|path, base| path.starts_with(base)))
}

/// The functions that a path into another package of the workspace may mean.
fn in_sibling<'p>(sibling: &'p Package, name: &str, qualifiers: &[String]) -> Vec<Function<'p>> {
    let qualifier = qualifiers.last().map(String::as_str);
    let (methods, free): (Vec<_>, Vec<_>) =
        functions(sibling, name).into_iter().partition(|function| function.owner.is_some());
    let methods: Vec<_> =
        methods.into_iter().filter(|function| function.owner.as_deref() == qualifier).collect();
    if !methods.is_empty() {
        return methods;
    }
    nearest(sibling, free, &[qualifiers.get(1..).unwrap_or_default().to_vec()])
}

/// Those that fit, or all when none does (a re-export hides where a function lives).
fn prefer<'p>(found: Vec<Function<'p>>, fits: impl Fn(&Function) -> bool) -> Vec<Function<'p>> {
    let (fitting, rest): (Vec<_>, Vec<_>) = found.into_iter().partition(fits);
    if fitting.is_empty() { rest } else { fitting }
}

/// True when a resolved path, written in `file`, leads into this package and not into another
/// crate.
pub(super) fn is_own(package: &Package, file: &str, resolved: &[String]) -> bool {
    let [first, _, ..] = resolved else { return true };
    if ["crate", "self", "super", "Self"].contains(&first.as_str()) {
        return true;
    }
    let library = package.roots().iter().any(|root| root.name == *first);
    library
        || package
            .modules_of(file)
            .any(|module| has_child(package, &module.path, module.root, first))
}

fn has_child(package: &Package, parent: &[String], root: usize, name: &String) -> bool {
    let child = |path: &[String]| {
        path.split_last().is_some_and(|(last, rest)| last == name && rest == parent)
    };
    package.modules().iter().any(|module| module.root == root && child(&module.path))
        || (parent.is_empty() && inline_child(package, root, name))
}

fn inline_child(package: &Package, root: usize, name: &String) -> bool {
    let Some(Ok(syntax)) = package.roots().get(root).and_then(|root| package.syntax(&root.file))
    else {
        return false;
    };
    syntax
        .file
        .items
        .iter()
        .any(|item| matches!(item, Item::Mod(module) if module.ident.unraw() == name))
}

/// All functions called `name` that a library or a binary reaches outside tests.
fn functions<'p>(package: &'p Package, name: &str) -> Vec<Function<'p>> {
    let mut found = Vec::new();
    for (file, syntax) in package.parsed_with(&[&format!("fn {name}")]) {
        if package.is_shipped(file) {
            collect(file, syntax, &syntax.file.items, name, &mut found);
        }
    }
    found
}

fn collect<'p>(
    file: &'p str,
    syntax: &'p Syntax,
    items: &'p [Item],
    name: &str,
    found: &mut Vec<Function<'p>>,
) {
    for item in items {
        match item {
            Item::Fn(function)
                if function.sig.ident.unraw() == name && !is_test(&function.attrs) =>
            {
                found.push(Function { file, syntax, signature: &function.sig, owner: None });
            }
            Item::Mod(module) if !is_test(&module.attrs) => {
                let items = module.content.as_ref().map(|(_, items)| items.as_slice());
                collect(file, syntax, items.unwrap_or_default(), name, found);
            }
            Item::Impl(item) => {
                let owner = type_name(&item.self_ty);
                let functions = item.items.iter().filter_map(|item| match item {
                    ImplItem::Fn(function) if function.sig.ident.unraw() == name => {
                        Some(&function.sig)
                    }
                    _ => None,
                });
                found.extend(functions.map(|signature| Function {
                    file,
                    syntax,
                    signature,
                    owner: owner.clone(),
                }));
            }
            _ => {}
        }
    }
}

/// The last name of a type's path.
pub(super) fn type_name(ty: &Type) -> Option<String> {
    let Type::Path(path) = ty else { return None };
    path.path.segments.last().map(|last| last.ident.unraw().to_string())
}
