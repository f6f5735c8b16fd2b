//! What can be named where the user stands.

use std::collections::BTreeSet;

use super::disk;
use super::locate::{Selection, nearest_manifest};
use super::members::members;
use super::record::{FOLDER, RECORD, Record};
use super::tree::{Tree, join};
use super::workspace::{manifest, root_of};
use crate::problem::Problem;

/// What there is in the project at hand, in all its packages.
#[derive(Debug, Default)]
pub struct Surveyed {
    /// The names of its packages.
    pub packages: Vec<String>,
    /// The components that are installed in one of them.
    pub components: Vec<String>,
}

/// What there is in the project that `selection` points at.
///
/// # Errors
/// As [`locate`](super::locate()), but where several packages could be meant, all are.
pub fn survey(selection: &Selection) -> Result<Surveyed, Problem> {
    let folder = nearest_manifest(&disk::absolute(selection.directory.as_deref())?, selection)?;
    let shape = manifest(&folder)?;
    let root = root_of(&folder, &shape)?;
    let mut members = members(&root)?;
    if manifest(&root)?.workspace.is_none() {
        members.retain(|member| member.folder.is_empty());
    }
    let mut tree = Tree::default();
    let mut components = BTreeSet::new();
    for member in &members {
        disk::add_inner(&mut tree, &root, &join(&member.folder, FOLDER), RECORD)?;
        components.extend(Record::installed(&tree, &member.folder));
    }
    let packages = members.into_iter().map(|member| member.name).collect();
    Ok(Surveyed { packages, components: components.into_iter().collect() })
}
