//! How an installed component stands: what the owner has done to it, and what an update would do.

use std::collections::BTreeMap;

use super::files::{Copy, Known, is_edited};
use super::merge::YOURS;
use super::pending::markers_left;
use super::spot::Spot;
use super::withdraw::{malformed, parts, state_among, told};
use super::{Choices, Plan, Verb, add};
use crate::component::Component;
use crate::edit::{Part, State, together};
use crate::problem::{Excerpt, Problem};
use crate::project::pending::Pending;
use crate::project::record::{Addition, Kept};
use crate::project::tree::join;
use crate::project::{Project, Record};

/// An installed component as it stands in the project.
#[derive(Debug, Clone)]
pub struct Status {
    /// Its name.
    pub component: String,
    /// The rwx that last wrote it.
    pub rwx: String,
    /// The module's folder, relative to the project's root; nothing for a component without one.
    pub module: Option<String>,
    /// The route.
    pub route: Option<String>,
    /// The options with their values.
    pub options: BTreeMap<String, bool>,
    /// Rendered files that the owner has edited.
    pub edited: Vec<String>,
    /// Rendered files that she has deleted.
    pub deleted: Vec<String>,
    /// What she has changed of the additions to her files: place, and what.
    pub changed: Vec<(String, String)>,
    /// What she has taken out of her files: path, and what.
    pub taken_out: Vec<(String, String)>,
    /// Pristine copies that are not as rwx wrote them.
    pub altered_copies: Vec<String>,
    /// Pristine copies that are not there.
    pub lost_copies: Vec<String>,
    /// Where the conflicts are that are left of an update that waits, as `path:line`; nothing where
    /// none waits.
    pub waiting: Option<Vec<String>>,
    /// What an update would do: changes by verb, or why there can be none.
    pub update: Result<BTreeMap<Verb, usize>, String>,
}

/// How the component with the record called `name` stands in `project`. `component` is what an
/// update would bring, or why there is nothing to bring.
///
/// # Errors
/// A [`Problem`] when the record, or a file that holds an addition, does not parse.
pub fn status(
    project: &Project,
    name: &str,
    component: Result<&Component, String>,
) -> Result<Status, Problem> {
    let record = Record::read(&project.tree, &project.folder, name)?.unwrap_or_default();
    let waiting = waiting(project)?;
    let mut status = Status {
        component: name.to_owned(),
        rwx: record.rwx.clone(),
        module: folder(project, &record),
        route: record.route.clone(),
        options: record.options.clone(),
        edited: Vec::new(),
        deleted: Vec::new(),
        changed: Vec::new(),
        taken_out: Vec::new(),
        altered_copies: Vec::new(),
        lost_copies: Vec::new(),
        update: match waiting {
            Some(_) => Err("an update waits to be ended".to_owned()),
            None => update(project, component),
        },
        waiting,
    };
    // The record is of before: what differs from it now is the update's doing.
    if status.waiting.is_some() {
        return Ok(status);
    }
    for file in &record.files {
        let path = join(&project.folder, file);
        if !project.tree.contains(&path) {
            status.deleted.push(path);
        } else if is_edited(&project.tree, &project.folder, name, &record, file) {
            status.edited.push(path);
        }
        let base = Record::base_path(&project.folder, name, file);
        match Known::of(&record, file).look_at(file, project.tree.text(&base)?) {
            Copy::Sound => {}
            Copy::Altered => status.altered_copies.push(base),
            Copy::Gone => status.lost_copies.push(base),
        }
    }
    let mut by_file: BTreeMap<&str, Vec<&Addition>> = BTreeMap::new();
    for addition in &record.additions {
        by_file.entry(&addition.path).or_default().push(addition);
    }
    for additions in by_file.values() {
        look_at_all(&mut status, project, &record, additions)?;
    }
    Ok(status)
}

/// The places of the conflicts that are left of an update that waits.
fn waiting(project: &Project) -> Result<Option<Vec<String>>, Problem> {
    let Some(pending) = Pending::read(&project.tree, &project.folder)? else { return Ok(None) };
    let left = markers_left(project, &pending)?;
    let begins = |marker: &&Excerpt| marker.text[marker.at.clone()] == *YOURS;
    Ok(Some(left.iter().filter(begins).map(Excerpt::line).collect()))
}

/// The folder that holds all rendered files.
fn folder(project: &Project, record: &Record) -> Option<String> {
    record.module.as_ref()?;
    let folders = record.files.iter().filter_map(|file| Some(file.rsplit_once('/')?.0));
    folders.min_by_key(|folder| folder.len()).map(|folder| join(&project.folder, folder))
}

/// Looks at the additions to one file, by halves where not all of them stand as they were written.
fn look_at_all(
    status: &mut Status,
    project: &Project,
    record: &Record,
    additions: &[&Addition],
) -> Result<(), Problem> {
    let Some(first) = additions.first() else { return Ok(()) };
    let text = project.tree.text(&first.path)?.unwrap_or_default();
    if together(text, &parts(additions.iter().copied())).is_some() {
        return Ok(());
    }
    if let [only] = additions {
        return look_at(status, project, record, only);
    }
    let (first, rest) = additions.split_at(additions.len() / 2);
    look_at_all(status, project, record, first)?;
    look_at_all(status, project, record, rest)
}

fn look_at(
    status: &mut Status,
    project: &Project,
    record: &Record,
    addition: &Addition,
) -> Result<(), Problem> {
    let Addition { path, part, .. } = addition;
    // These are only there for others.
    if matches!(part, Part::Table { .. } | Part::Comment | Part::Section) {
        return Ok(());
    }
    let text = project.tree.text(path)?.unwrap_or_default();
    let is_whole = part.is_complete(text).map_err(|refusal| malformed(addition, text, refusal))?;
    let (list, place) = match state_among(addition, record.additions.iter(), text)? {
        State::Standing(_) if is_whole && addition.is_as_written() => return Ok(()),
        State::Standing(edit) if is_whole => {
            let at = edit.splices().first().map_or(0..0, |splice| splice.range.clone());
            (&mut status.changed, Spot::at(path, text, at).shown(&project.tree))
        }
        State::Standing(_) => (&mut status.taken_out, path.clone()),
        State::Changed(at) => (&mut status.changed, Spot::at(path, text, at).shown(&project.tree)),
        State::Gone => (&mut status.taken_out, path.clone()),
    };
    let row = (place, told(addition));
    if !list.contains(&row) {
        list.push(row);
    }
    Ok(())
}

fn update(
    project: &Project,
    component: Result<&Component, String>,
) -> Result<BTreeMap<Verb, usize>, String> {
    let plan: Plan =
        add(project, component?, &Choices::default()).map_err(|problem| problem.to_string())?;
    let mut counts = BTreeMap::new();
    for change in plan.changes.iter().filter(|change| !Kept::is_bookkeeping(&change.path)) {
        *counts.entry(change.verb).or_default() += 1;
    }
    Ok(counts)
}
