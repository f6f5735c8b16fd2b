//! What code calls the crates, and what it takes out of them.

use super::super::case::Case;
use super::super::files::Rendered;
use super::super::requires::read;
use super::Needed;
use crate::component::Dependency;
use crate::edit::manifest::Kind;
use crate::edit::rust::use_of_crate;
use crate::problem::Problem;
use crate::project::tree::join;

/// Refuses where a crate has another name in the project than in the `rendered` files, because no template asks for it.
///
/// # Errors
/// A [`Problem`] with the entry of the manifest.
pub(in crate::plan) fn check_names(
    case: &Case<'_>,
    needed: &[Needed<'_>],
    rendered: &[Rendered],
) -> Result<(), Problem> {
    let is_asked_for = |name: &str| case.component.templates.iter().any(|one| case.renderer.is_used(one, name));
    let is_named = |name: &str| {
        let mut files = rendered.iter().filter(|file| file.path.ends_with(".rs"));
        files.any(|file| use_of_crate(&file.text, name, None).is_some())
    };
    let is_wrong = |one: &&Needed<'_>| {
        let name = one.variable();
        name != one.name() && !is_asked_for(&name) && is_named(&name)
    };
    let Some(one) = needed.iter().find(is_wrong) else { return Ok(()) };
    let (path, text) = (case.project.manifest_path(), case.project.manifest()?);
    let key = if one.is_present { &one.key } else { &one.dependency.name };
    let entry = read(&path, text)?.into_iter().find(|entry| entry.key == *key && entry.kind != Kind::Workspace);
    Err(misnamed(one).at(&path, text, entry.map_or(0..0, |entry| entry.range)))
}

fn misnamed(one: &Needed<'_>) -> Problem {
    let Needed { dependency: Dependency { name, .. }, version, key, is_present, .. } = one;
    if *is_present {
        let (own, theirs) = (one.variable(), one.name());
        return Problem::new(format!("{name} is called `{key}` here, and the new code needs it under its own name"))
            .help(format!(
                "call it `{name}` here, and write `use {own} as {theirs};` where your code says `{theirs}`"
            ));
    }
    Problem::new(format!("the new code needs {name} {version} under this name, which another version has here")).help(
        format!(
            "move the project to {name} {version} first, or give this entry another key with `package = \"{name}\"`"
        ),
    )
}

/// The names that need one of `features` of the package, and that no code of the owner's takes out of the crate as yet.
pub(super) fn gated(case: &Case<'_>, one: &Needed<'_>, features: &[String]) -> Vec<String> {
    let entries = case.component.spec.dependencies.iter().filter(|entry| entry.name == one.dependency.name);
    let gates = entries.flat_map(|entry| &entry.names).filter(|(feature, _)| features.contains(feature));
    let rendered = case.before.iter().flat_map(|record| &record.files);
    let rendered: Vec<String> = rendered.map(|file| join(&case.project.folder, file)).collect();
    let is_hers = |path: &str| {
        case.project.package_of(path) == Some(case.project.folder.as_str()) && !rendered.iter().any(|file| file == path)
    };
    let is_used = |name: &str| {
        let mut sources = case.project.tree.sources().filter(|(path, _)| is_hers(path));
        sources.any(|(_, text)| use_of_crate(text, &one.name(), Some(name)).is_some())
    };
    let mut names: Vec<String> = gates.flat_map(|(_, names)| names).filter(|name| !is_used(name)).cloned().collect();
    names.sort_unstable();
    names.dedup();
    names
}
