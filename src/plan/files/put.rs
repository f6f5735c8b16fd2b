//! Puts rendered files where they belong, beside the owner's edits.

use std::collections::BTreeMap;

use super::Rendered;
use super::layout::lay_out;
use super::pristine::{Copy, digests};
use super::versions::{Place, Versions, differs};
use crate::plan::case::Case;
use crate::plan::draft::Draft;
use crate::plan::merge::{Base, Merged, fed, merge};
use crate::plan::spot::Spot;
use crate::plan::{OnConflict, Policy, Verb};
use crate::problem::Problem;
use crate::project::record::Kept;
use crate::project::tree::join;
use crate::project::{Record, Tree};

/// What is told of pristine copies that somebody else has written.
const ALTERED: &str = "not as rwx wrote it, as after a change of all files";
/// What is told of pristine copies that are not there.
const GONE: &str = "gone";

/// Puts the rendered `files` of a component into the draft, each with its pristine copy. `again`
/// renders them for the choices of the earlier run.
///
/// # Errors
/// When a file that rwx did not write is in the way, or when edits and new template text overlap
/// and the user wants that to be an error.
pub(in crate::plan) fn put(
    draft: &mut Draft<'_>,
    case: &Case<'_>,
    files: &[Rendered],
    again: &dyn Fn() -> Vec<Rendered>,
) -> Result<Put, Problem> {
    let alone =
        files.iter().map(|file| Versions::read(case, file, &[])).collect::<Result<Vec<_>, _>>()?;
    let again = if is_doubtful(case, &alone) { again() } else { Vec::new() };
    let mut versions = if again.is_empty() {
        alone
    } else {
        files
            .iter()
            .map(|file| Versions::read(case, file, &again))
            .collect::<Result<Vec<_>, _>>()?
    };
    let is_laid_out = lay_out(case.project, &mut versions);
    put_all(draft, &case.project.folder, case.policy, &versions)?;
    let digests = versions.iter().zip(files).map(|(versions, Rendered { path, text, .. })| {
        let written = versions.laid_out.as_deref().unwrap_or(text);
        (path.clone(), digests(path, text, written, case.known(path).digests))
    });
    Ok(Put { digests: digests.collect(), is_laid_out })
}

/// How rendered files were put.
pub(in crate::plan) struct Put {
    /// By the path of each, what tells its pristine text.
    pub(in crate::plan) digests: BTreeMap<String, String>,
    /// False where the project's layout is left for the user to make.
    pub(in crate::plan) is_laid_out: bool,
}

/// True when the pristine copies alone do not tell what an earlier run rendered.
fn is_doubtful(case: &Case<'_>, versions: &[Versions<'_>]) -> bool {
    let has_digests = case.before.as_ref().is_none_or(|record| !record.digests.is_empty());
    !has_digests
        || versions.iter().any(|versions| versions.is_recorded && versions.copy != Copy::Sound)
}

/// Puts the files of the package at `folder` into the draft, each with its pristine copy.
///
/// # Errors
/// As [`put`].
pub(in crate::plan) fn put_all(
    draft: &mut Draft<'_>,
    folder: &str,
    policy: Policy,
    files: &[Versions<'_>],
) -> Result<(), Problem> {
    let mut refused = Vec::new();
    for versions in files {
        refused.extend(put_one(draft, folder, policy, versions)?);
        let Versions { base_path, base_from, .. } = versions;
        if base_from != base_path {
            draft.remove(base_from);
        }
        if !versions.is_current || base_from != base_path {
            draft.put(base_path, versions.template, None);
        }
    }
    tell_copies(draft, files);
    if refused.is_empty() { Ok(()) } else { Err(overlapping(&refused)) }
}

/// Puts one file and returns the places of conflicts that forbid the run.
fn put_one(
    draft: &mut Draft<'_>,
    folder: &str,
    policy: Policy,
    versions: &Versions<'_>,
) -> Result<Vec<String>, Problem> {
    let Versions { path, from, base, template, .. } = versions;
    let rendered = &versions.written();
    let Some(yours) = versions.yours else {
        if versions.is_recorded && !policy.restore {
            draft.remark(Spot::File(path.clone()), Verb::Keep, deleted(path));
        } else {
            write(draft, versions, rendered, None);
        }
        return Ok(Vec::new());
    };
    let spot = || Spot::File(path.clone());
    let is_as = |text: &str| fed(yours) == fed(text);
    match base {
        _ if versions.is_as_rendered(yours) && !versions.is_renamed() => {
            draft.remark(spot(), Verb::Same, "")
        }
        None if !policy.force => return Err(in_the_way(path)),
        _ if versions.is_taken => return Err(in_the_way(path)),
        base if policy.force
            && base.as_ref().is_none_or(|base| !base.is_sure || !is_as(&base.text)) =>
        {
            let backup = draft.back_up(folder, from, yours.as_bytes());
            write(draft, versions, rendered, Some(Verb::Update));
            draft.note(path, &format!("your file is now {backup}"));
        }
        Some(base) if base.is_sure && base.text == fed(template) && !versions.is_renamed() => {
            let is_edited = !versions.is_laid_out_anew(base, yours);
            let (verb, why) =
                if is_edited { (Verb::Keep, "edited by you") } else { (Verb::Same, "") };
            draft.remark(spot(), verb, why);
        }
        Some(base) if !base.is_sure || !is_as(&base.text) => {
            let merged = merged(versions, base, yours, policy.on_conflict);
            if !merged.conflicts.is_empty() && versions.is_laid_out_anew(base, yours) {
                write(draft, versions, rendered, None);
                return Ok(Vec::new());
            }
            return Ok(put_merged(draft, policy.on_conflict, versions, merged));
        }
        _ => write(draft, versions, rendered, None),
    }
    Ok(Vec::new())
}

/// Tells of the pristine copies that are not compared with, and are written anew.
fn tell_copies(draft: &mut Draft<'_>, files: &[Versions<'_>]) {
    for (copy, what) in [(Copy::Altered, ALTERED), (Copy::Gone, GONE)] {
        let mut told =
            files.iter().filter(|versions| versions.is_recorded && versions.copy == copy);
        let Some(first) = told.next().map(|versions| &versions.base_from) else { continue };
        match told.count() {
            0 => draft.warn(format!("a pristine copy is {what}, and is written anew: {first}")),
            more => draft.warn(format!(
                "{} pristine copies are {what}, and are written anew: {first}, …",
                more + 1
            )),
        }
    }
}

/// The merge of the texts in the project's layout, unless those as they were rendered fit better
/// with what the owner has.
fn merged(
    versions: &Versions<'_>,
    base: &Base<'_>,
    yours: &str,
    on_conflict: OnConflict,
) -> Merged {
    let plain = || merge(base, yours, (versions.template, versions.marker), on_conflict);
    let (Some(template), Some(text)) = (&versions.laid_out, &versions.laid_out_base) else {
        return plain();
    };
    let base = Base { text: fed(text), ..*base };
    let merged = merge(&base, yours, (template, versions.marker), on_conflict);
    if merged.conflicts.is_empty() {
        return merged;
    }
    let plain = plain();
    if plain.conflicts.len() < merged.conflicts.len() { plain } else { merged }
}

fn put_merged(
    draft: &mut Draft<'_>,
    on_conflict: OnConflict,
    versions: &Versions<'_>,
    merged: Merged,
) -> Vec<String> {
    let path = &versions.path;
    let Merged { text, conflicts } = merged;
    match on_conflict {
        _ if conflicts.is_empty() => write(draft, versions, &text, Some(Verb::Merge)),
        OnConflict::Abort => {
            return conflicts.iter().map(|line| format!("{path}:{line}")).collect();
        }
        OnConflict::Keep => {
            let lines = conflicts.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
            write(draft, versions, &text, Some(Verb::Merge));
            draft.remark(
                Spot::File(path.clone()),
                Verb::Keep,
                format!("your lines, not the template's, at line {lines}"),
            );
        }
        OnConflict::Merge => {
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
    let verb = verb.or(versions.is_renamed().then_some(Verb::Update));
    draft.put(&versions.path, text.as_bytes(), verb);
}

/// Takes the files of the component away that an earlier run rendered and that are not among
/// `files` now: their option is off, or the templates have them no more. Those that the owner has
/// edited stay hers, and are the answer.
pub(in crate::plan) fn take_away(
    draft: &mut Draft<'_>,
    case: &Case<'_>,
    files: &[Rendered],
) -> Vec<String> {
    let project = case.project;
    let olds = case.before.iter().flat_map(|record| &record.files);
    let is_rendered =
        |old: &String| files.iter().any(|file| &file.path == old || file.formerly.contains(old));
    let is_kept = |old: &&String| {
        let base = Record::base_path(&project.folder, &case.component.spec.name, old);
        let digests = case.known(old).digests;
        !drop_one(draft, &project.tree, &Place { path: join(&project.folder, old), base }, digests)
    };
    olds.filter(|old| !is_rendered(old)).filter(is_kept).cloned().collect()
}

/// Takes the file at `place`, which rwx wrote with these `digests`, away with its pristine copy,
/// unless the owner has edited it. True when it is taken away.
pub(in crate::plan) fn drop_one(
    draft: &mut Draft<'_>,
    tree: &Tree,
    place: &Place,
    digests: Option<&str>,
) -> bool {
    let Place { path, base: base_path } = place;
    if differs(tree, place, digests) {
        let reason = "edited by you, and not rendered any more";
        draft.remark(Spot::File(path.clone()), Verb::Keep, reason);
        return false;
    }
    draft.remove(path);
    draft.remove(base_path);
    true
}

/// That the owner has deleted the file at `path`.
fn deleted(path: &str) -> &'static str {
    if Kept::of(path).is_none() {
        "deleted by you; `--restore` puts it back"
    } else {
        "deleted by you"
    }
}

fn in_the_way(path: &str) -> Problem {
    let elsewhere =
        if Kept::of(path).is_none() { "choose another module with `--module NAME`, " } else { "" };
    Problem::new(format!("{path} exists already and rwx did not write it")).help(format!(
        "move it away, {elsewhere}or have it replaced with `--force`, which keeps a backup"
    ))
}

fn overlapping(places: &[String]) -> Problem {
    Problem::new(format!(
        "your edits and the new templates change the same lines: {}",
        places.join(", ")
    ))
    .help(
        "without `--on-conflict abort`, each of these places gets both texts for you to \
            choose from; nothing was written",
    )
}
