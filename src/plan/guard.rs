//! Which of the files that a run would change hold edits of the owner's that are not committed:
//! what rwx itself wrote there since is not hers to lose.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::files::{is_edited, is_text, same_lines};
use super::merge::{Base, RWX, merge};
use super::withdraw::parts;
use super::{OnConflict, Plan};
use crate::edit::{State, together};
use crate::project::record::{Addition, FOLDER, Kept, RECORD, pristine_templates};
use crate::project::tree::join;
use crate::project::{Ejected, Project, Record, Tree};

/// The files that `plan` changes and of which more has to be known, with what tells what rwx wrote
/// in them: records and pristine copies. Nothing where the plan touches nothing of the owner's.
pub fn compared(project: &Project, plan: &Plan) -> Vec<String> {
    let disk = disk(project, plan);
    let touched = touched(project, plan, &disk);
    if touched.is_empty() {
        return touched;
    }
    let copies = touched.iter().flat_map(|path| copies(&disk, &project.folder, path));
    let names = components(project, plan, &disk)
        .into_iter()
        .map(|name| Record::path(&project.folder, &name));
    copies.chain(names).chain(touched.iter().cloned()).collect()
}

/// Those of the files that `plan` changes whose text is neither as it is `committed` nor what rwx
/// has made of that.
pub fn uncommitted(
    project: &Project,
    plan: &Plan,
    committed: &BTreeMap<String, Vec<u8>>,
) -> Vec<String> {
    let disk = disk(project, plan);
    let mut head = Tree::default();
    committed.iter().for_each(|(path, bytes)| head.put(path.clone(), bytes.clone()));
    let names = components(project, plan, &disk);
    let states = States { folder: &project.folder, disk: &disk, head: &head, names: &names };
    let mut touched = touched(project, plan, &disk);
    touched.retain(|path| states.is_hers(path));
    touched
}

/// The files as they are before `plan` is carried out.
fn disk(project: &Project, plan: &Plan) -> Tree {
    let mut disk = project.tree.clone();
    for change in &plan.changes {
        match &change.before {
            Some(before) => disk.put(change.path.clone(), before.clone()),
            None => disk.remove(&change.path),
        }
    }
    disk
}

/// The files that the plan changes and that the owner may have edited: neither the record nor a
/// rendered file that is as rwx wrote it.
fn touched(project: &Project, plan: &Plan, disk: &Tree) -> Vec<String> {
    let there = plan
        .changes
        .iter()
        .filter(|change| change.before.is_some() && !Kept::is_bookkeeping(&change.path));
    let records: Vec<(String, Record)> = components(project, plan, disk)
        .into_iter()
        .filter_map(|name| Record::read(disk, &project.folder, &name).ok()?.map(|it| (name, it)))
        .collect();
    let is_rendered = |path: &String| {
        let mut records = records.iter();
        records.any(|(name, record)| is_as_rendered(disk, &project.folder, name, record, path))
    };
    let is_template = |path: &String| is_as_ejected(disk, &project.folder, path);
    there
        .map(|change| change.path.clone())
        .filter(|path| !is_rendered(path) && !is_template(path))
        .collect()
}

/// True when the file at `path` is a template as rwx put it there.
fn is_as_ejected(disk: &Tree, folder: &str, path: &str) -> bool {
    let Some((component, file)) = template(folder, path) else { return false };
    let ejected = Ejected::read(disk, folder, component).ok().flatten().unwrap_or_default();
    match (ejected.digests.get(file), disk.text(path)) {
        (Some(digests), Ok(Some(text))) => is_text(digests, text),
        _ => is_same(disk, path, disk, &join(&pristine_templates(folder, component), file)),
    }
}

/// True when the file at `path` is as `component` rendered it, of which this is the `record`.
fn is_as_rendered(disk: &Tree, folder: &str, component: &str, record: &Record, path: &str) -> bool {
    let mut files = record.files.iter();
    files
        .any(|file| join(folder, file) == path && !is_edited(disk, folder, component, record, file))
}

fn is_same(tree: &Tree, path: &str, other_tree: &Tree, other: &str) -> bool {
    tree.bytes(path).zip(other_tree.bytes(other)).is_some_and(|(one, other)| same_lines(one, other))
}

/// The pristine copies of the file at `path`, which rwx has rendered or copied.
fn copies(disk: &Tree, folder: &str, path: &str) -> Vec<String> {
    let own = format!("{}/", join(folder, FOLDER));
    let end = format!("/base/{}", below(folder, path));
    let rendered = disk
        .iter()
        .map(|(copy, _)| copy)
        .filter(|copy| copy.starts_with(&own) && copy.ends_with(&end));
    let template =
        template(folder, path).map(|(name, file)| join(&pristine_templates(folder, name), file));
    let template = template.filter(|copy| disk.contains(copy));
    rendered.map(str::to_owned).chain(template).collect()
}

/// The component and the name of the template at `path`.
fn template<'p>(folder: &str, path: &'p str) -> Option<(&'p str, &'p str)> {
    below(folder, path).strip_prefix(FOLDER)?.strip_prefix("/templates/")?.split_once('/')
}

/// `path` relative to the package's folder.
fn below<'p>(folder: &str, path: &'p str) -> &'p str {
    path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/')
}

/// The names of the components whose record is there, or is made by the plan.
fn components(project: &Project, plan: &Plan, disk: &Tree) -> BTreeSet<String> {
    let mut names = Record::installed(disk, &project.folder);
    let top = format!("{}/", join(&project.folder, FOLDER));
    let made =
        plan.changes.iter().filter_map(|change| change.path.strip_prefix(&top)?.split_once('/'));
    names.extend(made.filter(|(_, file)| *file == RECORD).map(|(name, _)| name.to_owned()));
    names
}

/// The files now and at the last commit.
struct States<'a> {
    folder: &'a str,
    disk: &'a Tree,
    head: &'a Tree,
    names: &'a BTreeSet<String>,
}

impl States<'_> {
    /// True when the file at `path` differs from the committed one by more than rwx has done to it.
    fn is_hers(&self, path: &str) -> bool {
        if !self.head.contains(path) || is_same(self.disk, path, self.head, path) {
            return false;
        }
        let (Ok(Some(now)), Ok(Some(before))) = (self.disk.text(path), self.head.text(path)) else {
            return true;
        };
        !self.is_merged(path, now, before) && !self.has_additions_only(path, now, before)
    }

    /// True when `now` is what an update has made of `before`, a rendered file.
    fn is_merged(&self, path: &str, now: &str, before: &str) -> bool {
        copies(self.disk, self.folder, path).iter().any(|copy| {
            let (Ok(Some(old)), Ok(Some(new))) = (self.head.text(copy), self.disk.text(copy))
            else {
                return false;
            };
            let base = Base { text: Cow::Borrowed(old), is_sure: true };
            let merged = merge(&base, before, (new, RWX), OnConflict::Merge);
            merged.conflicts.is_empty() && same_lines(merged.text.as_bytes(), now.as_bytes())
        })
    }

    /// True when `now` and `before` are the same without what the records say that rwx has added.
    fn has_additions_only(&self, path: &str, now: &str, before: &str) -> bool {
        let own = self.additions(self.disk, path);
        let Some(committed) = self.committed_additions(path) else {
            return is_same_without(now, &own, before, &own);
        };
        let (kept, gone): (Vec<&Addition>, Vec<&Addition>) =
            committed.iter().partition(|one| own.contains(one));
        let is_left = |one: &&Addition| is_standing(one, now) == is_standing(one, before);
        // What a removal could not take away still stands.
        let now_own: Vec<Addition> = own.iter().chain(gone.iter().copied()).cloned().collect();
        kept.iter().all(is_left) && is_same_without(now, &now_own, before, &committed)
    }

    /// What the records in `tree` have added to the file at `path`.
    fn additions(&self, tree: &Tree, path: &str) -> Vec<Addition> {
        let record = |name: &String| Record::read(tree, self.folder, name).ok().flatten();
        let all = self.names.iter().filter_map(record).flat_map(|record| record.additions);
        all.filter(|addition| addition.path == path).collect()
    }

    /// The same of the committed records, where there are any.
    fn committed_additions(&self, path: &str) -> Option<Vec<Addition>> {
        let mut records = self.names.iter().map(|name| Record::path(self.folder, name));
        records.any(|record| self.head.contains(&record)).then(|| self.additions(self.head, path))
    }
}

fn is_same_without(one: &str, own: &[Addition], other: &str, others: &[Addition]) -> bool {
    same_lines(without(one, own).as_bytes(), without(other, others).as_bytes())
}

/// `text` without those of `additions` that stand in it.
fn without(text: &str, additions: &[Addition]) -> String {
    match additions {
        [] => return text.to_owned(),
        [only] => {
            return match only.part.state(text, &only.traces) {
                Ok(State::Standing(edit)) => edit.apply(text),
                _ => text.to_owned(),
            };
        }
        _ => {}
    }
    if let Some(edit) = together(text, &parts(additions)) {
        return edit.apply(text);
    }
    let (first, rest) = additions.split_at(additions.len() / 2);
    without(&without(text, rest), first)
}

fn is_standing(addition: &Addition, text: &str) -> bool {
    matches!(addition.part.state(text, &addition.traces), Ok(State::Standing(_)))
}
