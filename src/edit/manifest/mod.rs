//! The editor of Cargo.toml: a dependency is added, or its features are merged into the entry that
//! is there.
//!
//! What adds only inserts: a string `"0.8"` becomes `{ version = "0.8", features = ["ws"] }` with
//! its own bytes inside.

mod dependency;
mod features;
#[cfg(test)]
mod laws;
mod merge;
mod section;
mod syntax;
#[cfg(test)]
mod tests;
mod undo;
mod verify;
mod wanted;

pub use dependency::{Dependency, Kind, dependencies};
pub use undo::{differ_by, feature_with, features_of, find_entry, without_features};

use super::{Edit, Outcome};
use dependency::entries;
use section::NewEntry;
use syntax::parse;
use wanted::Wanted;

/// A dependency that a manifest must have.
#[derive(Debug, Clone, Copy)]
pub struct Requirement<'a> {
    /// Name of the package.
    pub name: &'a str,
    /// Version requirement of a new entry; an entry that is there keeps its own.
    pub version: &'a str,
    /// Features that must be on.
    pub features: &'a [&'a str],
    /// Features of the package each of which turns all of `features` on. `default` is on unless the
    /// entry says otherwise.
    pub implied_by: &'a [&'a str],
    /// False writes `default-features = false` into a new entry; an entry that is there keeps its
    /// own.
    pub default_features: bool,
    /// The table it belongs to.
    pub kind: Kind,
    /// The key to use instead of the package's name; then an entry under another key does not
    /// count.
    pub rename: Option<&'a str>,
}

/// Makes the table of `kind` where it is missing, with nothing in it.
///
/// # Errors
/// Malformed when `manifest` is no TOML.
pub fn make_table(manifest: &str, kind: Kind) -> Outcome {
    let document = parse(manifest)?;
    Ok(section::make(manifest, &document, kind))
}

/// Adds the dependency to `manifest`, or merges its features into the entry that is there, in
/// whichever form it stands.
///
/// `workspace` is the package's entry in `[workspace.dependencies]`: a new entry inherits from it,
/// and its features count as on for an entry that inherits. A development dependency that the
/// normal entry already covers adds nothing.
///
/// # Errors
/// Malformed when `manifest` is no TOML or an entry is no dependency. Unsafe when features are
/// missing from an entry that is optional or only under a target, when the key belongs to another
/// package, and when the table is not written as one.
pub fn require(
    manifest: &str,
    requirement: &Requirement,
    workspace: Option<&Dependency>,
) -> Outcome {
    let document = parse(manifest)?;
    let entries = entries(&document)?;
    let wanted = Wanted { requirement, workspace };
    let normal = wanted.find(&entries, Kind::Normal);
    if requirement.kind == Kind::Dev && normal.is_some_and(|entry| wanted.is_met(&entry.dependency))
    {
        return Ok(Edit::default());
    }
    let edit = match (wanted.find(&entries, requirement.kind), wanted.find_under_target(&entries)) {
        (Some(entry), _) => merge::merge(manifest, &wanted, entry)?,
        (None, Some(entry)) => wanted.check_target(&entry.dependency).map(|()| Edit::default())?,
        (None, None) => section::add(manifest, &document, &NewEntry::of(&wanted, &entries)?)?,
    };
    verify::verify(&wanted, &entries, manifest, &edit)?;
    Ok(edit)
}
