//! What the project must have already: crates in versions that the templates serve.

use semver::{Version, VersionReq};

use crate::component::Spec;
use crate::edit::manifest::{Dependency, Kind, dependencies};
use crate::problem::Problem;
use crate::project::Project;
use crate::project::manifest::MANIFEST;
use crate::shell::quoted;

/// Crates of which a package is made that runs in the browser.
const BROWSER: [&str; 9] = [
    "dioxus",
    "leptos",
    "leptos_router",
    "perseus",
    "sycamore",
    "wasm-bindgen",
    "web-sys",
    "yew",
    "dioxus-web",
];
/// Patch versions that are tried to see whether a requirement admits some 0.MINOR.
const PATCHES: u64 = 100;

/// A required crate as the project has it.
#[derive(Debug, Clone)]
pub(super) struct Required {
    /// The package's name.
    pub(super) package: String,
    /// The name that code uses for it.
    pub(super) name: String,
    /// The minor version of 0.x.
    pub(super) minor: u64,
}

/// True when `manifest` depends on all that `spec` requires; false also when it does not parse.
pub fn depends_on_required(spec: &Spec, manifest: &str) -> bool {
    let entries = dependencies(manifest).unwrap_or_default();
    spec.requires.keys().all(|package| {
        entries.iter().any(|entry| {
            entry.kind == Kind::Normal && (&entry.package == package || &entry.key == package)
        })
    })
}

/// Finds the crates that `spec` requires.
///
/// # Errors
/// A [`Problem`] with the manifest's line when one is missing, optional, or in a version that the
/// templates do not serve.
pub(super) fn required(project: &Project, spec: &Spec) -> Result<Vec<Required>, Problem> {
    let (path, text) = (project.manifest_path(), project.manifest()?);
    let own = read(&path, text)?;
    let above_text = workspace_text(project)?;
    let above = read(MANIFEST, above_text)?;
    let find = |(package, minors): (&String, &Vec<u64>)| {
        let entry =
            own.iter().find(|entry| entry.kind == Kind::Normal && is(entry, package, &above));
        let Some(entry) = entry else { return Err(missing(project, package, minors)) };
        if let Some(target) = &entry.target {
            return Err(targeted(package, target, is_for_browser(&own)).at(
                &path,
                text,
                entry.range.clone(),
            ));
        }
        if entry.optional {
            return Err(optional(package, is_for_browser(&own)).at(
                &path,
                text,
                entry.range.clone(),
            ));
        }
        let (path, text, source) = match inherited(entry, &above) {
            Some(source) => (MANIFEST, above_text, source),
            None if entry.workspace => {
                return Err(nowhere(package, minors).at(&path, text, entry.range.clone()));
            }
            None => (path.as_str(), text, entry),
        };
        let minor = minor(project, package, source, minors)?;
        let minor = minor.map_err(|problem| problem.at(path, text, source.range.clone()))?;
        Ok(Required { package: package.clone(), name: entry.key.replace('-', "_"), minor })
    };
    spec.requires.iter().map(find).collect()
}

/// The manifest that can hold `[workspace.dependencies]`.
///
/// # Errors
/// When it is not UTF-8.
pub(super) fn workspace_text(project: &Project) -> Result<&str, Problem> {
    Ok(project.workspace_manifest()?.unwrap_or(project.manifest()?))
}

/// The dependencies of the manifest `text` at `path`.
///
/// # Errors
/// A [`Problem`] with the line when it does not parse.
pub(super) fn read(path: &str, text: &str) -> Result<Vec<Dependency>, Problem> {
    dependencies(text)
        .map_err(|refusal| Problem::refused(path, text, refusal).help("mend this line first"))
}

fn is(entry: &Dependency, package: &str, above: &[Dependency]) -> bool {
    inherited(entry, above).unwrap_or(entry).package == package
}

/// The entry among those of the workspace, `above`, that `entry` inherits from.
pub(super) fn inherited<'a>(entry: &Dependency, above: &'a [Dependency]) -> Option<&'a Dependency> {
    let is_source =
        |candidate: &&Dependency| candidate.kind == Kind::Workspace && candidate.key == entry.key;
    above.iter().filter(|_| entry.workspace).find(is_source)
}

/// The newest of `minors` that the project may be built with: by the lock file, else by the
/// requirement. The inner error is what to tell about the entry when there is none.
fn minor(
    project: &Project,
    package: &str,
    entry: &Dependency,
    minors: &[u64],
) -> Result<Result<u64, Problem>, Problem> {
    let requirement = entry.version.as_deref().and_then(|version| VersionReq::parse(version).ok());
    let admits = |version: &Version| {
        requirement.as_ref().is_none_or(|requirement| requirement.matches(version))
    };
    let locked = project.lock()?.map(|lock| locked_versions(lock, package)).unwrap_or_default();
    let locked = locked.into_iter().filter(&admits).max();
    let admitted = |minor: &u64| match &locked {
        Some(version) => version.major == 0 && version.minor == *minor,
        None => {
            requirement.is_some()
                && (0..PATCHES).any(|patch| admits(&Version::new(0, *minor, patch)))
        }
    };
    let has = locked.as_ref().map(Version::to_string).or(entry.version.clone());
    Ok(minors.iter().copied().find(admitted).ok_or_else(|| match has {
        Some(version) => outside(package, &version, minors),
        None => unknown(package),
    }))
}

fn locked_versions(lock: &str, package: &str) -> Vec<Version> {
    let name = format!("name = \"{package}\"");
    let blocks =
        lock.split("[[package]]").filter(|block| block.lines().any(|line| line.trim_end() == name));
    let version = |block: &str| {
        block.lines().find_map(|line| {
            line.trim_end().strip_prefix("version = \"")?.strip_suffix('"').map(str::to_owned)
        })
    };
    blocks.filter_map(version).filter_map(|version| Version::parse(&version).ok()).collect()
}

fn listed(minors: &[u64]) -> String {
    minors.iter().map(|minor| format!("0.{minor}")).collect::<Vec<_>>().join(" or ")
}

fn missing(project: &Project, package: &str, minors: &[u64]) -> Problem {
    let newest = minors.first().copied().unwrap_or_default();
    let member = if project.folder.is_empty() {
        String::new()
    } else {
        format!(" -p {}", quoted(&project.name))
    };
    let path = project.manifest_path();
    Problem::new(format!(
        "{path} has no {package} under [dependencies], which this component needs"
    ))
    .help(format!(
        "run `cargo add {package}@0.{newest}{member}` first, or start a project with `rwx new NAME`"
    ))
}

fn nowhere(package: &str, minors: &[u64]) -> Problem {
    let newest = minors.first().copied().unwrap_or_default();
    Problem::new(format!("{package} is taken from the workspace, which does not have it")).help(
        format!(
            "add `{package} = \"0.{newest}\"` to [workspace.dependencies] in the \
            workspace's {MANIFEST}"
        ),
    )
}

fn targeted(package: &str, target: &str, for_browser: bool) -> Problem {
    let help = if for_browser || target.contains("wasm") {
        move_server(package)
    } else {
        format!(
            "move the entry of {package} to [dependencies] first, where every target of this \
            package builds it"
        )
    };
    Problem::new(format!(
        "{package} is a dependency for the target `{target}` only, and a component cannot follow \
        that"
    ))
    .help(help)
}

fn optional(package: &str, for_browser: bool) -> Problem {
    let help = if for_browser {
        move_server(package)
    } else {
        format!(
            "put the component into a package where {package} is always on (`-p PKG`), or drop \
            `optional = true` where every \
             build of this one can have it"
        )
    };
    Problem::new(format!(
        "{package} is an optional dependency here, and a component cannot follow a feature"
    ))
    .help(help)
}

/// What to do in a package of which a part runs in the browser.
fn move_server(package: &str) -> String {
    format!(
        "a part of this package is built for the browser, where {package} does not build: move \
        the server into a package \
         of its own, with {package} always on, and put the component there (`-p PKG`)"
    )
}

/// True when something of the package is built for the browser, as far as its dependencies tell.
fn is_for_browser(entries: &[Dependency]) -> bool {
    entries.iter().any(|entry| {
        BROWSER.iter().any(|name| entry.package == *name)
            || entry.target.as_ref().is_some_and(|target| target.contains("wasm"))
    })
}

fn outside(package: &str, version: &str, minors: &[u64]) -> Problem {
    let newest = minors.first().copied().unwrap_or_default();
    let help = if is_newer(version, newest) {
        format!("look for a newer rwx: this one serves {package} up to 0.{newest}")
    } else {
        format!(
            "move the project to {package} 0.{newest} first (its changelog lists the breaking \
            changes)"
        )
    };
    Problem::new(format!(
        "this project has {package} {version}; the component needs {package} {}",
        listed(minors)
    ))
    .help(help)
}

/// True when `version`, a version or a requirement, has a part that is newer than 0.`newest`.
fn is_newer(version: &str, newest: u64) -> bool {
    let requirement = VersionReq::parse(version).unwrap_or_default();
    let newer = |part: &semver::Comparator| {
        part.major > 0 || part.minor.is_some_and(|minor| minor > newest)
    };
    requirement.comparators.iter().any(newer)
}

fn unknown(package: &str) -> Problem {
    Problem::new(format!(
        "which version of {package} this is shows neither here nor in a Cargo.lock"
    ))
    .help(
        "run `cargo generate-lockfile` first, or put a `version` beside the path or the repository",
    )
}

#[cfg(test)]
mod tests;
