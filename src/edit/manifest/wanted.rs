//! A requirement compared with the entries of a manifest.

use super::super::Refusal;
use super::dependency::{Dependency, Entry, Kind};
use super::{Requirement, features};

/// A requirement together with what the workspace says about its package.
pub(super) struct Wanted<'a> {
    pub(super) requirement: &'a Requirement<'a>,
    pub(super) workspace: Option<&'a Dependency>,
}

impl Wanted<'_> {
    /// The key that a new entry gets.
    pub(super) fn key(&self) -> &str {
        self.requirement
            .rename
            .or(self.workspace.map(|entry| entry.key.as_str()))
            .unwrap_or(self.requirement.name)
    }

    fn is(&self, dependency: &Dependency) -> bool {
        let inherited =
            dependency.workspace && self.workspace.is_some_and(|entry| entry.key == dependency.key);
        let same_package = inherited || dependency.package == self.requirement.name;
        same_package && self.requirement.rename.is_none_or(|key| key == dependency.key)
    }

    /// The entry of this package in the plain table of `kind`; the one under its own name where
    /// there are several.
    pub(super) fn find<'e, 'd>(
        &self,
        entries: &'e [Entry<'d>],
        kind: Kind,
    ) -> Option<&'e Entry<'d>> {
        entries
            .iter()
            .filter(|entry| entry.dependency.kind == kind && entry.dependency.target.is_none())
            .filter(|entry| self.is(&entry.dependency))
            .min_by_key(|entry| entry.dependency.key != self.key())
    }

    /// The entry of this package in a table under a target.
    pub(super) fn find_under_target<'e, 'd>(
        &self,
        entries: &'e [Entry<'d>],
    ) -> Option<&'e Entry<'d>> {
        entries
            .iter()
            .filter(|entry| {
                entry.dependency.kind == self.requirement.kind && entry.dependency.target.is_some()
            })
            .find(|entry| self.is(&entry.dependency))
    }

    /// Refuses where features are missing under a target: an entry for every target may break the
    /// others.
    pub(super) fn check_target(&self, dependency: &Dependency) -> Result<(), Refusal> {
        let missing = self.missing(dependency);
        if missing.is_empty() {
            return Ok(());
        }
        let reason = format!(
            "`{}` is a dependency only under target `{}`, without {}",
            dependency.key,
            dependency.target.as_deref().unwrap_or_default(),
            features::field(&missing)
        );
        Err(Refusal::not_safe(dependency.range.clone(), reason))
    }

    /// Refuses where `key` names another package.
    pub(super) fn check_free(&self, entries: &[Entry], key: &str) -> Result<(), Refusal> {
        let Requirement { name, kind, .. } = *self.requirement;
        let taken = entries
            .iter()
            .map(|entry| &entry.dependency)
            .find(|other| other.kind == kind && other.target.is_none() && other.key == key);
        taken.map_or(Ok(()), |other| {
            let reason = format!(
                "`{key}` already names the package `{}`, so `{name}` needs another key",
                other.package
            );
            Err(Refusal::not_safe(other.range.clone(), reason))
        })
    }

    /// The wanted features that `dependency` does not turn on, each once.
    pub(super) fn missing(&self, dependency: &Dependency) -> Vec<&str> {
        let mut on =
            turned_on(if dependency.workspace { self.workspace } else { Some(dependency) });
        on.extend(dependency.features.iter().map(String::as_str));
        self.not_in(&on)
    }

    /// The wanted features that a new entry must turn on.
    pub(super) fn missing_from_new(&self, inherits: bool) -> Vec<&str> {
        match (inherits, self.requirement.default_features) {
            (true, _) => self.not_in(&turned_on(self.workspace)),
            (false, true) => self.not_in(&["default"]),
            (false, false) => self.not_in(&[]),
        }
    }

    fn not_in(&self, on: &[&str]) -> Vec<&str> {
        let Requirement { features, implied_by, .. } = *self.requirement;
        if implied_by.iter().any(|feature| on.contains(feature)) {
            return Vec::new();
        }
        let mut missing: Vec<&str> = Vec::new();
        for feature in features {
            if !on.contains(feature) && !missing.contains(feature) {
                missing.push(feature);
            }
        }
        missing
    }

    /// True when nothing is to be done for code that uses `dependency` in every build.
    pub(super) fn is_met(&self, dependency: &Dependency) -> bool {
        !dependency.optional && self.missing(dependency).is_empty()
    }
}

/// The features that an entry turns on, `default` among them.
fn turned_on(dependency: Option<&Dependency>) -> Vec<&str> {
    let default = dependency.filter(|entry| entry.default_features).map(|_| "default");
    dependency
        .into_iter()
        .flat_map(|entry| &entry.features)
        .map(String::as_str)
        .chain(default)
        .collect()
}
