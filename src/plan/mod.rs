//! The plan: what a run would change, as a value. Pure: no disk, no environment, no clock.

mod add;
mod attributes;
mod bounds;
mod case;
mod chapter;
mod choices;
mod claims;
mod commands;
mod dependencies;
mod draft;
mod earlier;
mod edits;
mod environment;
mod files;
mod guard;
mod hidden;
mod layout;
mod lost;
mod merge;
mod new;
mod news;
mod outlook;
mod packaged;
mod pages;
mod pending;
mod remove;
mod render;
mod requires;
mod restore;
mod saved;
mod services;
mod settle;
mod shared;
mod spot;
mod status;
mod templates;
mod uses;
mod wiring;
mod withdraw;

pub use add::{add, named_paths, paths_for_add};
pub use choices::{Choices, OnConflict, Policy};
pub use edits::edits;
pub use guard::{compared, uncommitted};
pub use lost::lost;
pub use new::{check_name, check_not_its_own_dependency, new};
pub use pages::pages;
pub use pending::{abort, check_none_pending, resume, suspend};
pub use remove::{paths_for_remove, remove};
pub use requires::depends_on_required;
pub use saved::{Digests, Request, Saved};
pub use status::{Status, status};

pub use templates::{follow, is_followed, steps_with_templates};

use crate::project::Tree;
use crate::project::pending::Conflict;

/// What one run does to a project. Invariant: at most one change a path, sorted by path, none
/// without effect.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The files that change.
    pub changes: Vec<Change>,
    /// What was looked at and left as it is.
    pub remarks: Vec<Remark>,
    /// Edits that are the user's to make.
    pub by_hand: Vec<ByHand>,
    /// What the user should know besides.
    pub warnings: Vec<String>,
    /// What to do next.
    pub steps: Vec<String>,
    /// Folders whose files a component brings, or takes with it.
    pub folders: Vec<String>,
    /// The places where the owner's edits and a new template stand side by side in a file.
    pub conflicts: Vec<Conflict>,
    /// What it comes from, where it can be asked for again later.
    pub request: Option<Request>,
}

/// One file that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Path relative to the project's root.
    pub path: String,
    /// The word of the report.
    pub verb: Verb,
    /// The bytes on disk; nothing for a new file.
    pub before: Option<Vec<u8>>,
    /// The bytes to write; nothing for a file to delete.
    pub after: Option<Vec<u8>>,
    /// What changes, a phrase each.
    pub details: Vec<String>,
    /// What is taken out of it, a phrase each.
    pub taken_out: Vec<String>,
}

/// What happens to a path, as the report says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// A new file.
    Create,
    /// Additions to a file of the user's, or a rendered file that she has not edited.
    Update,
    /// A rendered file in which her edits and new template text come together.
    Merge,
    /// The same, where both change the same lines.
    Conflict,
    /// A file that is deleted.
    Remove,
    /// Nothing to do.
    Same,
    /// Hers, left as it is.
    Keep,
    /// An edit for her hand.
    Manual,
}

impl Verb {
    /// The word of the report.
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Merge => "merge",
            Self::Conflict => "conflict",
            Self::Remove => "remove",
            Self::Same => "same",
            Self::Keep => "keep",
            Self::Manual => "manual",
        }
    }
}

/// A file that was looked at and left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Path relative to the project's root, with line and column where it is about a place.
    pub path: String,
    /// [`Verb::Same`] or [`Verb::Keep`].
    pub verb: Verb,
    /// Why; empty where the verb says it all.
    pub reason: String,
}

/// An edit that has no place where it is certain to be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    /// `path:line:column` as it is after the run, or a path alone when the file has no fitting
    /// line.
    pub place: String,
    /// Why rwx does not make it.
    pub reason: String,
    /// What to do with the snippet.
    pub what: String,
    /// The lines to put there.
    pub snippet: String,
}

impl Plan {
    /// True when no byte would change.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The paths that this plan changes.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.changes.iter().map(|change| change.path.as_str())
    }

    /// `tree` as it is once this plan is applied.
    pub fn applied(&self, tree: &Tree) -> Tree {
        let mut tree = tree.clone();
        for change in &self.changes {
            match &change.after {
                Some(bytes) => tree.put(change.path.clone(), bytes.clone()),
                None => tree.remove(&change.path),
            }
        }
        tree
    }

    /// This plan followed by `next`, which was made for the tree that this one leaves, as one plan.
    #[must_use]
    pub fn then(mut self, next: Self) -> Self {
        for change in next.changes {
            match self.changes.iter_mut().find(|earlier| earlier.path == change.path) {
                Some(earlier) => {
                    earlier.after = change.after;
                    earlier.details.extend(change.details);
                    earlier.taken_out.extend(change.taken_out);
                }
                None => self.changes.push(change),
            }
        }
        self.changes.retain(|change| change.before != change.after);
        self.changes.sort_by(|a, b| a.path.cmp(&b.path));
        let changed = |path: &str| self.changes.iter().any(|change| change.path == path);
        let remarks = self.remarks.into_iter().chain(next.remarks);
        self.remarks =
            remarks.filter(|remark| remark.verb == Verb::Keep || !changed(&remark.path)).collect();
        self.by_hand.extend(next.by_hand);
        let new = next.warnings.into_iter().filter(|warning| !self.warnings.contains(warning));
        self.warnings = self.warnings.iter().cloned().chain(new).collect();
        self.steps.extend(next.steps);
        self.folders.extend(next.folders);
        self.conflicts.extend(next.conflicts);
        self.request = self.request.or(next.request);
        self
    }
}
