//! New files that git would leave out of a commit: a clone would lack them.

use std::collections::BTreeSet;
use std::iter;

use super::Plan;
use crate::project::Project;
use crate::project::record::Kept;

impl Plan {
    /// The new files that belong into a commit.
    pub fn created(&self) -> Vec<String> {
        let is_kept_aside =
            |path: &str| matches!(Kept::of(path), Some(Kept::Pending | Kept::Backup));
        let new = self
            .changes
            .iter()
            .filter(|change| change.before.is_none() && !is_kept_aside(&change.path));
        new.map(|change| change.path.clone()).collect()
    }

    /// Warns of those of the new files that git would hide, `ignored`.
    pub fn warn_of_hidden(&mut self, project: &Project, ignored: &BTreeSet<String>) {
        if ignored.is_empty() {
            return;
        }
        let groups = self.groups(project, ignored);
        let words: Vec<String> =
            groups.iter().map(|group| project.shown(group.trim_end_matches('/'))).collect();
        let groups = if groups == [""] { words.clone() } else { groups };
        self.warnings.push(format!(
            "git ignores {}: a clone of yours would lack what is there; add it all the same with \
            `git add --force {}`",
            groups.join(", "),
            words.join(" ")
        ));
    }

    /// `ignored`, with one folder for all files in it where it is new and nothing in it is seen;
    /// the project's own is `""`.
    fn groups(&self, project: &Project, ignored: &BTreeSet<String>) -> Vec<String> {
        let created = self.created();
        let is_new = |path: &str| created.iter().any(|created| created == path);
        let is_hidden = |folder: &str| {
            let mut new = created.iter().filter(|path| path.starts_with(folder));
            let mut old =
                project.tree.iter().map(|(path, _)| path).filter(|path| path.starts_with(folder));
            new.all(|path| ignored.contains(path)) && old.all(is_new)
        };
        let group = |path: &String| {
            let folders = path.match_indices('/').map(|(at, _)| &path[..=at]);
            iter::once("")
                .chain(folders)
                .find(|folder| is_hidden(folder))
                .unwrap_or(path)
                .to_owned()
        };
        ignored.iter().map(group).collect::<BTreeSet<String>>().into_iter().collect()
    }
}
