//! What other packages of the workspace claim of the files that several share: it stays until the
//! last of them lets it go.

use super::draft::Draft;
use super::withdraw::heads;
use crate::edit::Part;
use crate::problem::Problem;
use crate::project::record::Addition;
use crate::project::tree::parent;
use crate::project::{Project, Record};

/// The claims of the other packages.
#[derive(Debug, Clone, Default)]
pub(super) struct Claims {
    /// The component at hand.
    component: String,
    all: Vec<Claim>,
}

/// What one component in another package has been given.
#[derive(Debug, Clone)]
struct Claim {
    /// The package.
    package: String,
    component: String,
    /// The path of its record.
    path: String,
    record: Record,
    /// True when the record is no longer as it is on disk.
    is_changed: bool,
}

impl Claims {
    /// Reads the records of the packages beside `project`, for a plan of `component`.
    ///
    /// # Errors
    /// A [`Problem`] when one does not parse.
    pub(super) fn read(project: &Project, component: &str) -> Result<Self, Problem> {
        let mut all = Vec::new();
        for neighbour in &project.neighbours {
            for component in Record::installed(&project.tree, &neighbour.folder) {
                let Some(record) = Record::read(&project.tree, &neighbour.folder, &component)?
                else {
                    continue;
                };
                let path = Record::path(&neighbour.folder, &component);
                all.push(Claim {
                    package: neighbour.name.clone(),
                    component,
                    path,
                    record,
                    is_changed: false,
                });
            }
        }
        Ok(Self { component: component.to_owned(), all })
    }

    /// The additions to the file at `path` that are `meant` and that another package has claimed,
    /// with what heads them there; and the package.
    pub(super) fn of(
        &self,
        path: &str,
        meant: &dyn Fn(&Part) -> bool,
    ) -> Option<(Vec<Addition>, &str)> {
        for claim in &self.all {
            let here = || claim.record.additions.iter().filter(|addition| addition.path == path);
            let own: Vec<&Addition> = here()
                .filter(|addition| is_shared(&addition.part) && meant(&addition.part))
                .collect();
            if own.iter().any(|addition| !is_frame(&addition.part)) {
                let heads_one =
                    |frame: &Addition| own.iter().any(|one| heads(&frame.part, &one.part));
                let all = here().filter(|addition| own.contains(addition) || heads_one(addition));
                return Some((all.cloned().collect(), &claim.package));
            }
        }
        None
    }

    /// The package beside this one that has `addition` too, or may have it: one whose record is
    /// older than claims gets it.
    pub(super) fn claimant(&mut self, addition: &Addition) -> Option<String> {
        let has = |claim: &&mut Claim| {
            claim.record.additions.iter().any(|other| is_same(other, addition))
        };
        if let Some(claim) = self.all.iter_mut().find(has) {
            return Some(claim.package.clone());
        }
        let own = self.component.as_str();
        let claim =
            self.all.iter_mut().find(|claim| claim.component == own && claim.may_use(addition))?;
        claim.record.additions.push(addition.clone());
        claim.is_changed = true;
        Some(claim.package.clone())
    }

    /// Brings the claims up to `new`, what this run has made of the additions `old`, and writes the
    /// records that change.
    ///
    /// # Errors
    /// As [`Record::text`].
    pub(super) fn follow(
        mut self,
        draft: &mut Draft<'_>,
        old: &[Addition],
        new: &[Addition],
    ) -> Result<(), Problem> {
        let renewed: Vec<&Addition> = new
            .iter()
            .filter(|new| old.iter().any(|old| is_same(old, new) && old != *new))
            .collect();
        for claim in &mut self.all {
            for addition in &mut claim.record.additions {
                if let Some(renewed) = renewed.iter().find(|renewed| is_same(renewed, addition)) {
                    *addition = (*renewed).clone();
                    claim.is_changed = true;
                }
            }
        }
        for claim in self.all.iter().filter(|claim| claim.is_changed) {
            draft.put(&claim.path, claim.record.text()?, None);
        }
        Ok(())
    }
}

impl Claim {
    /// True for the record of an rwx that did not claim what it found, if the package shares the
    /// file.
    fn may_use(&self, addition: &Addition) -> bool {
        let given = [&self.record.compose, &self.record.env_file];
        let is_in_reach =
            parent(&addition.path).is_empty() || given.contains(&&Some(addition.path.clone()));
        let has_claims = self.record.additions.iter().any(|other| is_shared(&other.part));
        is_shared(&addition.part) && is_in_reach && !has_claims
    }
}

/// True for a part of a file that several packages may share.
fn is_shared(part: &Part) -> bool {
    matches!(part, Part::Service { .. } | Part::Volumes { .. } | Part::Variable { .. })
        || is_frame(part)
}

/// True for what is only there for others.
pub(super) fn is_frame(part: &Part) -> bool {
    matches!(part, Part::Section | Part::Comment)
}

fn is_same(one: &Addition, other: &Addition) -> bool {
    is_shared(&one.part) && one.path == other.path && one.part == other.part
}
