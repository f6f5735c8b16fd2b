//! Dependencies: what the rendered files use goes into the package's manifest.

mod names;

use std::cell::LazyCell;
use std::collections::BTreeMap;

use semver::{Comparator, Op, Version, VersionReq};

use super::case::Case;
use super::draft::{Draft, Wish};
use super::requires::{inherited, read, workspace_text};
use super::settle::settle;
use super::uses::Uses;
use crate::component::{Dependency, Spec};
use crate::edit::manifest::{
    Dependency as Entry, Kind, Requirement, dependencies, make_table, require,
};
use crate::edit::rust::Sought;
use crate::edit::{Part, Step};
use crate::problem::Problem;
use crate::project::manifest::MANIFEST;
use crate::project::{Project, Used};
pub(super) use names::check_names;

/// A dependency of the component, and the key under which the project has it or will have it.
#[derive(Debug)]
pub(super) struct Needed<'a> {
    dependency: &'a Dependency,
    features: Vec<&'a str>,
    version: String,
    key: String,
    /// True when the project has an entry that serves and that no earlier run has made.
    is_present: bool,
}

impl Needed<'_> {
    /// The package's name as a template variable.
    pub(super) fn variable(&self) -> String {
        self.dependency.name.replace('-', "_")
    }

    /// The name that code uses for the crate.
    pub(super) fn name(&self) -> String {
        self.key.replace('-', "_")
    }
}

/// The dependencies of `spec` that are `wanted`, each with a key: that of an entry whose version
/// serves or that is ours, since cargo takes no package twice; else the package's name where that
/// is free; else one that has the version in it, so that both can stand side by side. Entries for
/// the same package add up to one. `render` fills in a version.
///
/// # Errors
/// When a manifest does not parse or a version does not render.
pub(super) fn needed<'a>(
    project: &Project,
    spec: &'a Spec,
    wanted: impl Fn(&Dependency) -> bool,
    is_ours: impl Fn(&Entry) -> bool,
    render: impl Fn(&Dependency) -> Result<String, Problem>,
) -> Result<Vec<Needed<'a>>, Problem> {
    let own = read(&project.manifest_path(), project.manifest()?)?;
    let shared = shared(project)?;
    let choose = |dependency: &'a Dependency| {
        let version = render(dependency)?;
        let entries = || own.iter().filter(|entry| is_of(entry, &shared, dependency));
        let serving = entries()
            .filter(|entry| is_ours(entry) || serves(entry, &shared, &version))
            .min_by_key(|entry| entry.key != dependency.name);
        let is_blocked = entries().any(|entry| entry.key == dependency.name);
        let key = match serving {
            Some(entry) => entry.key.clone(),
            None if is_blocked => {
                format!("{}-{}", dependency.name, version.trim_start_matches('~').replace('.', "-"))
            }
            None => dependency.name.clone(),
        };
        let is_present = serving.is_some_and(|entry| !is_ours(entry));
        Ok(Needed { dependency, features: Vec::new(), version, key, is_present })
    };
    let mut needed: Vec<Needed<'_>> = Vec::new();
    for dependency in spec.dependencies.iter().filter(|dependency| wanted(dependency)) {
        let is_same = |one: &Needed<'_>| {
            one.dependency.name == dependency.name && one.dependency.dev == dependency.dev
        };
        let at = needed.iter().position(is_same).unwrap_or(needed.len());
        if at == needed.len() {
            needed.push(choose(dependency)?);
        }
        needed[at].features.extend(dependency.features.iter().map(String::as_str));
        needed[at].features.sort_unstable();
    }
    leave_to_normal(&mut needed, &own, &shared);
    Ok(needed)
}

/// Takes out of what tests need the features that a normal entry turns on by name: cargo adds the
/// two up.
fn leave_to_normal(needed: &mut [Needed<'_>], own: &[Entry], shared: &[Entry]) {
    let mut on: Vec<(String, String)> = Vec::new();
    let is_normal = |entry: &&Entry| entry.kind == Kind::Normal && entry.target.is_none();
    for entry in own.iter().filter(is_normal).filter(|entry| !entry.optional) {
        let features = inherited(entry, shared).into_iter().flat_map(|above| &above.features);
        let features = features.chain(&entry.features);
        on.extend(features.map(|feature| (entry.key.clone(), feature.clone())));
    }
    for one in needed.iter().filter(|one| !one.dependency.dev) {
        on.extend(one.features.iter().map(|feature| (one.key.clone(), (*feature).to_owned())));
    }
    for Needed { key, features, .. } in needed.iter_mut().filter(|one| one.dependency.dev) {
        features.retain(|feature| !on.iter().any(|(of, name)| of == key && name == feature));
    }
}

/// Adds what is missing to the manifest.
///
/// # Errors
/// When a manifest does not parse.
pub(super) fn add(
    draft: &mut Draft<'_>,
    case: &Case<'_>,
    needed: &[Needed<'_>],
) -> Result<(), Problem> {
    let shared = shared(case.project)?;
    let uses = LazyCell::new(|| {
        let sought: Vec<Sought> = needed.iter().map(|one| names::sought(case, one)).collect();
        Uses::of(
            (case.project, &case.package),
            &case.project.tree,
            &sought,
            &case.rendered_before(),
        )
    });
    for one in needed {
        add_one(draft, case, one, &shared, &|part, manifest| uses.used(part, manifest))?;
    }
    Ok(())
}

fn add_one(
    draft: &mut Draft<'_>,
    case: &Case<'_>,
    one: &Needed<'_>,
    shared: &[Entry],
    used: &dyn Fn(&Part, &str) -> Option<Used>,
) -> Result<(), Problem> {
    let path = case.project.manifest_path();
    let dependency = one.dependency;
    let implied_by: Vec<&str> = dependency.implied_by.iter().map(String::as_str).collect();
    let requirement = Requirement {
        name: &dependency.name,
        version: &one.version,
        features: &one.features,
        implied_by: &implied_by,
        default_features: dependency.default_features,
        kind: kind(dependency),
        rename: Some(&one.key),
    };
    let is_same = |entry: &Entry| entry.package == dependency.name && entry.key == one.key;
    let fits =
        |entry: &&Entry| is_same(entry) && (one.is_present || serves(entry, shared, &one.version));
    let inherited = shared.iter().find(fits);
    let table = requirement.kind.table();
    let is_it = |part: &Part| match part {
        Part::Dependency { table: of, key, .. } | Part::Features { table: of, key, .. } => {
            of == table && *key == one.key
        }
        _ => false,
    };
    let text = draft.text(&path)?;
    let wish = Wish {
        part: &|before, step| part(case, one, before, &step.text),
        used: &|part| used(part, &text),
        ..wish(&path, one)
    };
    let editor = |text: &str| require(text, &requirement, inherited);
    if settle(draft, &wish, &is_it, &editor)? {
        return Ok(());
    }
    let outcome = editor(&text);
    let wanted = outcome.as_ref().ok().map(|edit| edit.apply(&text));
    let header = make_table(&text, requirement.kind).unwrap_or_default();
    let with_header = header.apply(&text);
    let below = editor(&with_header);
    // The header is an edit of its own where that comes to the same, so that it can stay when
    // others come to use it.
    if wanted.is_none() || wanted != below.as_ref().ok().map(|edit| edit.apply(&with_header)) {
        return draft.attempt(wish, outcome).map(drop);
    }
    let part = |_: &str, _: &Step| Part::Table { table: table.to_owned() };
    draft.attempt(Wish::new(&path, "", &part), Ok(header))?;
    draft.attempt(wish, below).map(drop)
}

/// By what the edit that leads from the manifest `before` to `after` is known later: the entry that
/// is new, or the features that are new in one.
fn part(case: &Case<'_>, one: &Needed<'_>, before: &str, after: &str) -> Part {
    let kind = kind(one.dependency);
    let table = kind.table().to_owned();
    let is_it =
        |entry: &Entry| entry.kind == kind && entry.target.is_none() && entry.key == one.key;
    let find = |text: &str| dependencies(text).unwrap_or_default().into_iter().find(is_it);
    let (Some(new), old) = (find(after), find(before)) else { return Part::Table { table } };
    let mut features = new.features;
    let key = new.key;
    let Some(old) = old else {
        let is_of_tests = kind == Kind::Dev;
        let gates = if is_of_tests { names::gates(case, one, &features) } else { BTreeMap::new() };
        return Part::Dependency { table, key, gates };
    };
    features.retain(|feature| !old.features.contains(feature));
    let gates = names::gates(case, one, &features);
    Part::Features { table, key, features, names: Vec::new(), gates }
}

/// The entries of `[workspace.dependencies]`.
fn shared(project: &Project) -> Result<Vec<Entry>, Problem> {
    let entries = read(MANIFEST, workspace_text(project)?)?;
    Ok(entries.into_iter().filter(|entry| entry.kind == Kind::Workspace).collect())
}

fn kind(dependency: &Dependency) -> Kind {
    if dependency.dev { Kind::Dev } else { Kind::Normal }
}

fn is_of(entry: &Entry, shared: &[Entry], dependency: &Dependency) -> bool {
    let in_reach = entry.kind == Kind::Normal || entry.kind == kind(dependency);
    in_reach
        && entry.target.is_none()
        && inherited(entry, shared).unwrap_or(entry).package == dependency.name
}

/// Whether some version that the entry admits is admitted by `version` too. A tilde in `version`
/// only keeps a new entry back: cargo puts no two compatible versions side by side.
fn serves(entry: &Entry, shared: &[Entry], version: &str) -> bool {
    let source = inherited(entry, shared).unwrap_or(entry);
    let parse = |version: &str| VersionReq::parse(version).ok();
    let (Some(theirs), Some(ours)) =
        (source.version.as_deref().and_then(parse), parse(version.trim_start_matches('~')))
    else {
        return true;
    };
    // The lowest version that both admit is the lowest of one of their bounds.
    let mut bounds = theirs.comparators.iter().chain(&ours.comparators).map(lowest);
    bounds.any(|version| theirs.matches(&version) && ours.matches(&version))
}

/// The lowest version from which `comparator` may admit some, or from which on it admits none.
fn lowest(comparator: &Comparator) -> Version {
    let Comparator { op, major, minor, patch, .. } = comparator;
    let above = u64::from(*op == Op::Greater);
    match (minor, patch) {
        (Some(minor), Some(patch)) => Version::new(*major, *minor, patch + above),
        (Some(minor), None) => Version::new(*major, minor + above, 0),
        (None, _) => Version::new(major + above, 0, 0),
    }
}

fn wish<'a>(path: &'a str, needed: &Needed<'_>) -> Wish<'a> {
    let Needed { dependency, features, version, key, is_present } = needed;
    let quoted =
        features.iter().map(|feature| format!("\"{feature}\"")).collect::<Vec<_>>().join(", ");
    let package = if key == &dependency.name {
        String::new()
    } else {
        format!("package = \"{}\", ", dependency.name)
    };
    let bare =
        if *is_present || dependency.default_features { "" } else { ", default-features = false" };
    let in_entry = if quoted.is_empty() { quoted } else { format!(", features = [{quoted}]") };
    let snippet = format!("{key} = {{ {package}version = \"{version}\"{bare}{in_entry} }}");
    let features = features.join(", ");
    let what = match (is_present, features.is_empty()) {
        (true, true) => key.clone(),
        (true, false) => format!("{key}: {features}"),
        (false, true) => format!("{key} {version}"),
        (false, false) => format!("{key} {version} ({features})"),
    };
    let what = if dependency.dev { format!("{what}, for tests") } else { what };
    let by_hand = match is_present {
        true => "change this entry until it has all of this".to_owned(),
        false => format!("add to [{}]", kind(dependency).table()),
    };
    Wish {
        request: snippet.clone(),
        by_hand,
        snippet,
        ..Wish::new(path, what, &|_, _| Part::Statement)
    }
}

#[cfg(test)]
mod tests;
