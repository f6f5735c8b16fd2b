//! What earlier runs added to the user's files, and what this run makes of it.

use super::draft::Draft;
use super::withdraw::{heads, withdraw};
use crate::edit::Part;
use crate::problem::Problem;
use crate::project::record::Addition;
use crate::project::{Project, Used};

/// The additions of earlier runs, as far as they are known to be still wanted.
#[derive(Debug, Clone, Default)]
pub(super) struct Earlier {
    additions: Vec<(Addition, Fate)>,
    /// True when what the user took out is put back.
    pub(super) restore: bool,
}

/// What this run makes of an addition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nothing has asked for it yet.
    Unclaimed,
    /// It stays recorded.
    Kept,
    /// It is recorded no longer.
    Dropped,
}

impl Earlier {
    /// The additions of a record.
    pub(super) fn new(additions: Vec<Addition>, restore: bool) -> Self {
        Self {
            additions: additions.into_iter().map(|addition| (addition, Fate::Unclaimed)).collect(),
            restore,
        }
    }

    /// Those that stay recorded.
    pub(super) fn kept(&self) -> impl Iterator<Item = &Addition> {
        self.additions
            .iter()
            .filter(|(_, fate)| *fate != Fate::Dropped)
            .map(|(addition, _)| addition)
    }

    /// What wires the module into the user's source.
    pub(super) fn wiring(&self) -> Vec<Addition> {
        self.kept().filter(is_wiring).cloned().collect()
    }

    /// Forgets `additions`: they are there no more.
    pub(super) fn forget(&mut self, additions: &[Addition]) {
        self.claim(&|addition| additions.contains(addition), Fate::Dropped);
    }

    /// Forgets the frame `part` of the file at `path`, which is made anew.
    pub(super) fn forget_frame(&mut self, path: &str, part: &Part) {
        let is_it = |addition: &Addition| addition.path == path && addition.part == *part;
        if matches!(part, Part::Table { .. } | Part::Comment) {
            self.claim(&is_it, Fate::Dropped);
        }
    }

    /// Notes that `additions` are what `request` asks for.
    pub(super) fn ask(&mut self, additions: &[Addition], request: &Option<String>) {
        for (own, _) in self.additions.iter_mut().filter(|(own, _)| additions.contains(own)) {
            own.request.clone_from(request);
        }
    }

    /// What was used of `part` of the file at `path` before it was first added; `today` tells it
    /// for what is added now.
    pub(super) fn used(
        &self,
        path: &str,
        part: &Part,
        today: &dyn Fn(&Part) -> Option<Used>,
    ) -> Option<Used> {
        let same = self
            .additions
            .iter()
            .map(|(own, _)| own)
            .filter(|own| own.path == path && own.part.is_same(part));
        let same: Vec<&Addition> = same.collect();
        if same.is_empty() {
            return today(part);
        }
        let mut new = part.clone();
        let mut used = Used::default();
        for own in same {
            let then = own.used.clone()?;
            used.names.extend(then.names);
            used.tests.extend(then.tests);
            new = new.without(&own.part);
        }
        let more = today(&new).unwrap_or_default();
        if matches!(new, Part::Features { .. }) {
            used.names.extend(more.names);
            used.tests.extend(more.tests);
        }
        Some(used)
    }

    /// True when the file at `path` was made for `part`.
    pub(super) fn has_created(&self, path: &str, part: &Part) -> bool {
        self.additions
            .iter()
            .any(|(own, _)| own.path == path && own.part.is_same(part) && own.created)
    }

    /// Forgets of `addition`, a piece of which the user has taken out of `text`, what does not
    /// stand there any more.
    pub(super) fn reduce(&mut self, addition: &Addition, text: &str) {
        for (own, fate) in self.additions.iter_mut().filter(|(own, _)| own == addition) {
            match own.part.rest(text) {
                Some(rest) => own.part = rest,
                None => *fate = Fate::Dropped,
            }
        }
    }

    pub(super) fn claim(&mut self, is_meant: &dyn Fn(&Addition) -> bool, fate: Fate) {
        for (_, own) in self.additions.iter_mut().filter(|(addition, _)| is_meant(addition)) {
            if *own == Fate::Unclaimed || fate == Fate::Dropped {
                *own = fate;
            }
        }
    }
}

/// True for what wires the module into the user's source.
pub(super) fn is_wiring(addition: &&Addition) -> bool {
    matches!(addition.part, Part::Field { .. } | Part::Statement)
}

/// Takes out of the user's files what earlier runs added and nothing has asked for in this one.
///
/// # Errors
/// When a file that holds an addition does not parse.
pub(super) fn withdraw_unclaimed(draft: &mut Draft<'_>, project: &Project) -> Result<(), Problem> {
    let all = draft.earlier.additions.clone();
    let is_wanted = |other: &Addition| {
        other.path.ends_with(".rs")
            || all.iter().any(|(addition, fate)| {
                *fate != Fate::Unclaimed
                    && addition.path == other.path
                    && heads(&other.part, &addition.part)
            })
    };
    let unclaimed =
        all.iter().filter(|(addition, fate)| *fate == Fate::Unclaimed && !is_wanted(addition));
    let unclaimed: Vec<&Addition> = unclaimed.map(|(addition, _)| addition).collect();
    let gone = withdraw(draft, project, &unclaimed, &[])?;
    draft.earlier.forget(&gone);
    Ok(())
}
