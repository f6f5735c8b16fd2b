//! What the owner took out of her files, put back where it stood.

use super::Plan;
use super::draft::Draft;
use super::withdraw::{malformed, state_among, told};
use crate::edit::State;
use crate::problem::Problem;
use crate::project::{Project, Record};

/// Puts the additions of `component` back that are gone, as far as it is certain where they stood.
/// The source of a module that she has moved is left alone.
///
/// # Errors
/// When the record, or a file that held one, does not parse.
pub(super) fn restore(project: &Project, component: &str) -> Result<Plan, Problem> {
    let record = Record::read(&project.tree, &project.folder, component)?.unwrap_or_default();
    let is_moved = record.is_moved(&project.tree, &project.folder);
    let mut draft = Draft::new(&project.tree);
    for addition in
        record.additions.iter().filter(|addition| !(is_moved && addition.path.ends_with(".rs")))
    {
        let text = draft.text(&addition.path)?;
        let refused = |refusal| malformed(addition, &text, refusal);
        let is_whole = addition.part.is_complete(&text).map_err(refused)?;
        if is_whole && state_among(addition, record.additions.iter(), &text)? != State::Gone {
            continue;
        }
        if let Some(restored) = addition.part.put_back(&text, &addition.traces).map_err(refused)? {
            draft.note(&addition.path, &told(addition));
            draft.put(&addition.path, restored, None);
        }
    }
    Ok(draft.finish(Vec::new()))
}
