//! What became of an addition since it was made.

use std::ops::Range;

use super::parts;
use crate::edit::{Edit, Part, Refusal, Splice, State, together};
use crate::problem::{MEND, Problem};
use crate::project::record::Addition;

/// What was added, for the report.
pub(in crate::plan) fn told(addition: &Addition) -> String {
    match &addition.part {
        // These are told together with others when they come, not when they go.
        Part::Variable { name } => name.clone(),
        Part::Volumes { names } => format!("volume {}", names.join(", ")),
        Part::Comment if addition.what.is_empty() => "the header".to_owned(),
        _ => addition.what.clone(),
    }
}

/// What became of `addition` in `text`, its file.
///
/// # Errors
/// When `text` does not parse.
pub(in crate::plan) fn state(addition: &Addition, text: &str) -> Result<State, Problem> {
    addition
        .part
        .state(text, &addition.traces)
        .map_err(|refusal| malformed(addition, text, refusal))
}

/// What became of `addition`, one of `all`, in `text`, its file: a field that stands only where
/// others of `all` have put it is gone from its own place.
///
/// # Errors
/// When `text` does not parse.
pub(in crate::plan) fn state_among<'a>(
    addition: &Addition,
    all: impl Iterator<Item = &'a Addition>,
    text: &str,
) -> Result<State, Problem> {
    let state = state(addition, text)?;
    if !matches!((&state, &addition.part), (State::Changed(_), Part::Field { .. })) {
        return Ok(state);
    }
    let mut places =
        addition.part.places(text).map_err(|refusal| malformed(addition, text, refusal))?;
    let alike: Vec<&Addition> =
        all.filter(|other| other.path == addition.path && other.part == addition.part).collect();
    for edit in standing(&alike, text)? {
        let holds = |splice: &Splice, place: &Range<usize>| {
            splice.range.start <= place.start && place.end <= splice.range.end
        };
        places.retain(|place| !edit.splices().iter().any(|splice| holds(splice, place)));
    }
    Ok(places.into_iter().next().map_or(State::Gone, State::Changed))
}

/// The edits that take those of `additions` out of `text`, their file, that stand there as they
/// were written.
fn standing(additions: &[&Addition], text: &str) -> Result<Vec<Edit>, Problem> {
    if let [only] = additions {
        return Ok(match state(only, text)? {
            State::Standing(edit) => vec![edit],
            _ => Vec::new(),
        });
    }
    if additions.is_empty() {
        return Ok(Vec::new());
    }
    if let Some(edit) = together(text, &parts(additions.iter().copied())) {
        return Ok(vec![edit]);
    }
    let (first, rest) = additions.split_at(additions.len() / 2);
    Ok([standing(first, text)?, standing(rest, text)?].concat())
}

/// The problem that the file of `addition`, which holds `text`, does not parse.
pub(in crate::plan) fn malformed(addition: &Addition, text: &str, refusal: Refusal) -> Problem {
    Problem::refused(&addition.path, text, refusal).help(MEND)
}
