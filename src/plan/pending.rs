//! An update with conflicts: held back, then ended or taken back.

use std::ops::Range;

use super::draft::Draft;
use super::merge::{BETWEEN, TEMPLATE, YOURS};
use super::{Change, Plan, Verb};
use crate::problem::{CONFLICTS, Excerpt, Problem, REFUSED};
use crate::project::Project;
use crate::project::pending::{Conflict, Held, Pending, Version};
use crate::project::record::Kept;

/// How many places an error names.
const NAMED: usize = 10;

/// Refuses where an update waits for its owner.
///
/// # Errors
/// A [`Problem`] with the way out.
pub fn check_none_pending(project: &Project) -> Result<(), Problem> {
    let Some(pending) = Pending::read(&project.tree, &project.folder)? else { return Ok(()) };
    let files = named(pending.conflicts.iter().map(|conflict| conflict.path.clone()).collect());
    let problem = Problem::new(format!("an update waits for you to resolve the conflicts in {files}"));
    Err(Problem { code: REFUSED, ..problem }
        .help("resolve them and run `rwx infra update --continue`, or take the update back with `--abort`"))
}

/// The update that waits in `project`.
///
/// # Errors
/// A [`Problem`] when there is none.
pub fn pending(project: &Project) -> Result<Pending, Problem> {
    Pending::read(&project.tree, &project.folder)?.ok_or_else(|| {
        Problem::new("no update waits to be ended or taken back")
            .help("`rwx infra update` brings the installed components up to date")
    })
}

/// `plan` with its changes to the record held back, when it leaves conflicts: they and the bytes before go to a folder of
/// their own until the owner ends the update or takes it back.
///
/// # Errors
/// When the state of the update cannot be written.
pub fn suspend(project: &Project, mut plan: Plan) -> Result<Plan, Problem> {
    if plan.conflicts.is_empty() {
        return Ok(plan);
    }
    let folder = &project.folder;
    let (held_back, written): (Vec<Change>, Vec<Change>) =
        plan.changes.into_iter().partition(|change| Kept::is_bookkeeping(&change.path));
    let pending = Pending {
        rwx: env!("CARGO_PKG_VERSION").to_owned(),
        written: written.iter().map(held).collect(),
        record: held_back.iter().map(held).collect(),
        conflicts: plan.conflicts.clone(),
    };
    let copy = |which, change: &Change, bytes: &Option<Vec<u8>>| {
        Some(created(Pending::copy_path(folder, which, &change.path), bytes.clone()?))
    };
    let befores: Vec<Change> =
        written.iter().filter_map(|change| copy(Version::Before, change, &change.before)).collect();
    let afters = written.iter().chain(&held_back);
    let afters: Vec<Change> = afters.filter_map(|change| copy(Version::After, change, &change.after)).collect();
    plan.changes = [written, befores, afters].concat();
    plan.changes.push(created(Pending::path(folder), pending.text()?.into_bytes()));
    plan.changes.sort_by(|a, b| a.path.cmp(&b.path));
    let is_template = |conflict: &Conflict| Kept::of(&conflict.path) == Some(Kept::Template);
    let render = if plan.conflicts.iter().any(is_template) { ", then render the templates" } else { "" };
    let again = if render.is_empty() { "" } else { "\n    rwx infra update" };
    plan.steps = vec![
        format!("resolve each conflict: the lines from `{YOURS}` to `{TEMPLATE}…`"),
        format!("end the update{render}\n    rwx infra update --continue{again}"),
        "or put every file back as it was before\n    rwx infra update --abort".to_owned(),
    ];
    Ok(plan)
}

fn held(change: &Change) -> Held {
    Held { path: change.path.clone(), before: change.before.is_some(), after: change.after.is_some() }
}

fn created(path: String, bytes: Vec<u8>) -> Change {
    Change { path, verb: Verb::Create, before: None, after: Some(bytes), details: Vec::new() }
}

/// Ends the update that waits: the record advances. The project must have loaded the files that were written.
///
/// # Errors
/// A [`Problem`] that names the conflict markers that are left, or says that no update waits.
pub fn resume(project: &Project) -> Result<Plan, Problem> {
    let pending = pending(project)?;
    check_resolved(project, &pending)?;
    let mut draft = Draft::new(&project.tree);
    for file in &pending.record {
        match copy(project, Version::After, &file.path).filter(|_| file.after) {
            Some(bytes) => draft.put(&file.path, bytes, None),
            None => draft.remove(&file.path),
        }
    }
    forget(&mut draft, project);
    Ok(draft.finish(Vec::new()))
}

/// Takes the update that waits back: every file becomes what it was before. What the owner has edited since is kept aside.
/// The project must have loaded the files that were written.
///
/// # Errors
/// When no update waits.
pub fn abort(project: &Project) -> Result<Plan, Problem> {
    let pending = pending(project)?;
    let mut draft = Draft::new(&project.tree);
    for file in &pending.written {
        let now = project.tree.bytes(&file.path).map(<[u8]>::to_vec);
        let written = copy(project, Version::After, &file.path).filter(|_| file.after);
        let before = copy(project, Version::Before, &file.path).filter(|_| file.before);
        if let Some(edited) = now.as_ref().filter(|_| now != written && now != before) {
            let backup = draft.back_up(&project.folder, &file.path, edited);
            draft.note(&file.path, &format!("what you edited since is now {backup}"));
        }
        match before {
            Some(bytes) => draft.put(&file.path, bytes, None),
            None => draft.remove(&file.path),
        }
    }
    forget(&mut draft, project);
    Ok(draft.finish(Vec::new()))
}

fn copy(project: &Project, which: Version, path: &str) -> Option<Vec<u8>> {
    project.tree.bytes(&Pending::copy_path(&project.folder, which, path)).map(<[u8]>::to_vec)
}

/// Takes the state of the update away.
fn forget(draft: &mut Draft<'_>, project: &Project) {
    let folder = format!("{}/", Pending::folder(&project.folder));
    let state = project.tree.iter().map(|(path, _)| path).filter(|path| path.starts_with(&folder));
    state.for_each(|path| draft.remove(path));
}

fn check_resolved(project: &Project, pending: &Pending) -> Result<(), Problem> {
    let mut left = Vec::new();
    for conflict in &pending.conflicts {
        let text = project.tree.text(&conflict.path)?.unwrap_or_default();
        let places = markers(project, conflict, text).into_iter();
        left.extend(places.map(|at| Excerpt { path: conflict.path.clone(), text: text.to_owned(), at }));
    }
    let Some(first) = left.first().cloned() else { return Ok(()) };
    let places: Vec<String> = left.iter().map(Excerpt::line).collect();
    let problem = Problem::new(format!("conflict markers are left: {}", named(places)));
    Err(Problem { code: CONFLICTS, excerpt: Some(Box::new(first)), ..problem }
        .help("resolve them and run `rwx infra update --continue` again, or take the update back with `--abort`"))
}

/// The bytes of the lines of `text` that are conflict markers. A line that looks like one and was there before the update, or
/// came with the template, is none.
fn markers(project: &Project, conflict: &Conflict, text: &str) -> Vec<Range<usize>> {
    let before = copy(project, Version::Before, &conflict.path).unwrap_or_default();
    let before = String::from_utf8_lossy(&before);
    let written = copy(project, Version::After, &conflict.path).unwrap_or_default();
    let between = String::from_utf8_lossy(&written).lines().filter(|line| *line == BETWEEN).count();
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let plain = line.trim_end_matches(['\r', '\n']);
        let is_between = plain == BETWEEN && between == conflict.lines.len();
        let is_marker = plain.starts_with(YOURS) || plain.starts_with(TEMPLATE) || is_between;
        if is_marker && before.lines().all(|line| line != plain) {
            found.push(at..at + plain.len());
        }
        at += line.len();
    }
    found
}

/// `names` in words, the first few of many.
fn named(mut names: Vec<String>) -> String {
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let names = names.join(", ");
    if more == 0 { names } else { format!("{names} and {more} more") }
}
