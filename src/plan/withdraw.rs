//! Taking additions out of the user's files again, as far as nobody has changed or come to use them.

use super::Verb;
use super::draft::Draft;
use super::spot::Spot;
use crate::edit::rust::use_of_crate;
use crate::edit::{Part, State, compose};
use crate::problem::{Excerpt, Problem};
use crate::project::record::Addition;

/// Takes `additions` away, the last first; source before the rest, since what is left of it decides what is still used.
/// The files `orphans` are no part of the crate any more and use nothing.
///
/// # Errors
/// When a file that holds one does not parse.
pub(super) fn withdraw(draft: &mut Draft<'_>, additions: &[&Addition], orphans: &[String]) -> Result<(), Problem> {
    let is_source = |addition: &&&Addition| addition.path.ends_with(".rs");
    let (source, rest): (Vec<&Addition>, Vec<&Addition>) = additions.iter().rev().partition(is_source);
    let mut taken = Vec::new();
    for addition in source.into_iter().chain(rest) {
        if withdraw_one(draft, addition, orphans)? {
            taken.push(addition);
        }
    }
    taken.iter().rev().for_each(|addition| draft.note(&addition.path, told(addition)));
    for addition in additions.iter().filter(|addition| addition.created) {
        if draft.text(&addition.path)?.trim_matches('\u{feff}').trim().is_empty() {
            draft.remove(&addition.path);
        }
    }
    Ok(())
}

/// True when it is taken away.
fn withdraw_one(draft: &mut Draft<'_>, addition: &Addition, orphans: &[String]) -> Result<bool, Problem> {
    let Addition { path, part, .. } = addition;
    let what = told(addition);
    let text = draft.text(path)?;
    let spot = |at| Spot::Bytes(Excerpt { path: path.clone(), text: text.clone(), at });
    match state(addition, &text)? {
        State::Standing(edit) => {
            let at = edit.splices().first().map_or(0..0, |splice| splice.range.clone());
            match still_used(draft, part, &text, orphans) {
                Some(user) => draft.remark(spot(at), Verb::Keep, format!("{what}: {user}")),
                None => {
                    draft.take(path, &edit);
                    return Ok(true);
                }
            }
        }
        State::Changed(at) => draft.remark(spot(at), Verb::Keep, format!("{what}: changed by you")),
        State::Gone => {}
    }
    Ok(false)
}

/// What was added, for the report.
pub(super) fn told(addition: &Addition) -> &str {
    // Several variables are told together when they come, not when they go.
    if let Part::Variable { name } = &addition.part { name } else { &addition.what }
}

/// What became of `addition` in `text`, its file.
///
/// # Errors
/// When `text` does not parse.
pub(super) fn state(addition: &Addition, text: &str) -> Result<State, Problem> {
    let Addition { path, part, traces, .. } = addition;
    part.state(text, traces).map_err(|refusal| {
        Problem::refused(path, text, refusal).help("mend this line and run the command again; nothing was written")
    })
}

/// Who else uses `part` of the file `text`.
fn still_used(draft: &Draft<'_>, part: &Part, text: &str, orphans: &[String]) -> Option<String> {
    let (key, features) = match part {
        Part::Dependency { table, key } if table == "dependencies" => (key, [].as_slice()),
        Part::Features { key, features, .. } => (key, features.as_slice()),
        Part::Service { name } => return service_used_by(text, name),
        _ => return None,
    };
    let name = key.replace('-', "_");
    let uses = |text: &str| match features {
        [] => use_of_crate(text, &name, None).is_some(),
        features => {
            features.iter().any(|feature| use_of_crate(text, &name, Some(&feature.replace('-', "_"))).is_some())
        }
    };
    let mut files = draft.sources().filter(|(path, _)| !orphans.iter().any(|orphan| orphan == path));
    files.find(|(_, text)| uses(text)).map(|(path, _)| format!("used in {path}"))
}

fn service_used_by(text: &str, name: &str) -> Option<String> {
    let users = compose::users_of(text, name).unwrap_or_default();
    (!users.is_empty()).then(|| format!("used by {}", users.join(", ")))
}
