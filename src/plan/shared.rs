//! What several components use: when one of them goes, it becomes another one's.

use super::draft::Draft;
use super::spot::Spot;
use super::withdraw::{heads, told};
use super::{Choices, Verb, add};
use crate::component::Component;
use crate::problem::Problem;
use crate::project::record::Addition;
use crate::project::{Project, Record};

/// Additions of a component that goes, and who gets them.
pub(super) struct Heir<'a> {
    component: &'a str,
    record: Record,
    additions: Vec<Addition>,
}

impl<'a> Heir<'a> {
    /// What `component` gets of `additions`: what an update would add again in `after`, the project
    /// without them. Nothing where it cannot be told.
    pub(super) fn of(
        component: &'a Component,
        additions: &[Addition],
        after: &Project,
    ) -> Option<Self> {
        let name = &component.spec.name;
        let read = |tree| Record::read(tree, &after.folder, name).ok().flatten();
        let record = read(&after.tree)?;
        let update = add(after, component, &Choices::default()).ok()?;
        let mut missing = read(&update.applied(&after.tree))?.additions;
        missing.retain(|addition| !record.additions.contains(addition));
        let is_missing = |one: &Addition| {
            missing.iter().any(|other| one.path == other.path && one.part.is_same(&other.part))
        };
        let wanted: Vec<&Addition> =
            additions.iter().filter(|one| !one.path.ends_with(".rs") && is_missing(one)).collect();
        let is_frame = |one: &Addition| {
            wanted.iter().any(|other| one.path == other.path && heads(&one.part, &other.part))
        };
        let inherited = additions.iter().filter(|one| wanted.contains(one) || is_frame(one));
        let additions: Vec<Addition> = inherited.cloned().collect();
        (!additions.is_empty()).then_some(Self { component: name, record, additions })
    }

    /// True when it gets `addition`.
    pub(super) fn gets(&self, addition: &Addition) -> bool {
        self.additions.contains(addition)
    }

    /// Puts the additions into its record.
    ///
    /// # Errors
    /// As [`Record::text`].
    pub(super) fn inherit(mut self, draft: &mut Draft<'_>, folder: &str) -> Result<(), Problem> {
        for addition in &self.additions {
            let reason = format!("{}: used by {}", told(addition), self.component);
            draft.remark(Spot::File(addition.path.clone()), Verb::Keep, reason);
        }
        self.record.additions.extend(self.additions);
        draft.put(&Record::path(folder, self.component), self.record.text()?, None);
        Ok(())
    }
}
