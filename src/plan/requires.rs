//! What the project must have already: crates in versions that the templates serve.

use semver::{Version, VersionReq};

use crate::component::Spec;
use crate::edit::manifest::{Dependency, Kind, dependencies};
use crate::problem::Problem;
use crate::project::Project;
use crate::project::manifest::MANIFEST;

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
        entries.iter().any(|entry| entry.kind == Kind::Normal && (&entry.package == package || &entry.key == package))
    })
}

/// Finds the crates that `spec` requires.
///
/// # Errors
/// A [`Problem`] with the manifest's line when one is missing, optional, or in a version that the templates do not serve.
pub(super) fn required(project: &Project, spec: &Spec) -> Result<Vec<Required>, Problem> {
    let (path, text) = (project.manifest_path(), project.manifest()?);
    let own = read(&path, text)?;
    let above = match project.workspace_manifest()? {
        Some(text) => read(MANIFEST, text)?,
        None => own.clone(),
    };
    let find = |(package, minors): (&String, &Vec<u64>)| {
        let entry = own.iter().find(|entry| entry.kind == Kind::Normal && is(entry, package, &above));
        let Some(entry) = entry else { return Err(missing(&path, package, minors)) };
        if entry.optional {
            return Err(optional(package).at(&path, text, entry.range.clone()));
        }
        let source = if entry.workspace { inherited(entry, &above).unwrap_or(entry) } else { entry };
        let minor = minor(project, package, source, minors)?;
        let unfit = |version: Option<String>| match version {
            Some(version) => outside(package, &version, minors),
            None => unknown(package),
        };
        let minor = minor.map_err(|version| unfit(version).at(&path, text, entry.range.clone()))?;
        Ok(Required { package: package.clone(), name: entry.key.replace('-', "_"), minor })
    };
    spec.requires.iter().map(find).collect()
}

fn read(path: &str, text: &str) -> Result<Vec<Dependency>, Problem> {
    dependencies(text).map_err(|refusal| Problem::refused(path, text, refusal).help("mend this line first"))
}

fn is(entry: &Dependency, package: &str, above: &[Dependency]) -> bool {
    let source = if entry.workspace { inherited(entry, above).unwrap_or(entry) } else { entry };
    source.package == package
}

fn inherited<'a>(entry: &Dependency, above: &'a [Dependency]) -> Option<&'a Dependency> {
    above.iter().find(|candidate| candidate.kind == Kind::Workspace && candidate.key == entry.key)
}

/// The newest of `minors` that the project may be built with: by the lock file, else by the requirement. The inner error
/// is the version that the project has instead, as far as it is known.
fn minor(
    project: &Project,
    package: &str,
    entry: &Dependency,
    minors: &[u64],
) -> Result<Result<u64, Option<String>>, Problem> {
    let requirement = entry.version.as_deref().and_then(|version| VersionReq::parse(version).ok());
    let admits = |version: &Version| requirement.as_ref().is_none_or(|requirement| requirement.matches(version));
    let locked = project.lock()?.map(|lock| locked_versions(lock, package)).unwrap_or_default();
    let locked = locked.into_iter().filter(&admits).max();
    let admitted = |minor: &u64| match &locked {
        Some(version) => version.major == 0 && version.minor == *minor,
        None => requirement.is_some() && (0..PATCHES).any(|patch| admits(&Version::new(0, *minor, patch))),
    };
    let has = locked.as_ref().map(Version::to_string).or(entry.version.clone());
    Ok(minors.iter().copied().find(admitted).ok_or(has))
}

fn locked_versions(lock: &str, package: &str) -> Vec<Version> {
    let name = format!("name = \"{package}\"");
    let blocks = lock.split("[[package]]").filter(|block| block.lines().any(|line| line.trim_end() == name));
    let version = |block: &str| {
        block
            .lines()
            .find_map(|line| line.trim_end().strip_prefix("version = \"")?.strip_suffix('"').map(str::to_owned))
    };
    blocks.filter_map(version).filter_map(|version| Version::parse(&version).ok()).collect()
}

fn listed(minors: &[u64]) -> String {
    minors.iter().map(|minor| format!("0.{minor}")).collect::<Vec<_>>().join(" or ")
}

fn missing(path: &str, package: &str, minors: &[u64]) -> Problem {
    let newest = minors.first().copied().unwrap_or_default();
    Problem::new(format!("{path} does not depend on {package}, which this component needs"))
        .help(format!("run `cargo add {package}@0.{newest}` first, or start a project with `rwx new NAME`"))
}

fn optional(package: &str) -> Problem {
    Problem::new(format!("{package} is an optional dependency here, and a component cannot follow a feature")).help(
        format!("put the component into a package where {package} is always on (`-p PKG`), or drop `optional = true`"),
    )
}

fn outside(package: &str, version: &str, minors: &[u64]) -> Problem {
    let newest = minors.first().copied().unwrap_or_default();
    Problem::new(format!("this project has {package} {version}; the component needs {package} {}", listed(minors)))
        .help(format!("move the project to {package} 0.{newest} first (its changelog lists the breaking changes)"))
}

fn unknown(package: &str) -> Problem {
    Problem::new(format!("which version of {package} this is shows neither here nor in a Cargo.lock"))
        .help("run `cargo generate-lockfile` first, or put a `version` beside the path or the repository")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Tree;
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    fn check(manifest: &str, lock: &str) -> Result<u64, String> {
        let spec = Spec {
            requires: BTreeMap::from([("axum".to_owned(), vec![8, 7])]),
            ..toml_edit::de::from_str("name = \"c\"\nsummary = \"\"\nfiles = { into = \"\" }").unwrap()
        };
        let mut tree = Tree::default();
        tree.put("Cargo.toml", format!("[package]\nname = \"a\"\n[dependencies]\n{manifest}\n"));
        tree.put("Cargo.lock", lock);
        let project = Project::of(PathBuf::new(), String::new(), tree).unwrap();
        required(&project, &spec).map(|found| found[0].minor).map_err(|problem| problem.to_string())
    }

    #[test]
    fn the_version_is_the_lock_file_s_else_the_newest_that_the_requirement_admits() {
        let lock = "[[package]]\nname = \"axum\"\nversion = \"0.7.9\"\n\n[[package]]\nname = \"axum-core\"\nversion = \"0.4.0\"\n";
        assert_eq!(check("axum = \"0\"", lock), Ok(7));
        assert_eq!(check("axum = \"0\"", ""), Ok(8));
        assert_eq!(check("axum = \"0.8\"", lock), Ok(8));
        assert_eq!(check("axum = \"=0.7.5\"", ""), Ok(7));
        assert_eq!(check("axum = { git = \"https://example.org/axum\" }", lock), Ok(7));
        assert_eq!(check("web = { package = \"axum\", version = \"0.8.1\" }", ""), Ok(8));
    }

    #[test]
    fn what_is_missing_or_too_old_is_named() {
        let problem = check("axum = \"0.6.20\"", "").unwrap_err();
        assert_eq!(problem, "Cargo.toml:4:1: this project has axum 0.6.20; the component needs axum 0.8 or 0.7");
        assert!(check("tokio = \"1\"", "").unwrap_err().starts_with("Cargo.toml does not depend on axum"));
        let problem = check("axum = { path = \"../axum\" }", "").unwrap_err();
        assert_eq!(problem, "Cargo.toml:4:1: which version of axum this is shows neither here nor in a Cargo.lock");
        assert!(check("axum = { version = \"0.8\", optional = true }", "").unwrap_err().contains("optional"));
    }
}
