//! The other packages of the workspace, as far as this one has to do with them.

use super::manifest::{MANIFEST, Manifest};
use super::members::Member;
use super::targets::{self, Target};
use super::tree::{Tree, join};
use crate::edit::manifest::{Kind, dependencies};
use crate::problem::Problem;

/// Another package of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sibling {
    /// The name by which this package's code knows it.
    pub name: String,
    /// Its folder, relative to the root.
    pub folder: String,
    /// Its library.
    pub lib: Target,
}

/// Another package of the workspace that has components.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// Its name.
    pub name: String,
    /// Its folder, relative to the root.
    pub folder: String,
}

/// Those of the packages `others` of the workspace that the code of the package in `folder` depends
/// on.
pub(super) fn depended_on(
    tree: &Tree,
    folder: &str,
    mut others: Vec<Member>,
) -> Result<Vec<Member>, Problem> {
    let manifest = tree.text(&join(folder, MANIFEST))?.unwrap_or_default();
    let entries = dependencies(manifest).unwrap_or_default();
    let is_needed = |member: &Member| {
        entries.iter().any(|entry| entry.kind == Kind::Normal && entry.package == member.name)
    };
    others.retain(is_needed);
    Ok(others)
}

pub(super) fn sibling(tree: &Tree, member: &Member) -> Option<Sibling> {
    let manifest = Manifest::parse(MANIFEST, &member.text).ok()?;
    let lib = targets::library(tree, &member.folder, &manifest, &member.name)?;
    Some(Sibling { name: lib.name.clone(), folder: member.folder.clone(), lib })
}
