//! What the command line says, in the terms of a plan and of a project.

use std::collections::BTreeMap;

use crate::cli::{OwnEdits, Place};
use crate::plan::Policy;
use crate::project::Selection;

/// What is to become of the owner's edits.
pub(super) fn policy(edits: &OwnEdits) -> Policy {
    Policy { on_conflict: edits.on_conflict, force: edits.force, restore: false }
}

/// `selection` with the package that the user named.
pub(super) fn selected(selection: Selection, place: Place) -> Selection {
    Selection { manifest_path: place.manifest_path, package: place.package, ..selection }
}

/// The options that `--set` names, with the value that stands last.
pub(super) fn options(settings: &[(String, bool)]) -> BTreeMap<String, bool> {
    settings.iter().cloned().collect()
}
