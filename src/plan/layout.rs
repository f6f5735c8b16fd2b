//! The owner's sources that a run edits, in the layout of her own rustfmt.

use super::draft::Draft;
use super::merge::fed;
use crate::project::Project;

/// Lays out the sources that `draft` edits and that were laid out before, where the project has a
/// layout for them. False where one is not laid out in the end.
pub(super) fn lay_out(draft: &mut Draft<'_>, project: &Project) -> bool {
    let mut edited = draft.edited();
    edited.retain(|file| project.has_layout(&file.path));
    if edited.is_empty() {
        return true;
    }
    let before = edited.iter().map(|file| (file.path.as_str(), file.before.as_str()));
    let now = edited.iter().map(|file| (file.path.as_str(), file.now.as_str()));
    let mut before = project.laid_out(&before.chain(now).collect::<Vec<_>>());
    let now = before.split_off(edited.len());
    let is_as =
        |laid_out: &Option<String>, text: &str| laid_out.as_deref().map(fed) == Some(fed(text));
    let mut is_done = true;
    for ((file, before), now) in edited.iter().zip(before).zip(now) {
        match now {
            _ if is_as(&now, &file.now) => {}
            Some(now) if is_as(&before, &file.before) => draft.put(&file.path, now, None),
            _ => is_done = false,
        }
    }
    is_done
}
