//! Dependencies: what the rendered files use goes into the package's manifest.

use super::add::Case;
use super::draft::{Draft, Wish};
use crate::component::Dependency;
use crate::edit::manifest::{Dependency as Entry, Kind, Requirement, dependencies, require};
use crate::problem::Problem;

/// Adds what is missing.
///
/// # Errors
/// When a manifest does not parse or a version does not render.
pub(super) fn add(draft: &mut Draft<'_>, case: &Case<'_>) -> Result<(), Problem> {
    let Case { project, component, settled, renderer, .. } = case;
    let shared = match project.workspace_manifest()?.or(Some(project.manifest()?)) {
        Some(text) => dependencies(text).unwrap_or_default(),
        None => Vec::new(),
    };
    let path = project.manifest_path();
    for dependency in component.spec.dependencies.iter().filter(|dependency| settled.is_on(dependency.when.as_ref())) {
        let version = renderer.render(&dependency.name, &dependency.version)?;
        let features: Vec<&str> = dependency.features.iter().map(String::as_str).collect();
        let implied_by: Vec<&str> = dependency.implied_by.iter().map(String::as_str).collect();
        let requirement = Requirement {
            name: &dependency.name,
            version: &version,
            features: &features,
            implied_by: &implied_by,
            default_features: dependency.default_features,
            kind: if dependency.dev { Kind::Dev } else { Kind::Normal },
            rename: None,
        };
        let inherited = shared.iter().find(|entry| is_shared(entry, dependency));
        let text = draft.text(&path)?;
        let present = dependencies(&text).is_ok_and(|entries| {
            entries.iter().any(|entry| entry.package == dependency.name && entry.kind == requirement.kind)
        });
        let wish = wish(&path, dependency, &version, present);
        draft.attempt(wish, require(&text, &requirement, inherited))?;
    }
    Ok(())
}

fn is_shared(entry: &Entry, dependency: &Dependency) -> bool {
    entry.kind == Kind::Workspace && entry.package == dependency.name
}

fn wish<'a>(path: &'a str, dependency: &Dependency, version: &str, present: bool) -> Wish<'a> {
    let features = dependency.features.iter().map(|feature| format!("\"{feature}\"")).collect::<Vec<_>>().join(", ");
    let snippet = format!("{} = {{ version = \"{version}\", features = [{features}] }}", dependency.name);
    let named = dependency.features.join(", ");
    let what = match (present, named.is_empty()) {
        (true, _) => format!("{}: {named}", dependency.name),
        (false, true) => format!("{} {version}", dependency.name),
        (false, false) => format!("{} {version} ({named})", dependency.name),
    };
    let table = if dependency.dev { Kind::Dev } else { Kind::Normal }.table();
    Wish { path, what, by_hand: format!("add to [{table}]"), snippet }
}
