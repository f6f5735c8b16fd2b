//! What code calls the crates, and what it takes out of them.

use std::collections::BTreeMap;
use std::slice;

use super::super::case::Case;
use super::super::files::Rendered;
use super::super::requires::read;
use super::super::uses::methods;
use super::Needed;
use crate::component::Dependency;
use crate::edit::manifest::Kind;
use crate::edit::rust::{Sought, uses_of_crates};
use crate::problem::Problem;

/// Refuses where a crate has another name in the project than in the `rendered` files, because no
/// template asks for it.
///
/// # Errors
/// A [`Problem`] with the entry of the manifest.
pub(in crate::plan) fn check_names(
    case: &Case<'_>,
    needed: &[Needed<'_>],
    rendered: &[Rendered],
) -> Result<(), Problem> {
    let is_asked_for =
        |name: &str| case.component.templates.iter().any(|one| case.renderer.is_used(one, name));
    let is_named = |name: &str| {
        let sought = Sought { krate: name.to_owned(), ..Sought::default() };
        let mut files = rendered.iter().filter(|file| file.path.ends_with(".rs"));
        files.any(|file| !uses_of_crates(&file.text, slice::from_ref(&sought)).is_empty())
    };
    let is_wrong = |one: &&Needed<'_>| {
        let name = one.variable();
        name != one.name() && !is_asked_for(&name) && is_named(&name)
    };
    let Some(one) = needed.iter().find(is_wrong) else { return Ok(()) };
    let (path, text) = (case.project.manifest_path(), case.project.manifest()?);
    let key = if one.is_present { &one.key } else { &one.dependency.name };
    let entry = read(&path, text)?
        .into_iter()
        .find(|entry| entry.key == *key && entry.kind != Kind::Workspace);
    Err(misnamed(one).at(&path, text, entry.map_or(0..0, |entry| entry.range)))
}

fn misnamed(one: &Needed<'_>) -> Problem {
    let Needed { dependency: Dependency { name, .. }, version, key, is_present, .. } = one;
    if *is_present {
        let (own, theirs) = (one.variable(), one.name());
        return Problem::new(format!(
            "{name} is called `{key}` here, and the new code needs it \
            under its own name"
        ))
        .help(format!(
            "call it `{name}` here, and write `use {own} as {theirs};` where your code says \
                `{theirs}`"
        ));
    }
    Problem::new(format!(
        "the new code needs {name} {version} under this name, which another \
        version has here"
    ))
    .help(format!(
        "move the project to {name} {version} first, or give this entry another key with \
            `package = \"{name}\"`"
    ))
}

/// The names that each of `features` of the package stands before, as the component tells.
pub(super) fn gates(
    case: &Case<'_>,
    one: &Needed<'_>,
    features: &[String],
) -> BTreeMap<String, Vec<String>> {
    let mut gates = BTreeMap::<String, Vec<String>>::new();
    for (feature, names) in told(case, one).filter(|(feature, _)| features.contains(feature)) {
        let all = gates.entry(feature.clone()).or_default();
        all.extend(names.iter().filter(|name| !all.contains(name)).cloned().collect::<Vec<_>>());
    }
    gates
}

/// The crate, with all that the owner's code may take out of it by the features of the package.
pub(super) fn sought(case: &Case<'_>, one: &Needed<'_>) -> Sought {
    Sought {
        krate: one.name(),
        methods: methods(told(case, one).flat_map(|(_, names)| names)).collect(),
    }
}

/// The features of the package, each with names that stand behind it.
fn told<'a>(
    case: &Case<'a>,
    one: &Needed<'_>,
) -> impl Iterator<Item = (&'a String, &'a Vec<String>)> {
    let name = one.dependency.name.clone();
    case.component
        .spec
        .dependencies
        .iter()
        .filter(move |entry| entry.name == name)
        .flat_map(|entry| &entry.names)
}
