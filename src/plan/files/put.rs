//! Puts rendered files where they belong, beside the owner's edits.

use super::Rendered;
use super::versions::Versions;
use crate::plan::case::Case;
use crate::plan::draft::Draft;
use crate::plan::merge::{Merged, merge};
use crate::plan::spot::Spot;
use crate::plan::{OnConflict, Verb};
use crate::problem::Problem;
use crate::project::Record;
use crate::project::tree::join;

/// Puts the rendered files of a component into the draft, each with its pristine copy.
///
/// # Errors
/// When a file that rwx did not write is in the way, or when edits and new template text overlap and the user wants that
/// to be an error.
pub(in crate::plan) fn put(draft: &mut Draft<'_>, case: &Case<'_>, files: &[Rendered]) -> Result<(), Problem> {
    let mut refused = Vec::new();
    for file in files {
        let versions = Versions::read(case, file)?;
        refused.extend(put_one(draft, case, &versions)?);
        if versions.base_from != versions.base_path {
            draft.remove(&versions.base_from);
        }
        if !versions.is_current || versions.base_from != versions.base_path {
            draft.put(&versions.base_path, file.text.clone(), None);
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(overlapping(&refused)) }
}

/// Puts one file and returns the places of conflicts that forbid the run.
fn put_one(draft: &mut Draft<'_>, case: &Case<'_>, versions: &Versions<'_>) -> Result<Vec<String>, Problem> {
    let Versions { path, from, base, yours, template, .. } = versions;
    let spot = || Spot::File(path.clone());
    match (*yours, base.as_deref()) {
        (Some(yours), _) if yours == template && !versions.is_renamed() => draft.remark(spot(), Verb::Same, ""),
        (None, Some(_)) => draft.remark(spot(), Verb::Keep, "deleted by you"),
        (Some(_), None) if !case.force => return Err(in_the_way(path)),
        _ if versions.is_renamed() && case.project.tree.contains(path) => return Err(in_the_way(path)),
        (Some(yours), base) if case.force && base != Some(yours) => {
            let backup = draft.back_up(&case.project.folder, from, yours.as_bytes());
            write(draft, versions, template, Some(Verb::Update));
            draft.note(path, &format!("your file is now {backup}"));
        }
        (Some(yours), Some(base)) if yours != base && base == template && !versions.is_renamed() => {
            draft.remark(spot(), Verb::Keep, "edited by you");
        }
        (Some(yours), Some(base)) if yours != base => {
            return Ok(put_merged(draft, case, versions, merge(base, yours, template, case.on_conflict)));
        }
        _ => write(draft, versions, template, None),
    }
    Ok(Vec::new())
}

fn put_merged(draft: &mut Draft<'_>, case: &Case<'_>, versions: &Versions<'_>, merged: Merged) -> Vec<String> {
    let path = &versions.path;
    let Merged { text, conflicts } = merged;
    let places: Vec<String> = conflicts.iter().map(|line| format!("{path}:{line}")).collect();
    let lines = conflicts.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
    match (case.on_conflict, conflicts.is_empty()) {
        (_, true) => write(draft, versions, &text, Some(Verb::Merge)),
        (OnConflict::Abort, false) => return places,
        (OnConflict::Keep, false) => {
            write(draft, versions, &text, Some(Verb::Merge));
            draft.remark(
                Spot::File(path.clone()),
                Verb::Keep,
                format!("your lines, not the template's, at line {lines}"),
            );
        }
        (OnConflict::Merge, false) => {
            write(draft, versions, &text, Some(Verb::Conflict));
            draft.conflict(path, conflicts);
        }
    }
    Vec::new()
}

/// Puts `text` where the file goes; from where it was, it goes away.
fn write(draft: &mut Draft<'_>, versions: &Versions<'_>, text: &str, verb: Option<Verb>) {
    if versions.is_renamed() {
        draft.remove(&versions.from);
        draft.note(&versions.path, &format!("renamed from {}", versions.from));
    }
    draft.put(&versions.path, text, verb.or(versions.is_renamed().then_some(Verb::Update)));
}

/// Takes the files of the component away that an earlier run rendered and that are not among `files` now: their option is off,
/// or the templates have them no more. Those that the owner has edited stay hers.
///
/// # Errors
/// When a file is not UTF-8.
pub(in crate::plan) fn take_away(draft: &mut Draft<'_>, case: &Case<'_>, files: &[Rendered]) -> Result<(), Problem> {
    let project = case.project;
    let olds = case.before.iter().flat_map(|record| &record.files);
    let is_rendered = |old: &String| files.iter().any(|file| &file.path == old || file.formerly.contains(old));
    for old in olds.filter(|old| !is_rendered(old)) {
        let path = join(&project.folder, old);
        let base_path = Record::base_path(&project.folder, &case.component.spec.name, old);
        let (disk, base) = (project.tree.text(&path)?, project.tree.text(&base_path)?);
        if disk.is_some() && disk != base {
            draft.remark(Spot::File(path), Verb::Keep, "edited by you, and not rendered any more");
        } else {
            draft.remove(&path);
            draft.remove(&base_path);
        }
    }
    Ok(())
}

fn in_the_way(path: &str) -> Problem {
    Problem::new(format!("{path} exists already and rwx did not write it")).help(
        "move it away, choose another module with `--module NAME`, or have it replaced with `--force`, which keeps a backup",
    )
}

fn overlapping(places: &[String]) -> Problem {
    Problem::new(format!("your edits and the new templates change the same lines: {}", places.join(", ")))
        .help("without `--on-conflict abort`, each of these places gets both texts for you to choose from; nothing was written")
}
