//! An update with conflicts: held back, then ended or taken back.

use std::ops::Range;

use super::commands::Commands;
use super::draft::Draft;
use super::merge::{BETWEEN, YOURS, is_marker};
use super::spot::named;
use super::{Change, Plan};
use crate::problem::{CONFLICTS, Excerpt, Problem, REFUSED};
use crate::project::Project;
use crate::project::pending::{Conflict, Held, Pending, Version};
use crate::project::record::Kept;

/// Refuses where an update waits for its owner.
///
/// # Errors
/// A [`Problem`] with the way out.
pub fn check_none_pending(project: &Project) -> Result<(), Problem> {
    let Some(pending) = Pending::read(&project.tree, &project.folder)? else { return Ok(()) };
    let files = named(pending.conflicts.iter().map(|conflict| conflict.path.clone()).collect());
    let problem =
        Problem::new(format!("an update waits for you to resolve the conflicts in {files}"));
    Err(Problem { code: REFUSED, ..problem }.help(format!(
        "resolve them and run `{}`, or take the update back with `--abort`",
        proceed(project)
    )))
}

/// The update that waits in `project`.
///
/// # Errors
/// A [`Problem`] when there is none.
fn pending(project: &Project) -> Result<Pending, Problem> {
    Pending::read(&project.tree, &project.folder)?.ok_or_else(|| {
        Problem::new("no update waits to be ended or taken back").help(format!(
            "`{}` brings the installed components up to date",
            Commands::new(project).rwx("infra update")
        ))
    })
}

/// `plan` with its changes to the record held back, when it leaves conflicts: they and the bytes
/// before go to a folder of their own until the owner ends the update or takes it back.
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
    let mut draft = Draft::new(&project.tree);
    // What is there is of an update whose state is gone.
    forget(&mut draft, project);
    draft.put(&Pending::path(folder), pending.text()?, None);
    draft.put(&Pending::ignore_path(folder), "*\n", None);
    copies(folder, &written, &held_back)
        .into_iter()
        .for_each(|(path, bytes)| draft.put(&path, bytes.as_slice(), None));
    plan.changes = [written, draft.finish(Vec::new()).changes].concat();
    plan.changes.sort_by(|a, b| a.path.cmp(&b.path));
    let is_template = |conflict: &Conflict| Kept::of(&conflict.path) == Some(Kept::Template);
    let render =
        if plan.conflicts.iter().any(is_template) { ", then render the templates" } else { "" };
    let commands = Commands::new(project);
    let again = if render.is_empty() {
        String::new()
    } else {
        format!("\n    {}", commands.rwx("infra update"))
    };
    plan.steps = vec![
        format!(
            "resolve each conflict, from `{YOURS}` to `>>>>>>>`: first your lines; below `|||||||`, \
             where it is known, what the older template had there; below `=======`, what this one has"
        ),
        format!("end the update{render}\n    {}{again}", proceed(project)),
        format!(
            "or put every file back as it was before\n    {}",
            commands.rwx("infra update --abort")
        ),
    ];
    Ok(plan)
}

/// The command that ends an update which waits.
fn proceed(project: &Project) -> String {
    Commands::new(project).rwx("infra update --continue")
}

fn held(change: &Change) -> Held {
    Held {
        path: change.path.clone(),
        before: change.before.is_some(),
        after: change.after.is_some(),
    }
}

/// The copies that an update holds: of what it has `written` both versions, of what is `held_back`
/// the later one.
fn copies<'c>(
    folder: &str,
    written: &'c [Change],
    held_back: &'c [Change],
) -> Vec<(String, &'c Vec<u8>)> {
    let befores = written.iter().map(|change| (Version::Before, change, &change.before));
    let afters =
        written.iter().chain(held_back).map(|change| (Version::After, change, &change.after));
    let copy = |(which, change, bytes): (Version, &Change, &'c Option<Vec<u8>>)| {
        Some((Pending::copy_path(folder, which, &change.path), bytes.as_ref()?))
    };
    befores.chain(afters).filter_map(copy).collect()
}

/// Ends the update that waits: the record advances. The project must have loaded the files that
/// were written.
///
/// # Errors
/// A [`Problem`] that names the conflict markers that are left, or says that no update waits, or
/// that its copies are gone.
pub fn resume(project: &Project) -> Result<Plan, Problem> {
    let pending = pending(project)?;
    check_resolved(project, &pending)?;
    let mut draft = Draft::new(&project.tree);
    for file in &pending.record {
        match held_copy(project, Version::After, file)? {
            Some(bytes) => draft.put(&file.path, bytes, None),
            None => draft.remove(&file.path),
        }
    }
    forget(&mut draft, project);
    let commands = Commands::new(project);
    let [check, test] = ["check", "test"].map(|what| commands.cargo(what));
    Ok(draft.finish(vec![format!("check what was merged\n    {check} && {test}")]))
}

/// Takes the update that waits back: every file becomes what it was before. What the owner has
/// edited since is kept aside. The project must have loaded the files that were written.
///
/// # Errors
/// When no update waits, or a copy that it held is gone.
pub fn abort(project: &Project) -> Result<Plan, Problem> {
    let pending = pending(project)?;
    let mut draft = Draft::new(&project.tree);
    for file in &pending.written {
        let now = project.tree.bytes(&file.path).map(<[u8]>::to_vec);
        let written = copy(project, Version::After, &file.path).filter(|_| file.after);
        let before = held_copy(project, Version::Before, file)?;
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

/// The version of `file` that the update held; nothing where there was to be no such file.
///
/// # Errors
/// A [`Problem`] when the copy is gone.
fn held_copy(project: &Project, which: Version, file: &Held) -> Result<Option<Vec<u8>>, Problem> {
    let is_held = if which == Version::Before { file.before } else { file.after };
    let held = copy(project, which, &file.path).filter(|_| is_held);
    if is_held && held.is_none() {
        let folder = Pending::folder(&project.folder);
        return Err(Problem::new(format!(
            "the copy of {} that the update kept in {folder} is gone",
            file.path
        ))
        .help(format!(
            "put it back from version control; or keep every file as it is: remove {folder} \
                and run `{}`",
            Commands::new(project).rwx("infra update")
        )));
    }
    Ok(held)
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

/// The conflict markers that are left of the update that waits. The project must have loaded the
/// files that were written.
///
/// # Errors
/// When a file is not UTF-8.
pub(super) fn markers_left(project: &Project, pending: &Pending) -> Result<Vec<Excerpt>, Problem> {
    let mut left = Vec::new();
    for conflict in &pending.conflicts {
        let text = project.tree.text(&conflict.path)?.unwrap_or_default();
        let places = markers(project, conflict, text).into_iter();
        left.extend(places.map(|at| Excerpt {
            path: conflict.path.clone(),
            text: text.to_owned(),
            at,
        }));
    }
    Ok(left)
}

fn check_resolved(project: &Project, pending: &Pending) -> Result<(), Problem> {
    let left = markers_left(project, pending)?;
    let Some(first) = left.first().cloned() else { return Ok(()) };
    let places: Vec<String> = left.iter().map(Excerpt::line).collect();
    let problem = Problem::new(format!("conflict markers are left: {}", named(places)));
    Err(Problem { code: CONFLICTS, excerpt: Some(Box::new(first)), ..problem }.help(format!(
        "resolve them and run `{}` again, or take the update back with `--abort`",
        proceed(project)
    )))
}

/// The bytes of the lines of `text` that are conflict markers. Lines that look like one are none
/// where as many of them were there before the update, or came with the template.
fn markers(project: &Project, conflict: &Conflict, text: &str) -> Vec<Range<usize>> {
    let before = copy(project, Version::Before, &conflict.path).unwrap_or_default();
    let before = String::from_utf8_lossy(&before);
    let written = copy(project, Version::After, &conflict.path).unwrap_or_default();
    let count = |text: &str, line: &str| text.lines().filter(|other| *other == line).count();
    let between = count(&String::from_utf8_lossy(&written), BETWEEN);
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let plain = line.trim_end_matches(['\r', '\n']);
        let is_between = plain == BETWEEN && between == conflict.lines.len();
        if (is_marker(plain) || is_between) && count(text, plain) > count(&before, plain) {
            found.push(at..at + plain.len());
        }
        at += line.len();
    }
    found
}
