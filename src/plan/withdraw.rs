//! Taking additions out of the user's files again, as far as nobody has changed or come to use them.

use super::Verb;
use super::draft::Draft;
use super::spot::Spot;
use crate::edit::manifest::{feature_with, find_entry};
use crate::edit::rust::use_of_crate;
use crate::edit::{Part, Refusal, State, compose};
use crate::problem::{MEND, Problem};
use crate::project::Project;
use crate::project::record::Addition;

/// The table of the dependencies that all code of a package sees.
const DEPENDENCIES: &str = "dependencies";

/// Takes `additions` away, the last first; source before the rest, since what is left of it decides what is still used.
/// The files `orphans` are no part of the crate any more and use nothing. The answer is what is not there now.
///
/// # Errors
/// When a file that holds one does not parse.
pub(super) fn withdraw(
    draft: &mut Draft<'_>,
    project: &Project,
    additions: &[&Addition],
    orphans: &[String],
) -> Result<Vec<Addition>, Problem> {
    let is_source = |addition: &&&Addition| addition.path.ends_with(".rs");
    let (source, mut rest): (Vec<&Addition>, Vec<&Addition>) = additions.iter().rev().partition(is_source);
    // A volume goes after the service that uses it, and the key of a section after all that is in it.
    rest.sort_by_key(|addition| match addition.part {
        Part::Volumes { .. } => 1,
        Part::Section => 2,
        _ => 0,
    });
    let (mut taken, mut gone, mut left) = (Vec::new(), Vec::new(), Vec::<&Addition>::new());
    for addition in source.into_iter().chain(rest) {
        if left.iter().any(|other| other.path == addition.path && heads(&addition.part, &other.part)) {
            continue;
        }
        match withdraw_one(draft, project, addition, orphans)? {
            Outcome::Taken => taken.push(addition),
            Outcome::Gone => gone.push(addition),
            Outcome::Left => left.push(addition),
        }
    }
    taken.iter().rev().for_each(|addition| draft.note(&addition.path, &told(addition)));
    for addition in additions.iter().filter(|addition| addition.created) {
        if draft.text(&addition.path)?.trim_matches('\u{feff}').trim().is_empty() {
            draft.remove(&addition.path);
        }
    }
    Ok(taken.into_iter().chain(gone).cloned().collect())
}

/// True when `frame` is there for parts like `part`: the header of its table, the comment above it, the key of its section.
pub(super) fn heads(frame: &Part, part: &Part) -> bool {
    match (frame, part) {
        (Part::Table { table }, Part::Dependency { table: other, .. }) => table == other,
        (Part::Comment, Part::Variable { .. }) | (Part::Section, Part::Service { .. } | Part::Volumes { .. }) => true,
        _ => false,
    }
}

/// What became of an addition that was to go.
enum Outcome {
    Taken,
    Gone,
    Left,
}

fn withdraw_one(
    draft: &mut Draft<'_>,
    project: &Project,
    addition: &Addition,
    orphans: &[String],
) -> Result<Outcome, Problem> {
    let Addition { path, .. } = addition;
    let what = told(addition);
    let text = draft.text(path)?;
    let spot = |at| Spot::at(path, &text, at);
    match state(addition, &text)? {
        State::Standing(edit) => {
            let at = edit.splices().first().map_or(0..0, |splice| splice.range.clone());
            match still_used(draft, project, addition, &text, orphans) {
                Some(user) => draft.remark(spot(at), Verb::Keep, format!("{what}: {user}")),
                None => {
                    draft.take(path, &edit);
                    return Ok(Outcome::Taken);
                }
            }
        }
        State::Changed(at) => draft.remark(spot(at), Verb::Keep, format!("{what}: changed by you")),
        State::Gone => return Ok(Outcome::Gone),
    }
    Ok(Outcome::Left)
}

/// What was added, for the report.
pub(super) fn told(addition: &Addition) -> String {
    match &addition.part {
        // These are told together with others when they come, not when they go.
        Part::Variable { name } => name.clone(),
        Part::Volumes { names } => format!("volume {}", names.join(", ")),
        _ => addition.what.clone(),
    }
}

/// What became of `addition` in `text`, its file.
///
/// # Errors
/// When `text` does not parse.
pub(super) fn state(addition: &Addition, text: &str) -> Result<State, Problem> {
    addition.part.state(text, &addition.traces).map_err(|refusal| malformed(addition, text, refusal))
}

/// The problem that the file of `addition`, which holds `text`, does not parse.
pub(super) fn malformed(addition: &Addition, text: &str, refusal: Refusal) -> Problem {
    Problem::refused(&addition.path, text, refusal).help(MEND)
}

/// Who else uses `addition` to the file `text`. What a package depends on is for its own code alone.
fn still_used(
    draft: &Draft<'_>,
    project: &Project,
    addition: &Addition,
    text: &str,
    orphans: &[String],
) -> Option<String> {
    if let Part::Dependency { key, .. } = &addition.part
        && let Some(feature) = feature_with(text, key)
    {
        return Some(format!("used by your feature `{feature}`"));
    }
    let (key, items) = match &addition.part {
        Part::Dependency { table, key } if is_the_crate(text, table, key) => (key, None),
        Part::Features { key, features, names, .. } => {
            let modules = features.iter().map(|feature| feature.replace('-', "_"));
            (key, Some(modules.chain(names.iter().cloned()).collect::<Vec<_>>()))
        }
        Part::Service { name } => return used_by_services(text, std::slice::from_ref(name)),
        Part::Volumes { names } => return used_by_services(text, names),
        _ => return None,
    };
    let name = key.replace('-', "_");
    let uses = |text: &str| match &items {
        None => use_of_crate(text, &name, None).is_some(),
        Some(items) => items.iter().any(|item| use_of_crate(text, &name, Some(item)).is_some()),
    };
    let can_use = |path: &str| project.package_of(path) == Some(project.folder.as_str());
    let mut files =
        draft.tree().sources().filter(|(path, _)| can_use(path) && !orphans.iter().any(|orphan| orphan == path));
    files.find(|(_, text)| uses(text)).map(|(path, _)| format!("used in {path}"))
}

/// True when the entry `key` of `table` is what the crate's code means by it: tests see the others of `dependencies` too.
fn is_the_crate(manifest: &str, table: &str, key: &str) -> bool {
    table == DEPENDENCIES || find_entry(manifest, DEPENDENCIES, key, &[]).is_ok_and(|found| found.is_empty())
}

fn used_by_services(text: &str, names: &[String]) -> Option<String> {
    let users: Vec<String> = names.iter().flat_map(|name| compose::users_of(text, name).unwrap_or_default()).collect();
    (!users.is_empty()).then(|| format!("used by {}", users.join(", ")))
}
