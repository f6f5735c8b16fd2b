//! The wiring that earlier runs made: forgotten, taken out, or worded anew where it stands.

use std::collections::BTreeSet;
use std::slice;

use crate::edit::rust::{is_same_code, let_names};
use crate::edit::{Part, State, Trace, together};
use crate::plan::draft::Draft;
use crate::plan::earlier::is_wiring;
use crate::plan::settle::reword;
use crate::plan::withdraw::{parts, state, state_among};
use crate::problem::Problem;
use crate::project::record::Addition;

/// Forgets the wiring that the user took out of her source, where it is to be made again.
///
/// # Errors
/// When a file that holds an addition does not parse.
pub(super) fn forget_gone_wiring(draft: &mut Draft<'_>) -> Result<(), Problem> {
    let wiring = draft.earlier.wiring();
    for addition in &wiring {
        if state_among(addition, wiring.iter(), &draft.text(&addition.path)?)? == State::Gone {
            draft.earlier.forget(slice::from_ref(addition));
        }
    }
    Ok(())
}

/// Takes the wiring of earlier runs out of `draft`, and forgets it. False where the user has
/// changed some of it or taken it out; the draft is of no use then.
///
/// # Errors
/// When a file that holds an addition does not parse.
pub(super) fn take_wiring(draft: &mut Draft<'_>) -> Result<bool, Problem> {
    let wiring = draft.earlier.wiring();
    let paths: BTreeSet<&String> = wiring.iter().map(|addition| &addition.path).collect();
    for path in paths {
        let own: Vec<&Addition> = wiring.iter().filter(|addition| &addition.path == path).collect();
        if let Some(edit) = together(&draft.text(path)?, &parts(own.iter().copied())) {
            draft.take(path, &edit);
            continue;
        }
        for addition in own.iter().rev() {
            match state(addition, &draft.text(path)?)? {
                State::Standing(edit) => draft.take(path, &edit),
                _ => return Ok(false),
            }
        }
    }
    draft.earlier.forget(&wiring);
    Ok(!wiring.is_empty())
}

/// Writes the wiring that `anew` has, a draft without that of earlier runs, where this stands in
/// `draft`. False where the two are not the same pieces one by one, or bind other names; the draft
/// is as it was then.
///
/// # Errors
/// When a file that holds an addition does not parse.
pub(super) fn reword_wiring(draft: &mut Draft<'_>, anew: &Draft<'_>) -> Result<bool, Problem> {
    let old = draft.earlier.wiring();
    let new: Vec<&Addition> = anew.added().iter().filter(is_wiring).collect();
    let mut trial = draft.clone();
    for (one, other) in old.iter().zip(&new) {
        if !are_alike(one, other) || !renew(&mut trial, one, other)? {
            return Ok(false);
        }
    }
    let is_done = old.len() == new.len();
    if is_done {
        *draft = trial;
    }
    Ok(is_done)
}

/// True when both are the same part of the same file, and bind the same names.
fn are_alike(one: &Addition, other: &Addition) -> bool {
    let names = |addition: &Addition| {
        addition.traces.iter().map(|trace| let_names(&trace.after)).collect::<Vec<_>>()
    };
    (&one.path, &one.part) == (&other.path, &other.part) && names(one) == names(other)
}

/// Puts the words of `other` where `one` stands; false where it is not certain how.
fn renew(draft: &mut Draft<'_>, one: &Addition, other: &Addition) -> Result<bool, Problem> {
    let is_same = |(old, new): (&Trace, &Trace)| is_same_code(&old.after, &new.after);
    if one.traces.iter().zip(&other.traces).all(is_same) {
        return Ok(true);
    }
    let words: Vec<&str> = other.traces.iter().map(|trace| trace.after.as_str()).collect();
    draft.note(&one.path, &one.what);
    reword(draft, one, (&other.what, &words), None)
}

/// The path of `module` in the statements among `wiring`.
pub(super) fn merged_by(module: &str, wiring: &[Addition]) -> Option<String> {
    let start = format!("{module}::");
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    statements(wiring).find_map(|text| {
        let mut found = text.match_indices(&start).map(|(at, _)| at);
        let at = found.find(|at| !text[..*at].ends_with(is_word))?;
        let head = text[..at].trim_end_matches(|c| is_word(c) || c == ':');
        Some(text[head.len()..at + module.len()].to_owned())
    })
}

/// The variable that the statements among `wiring` bind for the component, which calls it
/// `binding`.
pub(super) fn bound(module: &str, binding: &str, wiring: &[Addition]) -> Option<String> {
    let mut names = statements(wiring).flat_map(|text| let_names(text).unwrap_or_default());
    let aside = format!("{module}_{binding}");
    names.find(|name| name == binding || name.starts_with(&aside))
}

fn statements(wiring: &[Addition]) -> impl Iterator<Item = &str> {
    let statements = wiring.iter().filter(|addition| addition.part == Part::Statement);
    statements.flat_map(|addition| &addition.traces).map(|trace| trace.after.as_str())
}
