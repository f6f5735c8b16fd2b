//! Taking additions out of the user's files again, as far as nobody has changed or come to use
//! them.

mod state;

use std::collections::{BTreeMap, BTreeSet};
use std::{ptr, slice};

use super::Verb;
use super::claims::is_frame;
use super::draft::Draft;
use super::spot::Spot;
use super::uses::{DEPENDENCIES, Uses, sought};
use super::wiring::crates::package;
use crate::edit::manifest::{feature_with, without_features};
use crate::edit::{Part, State, Trace, compose, together};
use crate::problem::Problem;
use crate::project::Project;
use crate::project::record::Addition;
pub(super) use state::{malformed, state, state_among, told};

/// Takes `additions` away, the last first; source before the rest, since what is left of it decides
/// what is still used. The files `orphans` are no part of the crate any more and use nothing. The
/// answer is what is no longer there, or another package's.
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
    let (source, mut rest): (Vec<&Addition>, Vec<&Addition>) =
        additions.iter().rev().partition(is_source);
    // A volume goes after the service that uses it, and the key of a section after all that is in
    // it.
    rest.sort_by_key(|addition| match addition.part {
        Part::Volumes { .. } => 1,
        Part::Section => 2,
        _ => 0,
    });
    let mut ends = Ends::default();
    for path in source.iter().map(|addition| &addition.path).collect::<BTreeSet<_>>() {
        let of_file: Vec<&Addition> =
            source.iter().copied().filter(|addition| &addition.path == path).collect();
        withdraw_source(draft, additions, &of_file, &mut ends)?;
    }
    let uses = uses(draft, project, &rest, orphans)?;
    for addition in rest {
        if let Some(package) = draft.claims.claimant(addition) {
            if !is_frame(&addition.part) {
                let reason = format!("{}: used by {package}", told(addition));
                draft.remark(Spot::File(addition.path.clone()), Verb::Keep, reason);
            }
            ends.left.push(addition);
            ends.let_go.push(addition);
        } else if !ends
            .left
            .iter()
            .any(|other| other.path == addition.path && heads(&addition.part, &other.part))
        {
            withdraw_one(draft, (additions, &uses), addition, &mut ends)?;
        }
    }
    ends.taken
        .iter()
        .rev()
        .for_each(|addition| draft.note_taken_out(&addition.path, &told(addition)));
    for addition in additions.iter().filter(|addition| addition.created) {
        if draft.text(&addition.path)?.trim_matches('\u{feff}').trim().is_empty() {
            draft.remove(&addition.path);
        }
    }
    Ok(ends.taken.into_iter().chain(ends.gone).chain(ends.let_go).cloned().collect())
}

/// What the code that is left uses of the crates that `additions` are about.
fn uses(
    draft: &Draft<'_>,
    project: &Project,
    additions: &[&Addition],
    orphans: &[String],
) -> Result<Uses, Problem> {
    let sought = sought(additions.iter().map(|addition| &addition.part));
    if sought.is_empty() {
        return Ok(Uses::default());
    }
    Ok(Uses::of((project, &package(project)?), draft.tree(), &sought, orphans))
}

/// True when `frame` is there for parts like `part`: the header of its table, the comment above it,
/// the key of its section.
pub(super) fn heads(frame: &Part, part: &Part) -> bool {
    match (frame, part) {
        (Part::Table { table }, Part::Dependency { table: other, .. }) => table == other,
        (Part::Comment, Part::Variable { .. })
        | (Part::Section, Part::Service { .. } | Part::Volumes { .. }) => true,
        _ => false,
    }
}

/// What became of the additions that were to go.
#[derive(Default)]
struct Ends<'a> {
    taken: Vec<&'a Addition>,
    /// Those that were not there any more.
    gone: Vec<&'a Addition>,
    /// Those that are another package's from now on.
    let_go: Vec<&'a Addition>,
    /// Those that stay, at least in part.
    left: Vec<&'a Addition>,
}

/// Takes the parts of one source, the last first, by one edit where they stand as they were
/// written, else by halves.
fn withdraw_source<'a>(
    draft: &mut Draft<'_>,
    all: &[&Addition],
    additions: &[&'a Addition],
    ends: &mut Ends<'a>,
) -> Result<(), Problem> {
    let Some(first) = additions.first() else { return Ok(()) };
    let text = draft.text(&first.path)?;
    if let Some(edit) = together(&text, &parts(additions.iter().copied())) {
        draft.take(&first.path, &edit);
        ends.taken.extend(additions);
        return Ok(());
    }
    if let [only] = additions {
        return withdraw_one(draft, (all, &Uses::default()), only, ends);
    }
    let (last, rest) = additions.split_at(additions.len() / 2);
    withdraw_source(draft, all, last, ends)?;
    withdraw_source(draft, all, rest, ends)
}

/// The parts that `additions` are, with what they left.
pub(super) fn parts<'a>(
    additions: impl IntoIterator<Item = &'a Addition>,
) -> Vec<(&'a Part, &'a [Trace])> {
    additions.into_iter().map(|addition| (&addition.part, addition.traces.as_slice())).collect()
}

fn withdraw_one<'a>(
    draft: &mut Draft<'_>,
    (all, uses): (&[&Addition], &Uses),
    addition: &'a Addition,
    ends: &mut Ends<'a>,
) -> Result<(), Problem> {
    let path = &addition.path;
    let text = draft.text(path)?;
    let what = told(addition);
    let is_left = |other: &&Addition| !ends.taken.iter().any(|taken| ptr::eq(*taken, *other));
    let edit = match state_among(addition, all.iter().copied().filter(is_left), &text)? {
        State::Standing(edit) => edit,
        State::Changed(at) => {
            draft.remark(Spot::at(path, &text, at), Verb::Keep, format!("{what}: changed by you"));
            ends.left.push(addition);
            return Ok(());
        }
        State::Gone => {
            ends.gone.push(addition);
            return Ok(());
        }
    };
    let at = edit.splices().first().map_or(0..0, |splice| splice.range.clone());
    let kept = kept(addition, &text, uses);
    let spared = kept.iter().filter(|one| !one.features.is_empty());
    for Kept { features, why } in &kept {
        let what =
            if features.is_empty() { what.clone() } else { features_of(&addition.part, features) };
        draft.remark(Spot::at(path, &text, at.clone()), Verb::Keep, format!("{what}: {why}"));
    }
    if kept.is_empty() {
        draft.take(path, &edit);
        ends.taken.push(addition);
        return Ok(());
    }
    ends.left.push(addition);
    let spared: Vec<&String> = spared.flat_map(|one| &one.features).collect();
    if let (Part::Features { table, key, features, .. }, false) =
        (&addition.part, spared.is_empty())
    {
        let rest: Vec<String> =
            features.iter().filter(|feature| !spared.contains(feature)).cloned().collect();
        if let Some(edit) =
            without_features(&text, table, key, &rest).filter(|edit| !edit.is_empty())
        {
            draft.take(path, &edit);
            draft.note_taken_out(path, &features_of(&addition.part, &rest));
        }
    }
    Ok(())
}

/// What of an addition stays, and why.
struct Kept {
    /// The features; none for all of it.
    features: Vec<String>,
    why: String,
}

/// What of `addition` to the file `text` others have come to use since it was made; all that they
/// use where the record does not tell what they used before.
fn kept(addition: &Addition, text: &str, uses: &Uses) -> Vec<Kept> {
    let Addition { part, used, .. } = addition;
    let since = if used.is_some() { " since the add" } else { "" };
    let all = |why: String| vec![Kept { features: Vec::new(), why }];
    let names = match part {
        Part::Service { name } => slice::from_ref(name),
        Part::Volumes { names } => names.as_slice(),
        Part::Dependency { key, .. } => {
            if let Some(feature) = feature_with(text, key) {
                return all(format!("used by your feature `{feature}`"));
            }
            let entry = uses.since(part, text, used.as_ref()).entry;
            return entry.map(|path| all(format!("used in {path}{since}"))).unwrap_or_default();
        }
        Part::Features { .. } => {
            let found = uses.since(part, text, used.as_ref());
            if used.is_none() {
                return found.entry.map(|path| all(format!("used in {path}"))).unwrap_or_default();
            }
            let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (feature, path) in found.features {
                files.entry(path).or_default().push(feature);
            }
            let kept = |(path, features)| Kept { features, why: format!("used in {path}{since}") };
            return files.into_iter().map(kept).collect();
        }
        _ => return Vec::new(),
    };
    let users: Vec<String> =
        names.iter().flat_map(|name| compose::users_of(text, name).unwrap_or_default()).collect();
    let is_new = |user: &&String| !used.as_ref().is_some_and(|used| used.has(user, false));
    let users: Vec<&str> = users.iter().filter(is_new).map(String::as_str).collect();
    if users.is_empty() { Vec::new() } else { all(format!("used by {}{since}", users.join(", "))) }
}

/// Some `features` of `part`, in the words of the report.
fn features_of(part: &Part, features: &[String]) -> String {
    let Part::Features { table, key, .. } = part else { return String::new() };
    let tests = if table == DEPENDENCIES { "" } else { ", for tests" };
    format!("{key}: {}{tests}", features.join(", "))
}
