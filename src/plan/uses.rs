//! What the owner's code takes out of the crates that rwx has put into her manifest: when they
//! came, and since.

use std::collections::{BTreeMap, BTreeSet};

use crate::edit::Part;
use crate::edit::manifest::find_entry;
use crate::edit::rust::{ANYTHING, CrateUse, Sought, uses_of_crates};
use crate::project::source::Package;
use crate::project::tree::join;
use crate::project::{Project, Tree, Used};

/// The table of the dependencies that all code of a package sees.
pub(super) const DEPENDENCIES: &str = "dependencies";
/// The folders of a package whose code is compiled for tests only, or sees what tests see.
const TEST_FOLDERS: [&str; 3] = ["tests", "benches", "examples"];
/// The name of a use that brings in a crate by its own name.
const ITSELF: &str = "self";
/// The file whose code sees the build dependencies instead.
const BUILD_SCRIPT: &str = "build.rs";

/// The uses of some crates in the owner's code.
#[derive(Default)]
pub(super) struct Uses {
    all: Vec<Found>,
}

/// A use, and where it stands.
struct Found {
    path: String,
    found: CrateUse,
}

impl Uses {
    /// The uses of the crates `sought` in the code in `tree`, without those in the files `orphans`.
    pub(super) fn of(
        (project, package): (&Project, &Package),
        tree: &Tree,
        sought: &[Sought],
        orphans: &[String],
    ) -> Self {
        let is_hers = |path: &str| {
            project.package_of(path) == Some(project.folder.as_str())
                && path != join(&project.folder, BUILD_SCRIPT)
                && !orphans.iter().any(|orphan| orphan == path)
        };
        let mut all = Vec::new();
        for (path, text) in tree.sources().filter(|(path, _)| is_hers(path)) {
            let is_for_tests = is_for_tests(project, package, path);
            for found in uses_of_crates(text, sought) {
                let test = found.test || is_for_tests;
                all.push(Found { path: path.to_owned(), found: CrateUse { test, ..found } });
            }
        }
        Self { all }
    }

    /// What is used of `part` of `manifest`, for the record; nothing for what is no part of a
    /// manifest.
    pub(super) fn used(&self, part: &Part, manifest: &str) -> Option<Used> {
        let asked = Asked::of(part, manifest)?;
        let mut used = Used::default();
        for Found { found, .. } in self.all.iter().filter(|one| one.found.krate == asked.krate) {
            let place = if found.test { &mut used.tests } else { &mut used.names };
            place.extend(asked.names(found).into_iter().map(str::to_owned));
        }
        Some(used)
    }

    /// Where `part` of `manifest` is used as it was not when `then` was recorded.
    pub(super) fn since(&self, part: &Part, manifest: &str, then: Option<&Used>) -> Since {
        let mut since = Since::default();
        let Some(asked) = Asked::of(part, manifest) else { return since };
        let all = self.all.iter().filter(|one| one.found.krate == asked.krate);
        for Found { path, found } in all.filter(|one| one.found.test || !asked.only_tests) {
            let mut names = asked.names(found);
            names.retain(|name| !then.is_some_and(|then| then.has(name, found.test)));
            if names.is_empty() {
                continue;
            }
            since.entry.get_or_insert_with(|| path.clone());
            for feature in asked.features_of(&names) {
                since.features.entry(feature).or_insert_with(|| path.clone());
            }
        }
        since
    }
}

/// Where the owner's code has come to use a part since it was added.
#[derive(Debug, Default)]
pub(super) struct Since {
    /// The first file that uses anything of it.
    pub(super) entry: Option<String>,
    /// The features that are used, each with the first file that does.
    pub(super) features: BTreeMap<String, String>,
}

/// What has to be looked for to tell whether a part of a manifest is used.
struct Asked<'p> {
    /// The name that code uses for the crate.
    krate: String,
    /// True where anything out of the crate counts, and not only what stands behind a feature.
    whole: bool,
    /// True where only tests see the part.
    only_tests: bool,
    /// The features, each with the names that code takes out of the crate only with it.
    gates: Vec<(&'p str, BTreeSet<String>)>,
}

impl<'p> Asked<'p> {
    fn of(part: &'p Part, manifest: &str) -> Option<Self> {
        let (table, whole, features, gates, names) = match part {
            Part::Features { table, features, names, gates, .. } => {
                (table, false, features.iter().collect::<Vec<_>>(), gates, names.as_slice())
            }
            Part::Dependency { table, key, gates } => {
                (table, is_the_crate(manifest, table, key), gates.keys().collect(), gates, &[][..])
            }
            _ => return None,
        };
        let gated = |feature: &String| {
            let more = gates.get(feature).into_iter().flatten().chain(names).cloned();
            more.chain([feature.replace('-', "_")]).collect()
        };
        let gates =
            features.into_iter().map(|feature| (feature.as_str(), gated(feature))).collect();
        Some(Self { krate: crate_of(part)?, whole, only_tests: table != DEPENDENCIES, gates })
    }

    /// The names of `found` that count.
    fn names<'f>(&self, found: &'f CrateUse) -> Vec<&'f str> {
        let first = found.names.first().map_or(ITSELF, String::as_str);
        if self.whole || first == ANYTHING {
            return vec![first];
        }
        let is_gated = |name: &&str| self.gates.iter().any(|(_, names)| names.contains(*name));
        found.names.iter().map(String::as_str).filter(is_gated).collect()
    }

    /// The features that some of `names` stand behind.
    fn features_of(&self, names: &[&str]) -> Vec<String> {
        let is_used = |gated: &BTreeSet<String>| {
            names.iter().any(|name| *name == ANYTHING || gated.contains(*name))
        };
        self.gates
            .iter()
            .filter(|(_, gated)| is_used(gated))
            .map(|(feature, _)| (*feature).to_owned())
            .collect()
    }
}

/// The name that code uses for the crate that `part` of a manifest is about.
fn crate_of(part: &Part) -> Option<String> {
    let (Part::Dependency { key, .. } | Part::Features { key, .. }) = part else { return None };
    Some(key.replace('-', "_"))
}

/// What has to be looked for to tell the uses of `parts`, each crate once.
pub(super) fn sought<'p>(parts: impl Iterator<Item = &'p Part>) -> Vec<Sought> {
    let mut all: Vec<Sought> = Vec::new();
    for part in parts {
        let Some(krate) = crate_of(part) else { continue };
        let at = all.iter().position(|one| one.krate == krate).unwrap_or(all.len());
        if at == all.len() {
            all.push(Sought { krate, ..Sought::default() });
        }
        if let Part::Dependency { gates, .. } | Part::Features { gates, .. } = part {
            all[at].methods.extend(methods(gates.values().flatten()));
        }
    }
    all
}

/// Those of `names` that are methods, without their dot.
pub(super) fn methods<'n>(names: impl Iterator<Item = &'n String>) -> impl Iterator<Item = String> {
    names.filter_map(|name| name.strip_prefix('.')).map(str::to_owned)
}

/// True when the entry `key` of `table` is what the crate's code means by it: tests see the others
/// of `dependencies` too.
fn is_the_crate(manifest: &str, table: &str, key: &str) -> bool {
    table == DEPENDENCIES
        || find_entry(manifest, DEPENDENCIES, key, &[]).is_ok_and(|found| found.is_empty())
}

/// True when `path` is compiled for tests only. Of a file that no crate is known to reach, only its
/// folder tells.
fn is_for_tests(project: &Project, package: &Package, path: &str) -> bool {
    let below = |folder: &&str| path.starts_with(&format!("{}/", join(&project.folder, folder)));
    let is_reached = package.modules_of(path).next().is_some();
    TEST_FOLDERS.iter().any(below) || is_reached && !package.is_shipped(path)
}
