//! What a component says in the README of a new project.

use super::case::Case;
use super::draft::{Draft, Wish};
use super::settle::settle;
use crate::component::Chapter;
use crate::edit::{Part, Step, markdown};
use crate::problem::Problem;
use crate::project::README;
use crate::project::tree::join;

/// Adds the chapter to the README of a project that is `new`, and keeps it up to date where an
/// earlier run has added it: the README of any other project is its owner's alone.
///
/// # Errors
/// When the chapter does not render.
pub(super) fn add(draft: &mut Draft<'_>, case: &Case<'_>, new: bool) -> Result<(), Problem> {
    let Some(Chapter { title, text }) = &case.component.spec.chapter else { return Ok(()) };
    let earlier = case.file_with(|one| matches!(one.part, Part::Chapter { .. }));
    let own = || new.then(|| join(&case.project.folder, README));
    let Some(path) = earlier.or_else(own) else { return Ok(()) };
    let text = case.renderer.render(text)?;
    let is_it = |part: &Part| matches!(part, Part::Chapter { title: other } if other == title);
    let part = |_: &str, _: &Step| Part::Chapter { title: title.clone() };
    let wish = Wish {
        request: text.clone(),
        by_hand: "add this chapter".to_owned(),
        snippet: format!("## {title}\n\n{}", text.trim()),
        ..Wish::new(&path, format!("chapter {title}"), &part)
    };
    let editor = |source: &str| markdown::add_chapter(source, title, &text);
    if !settle(draft, &wish, &is_it, &editor)? {
        let outcome = editor(&draft.text(&path)?);
        draft.attempt(wish, outcome)?;
    }
    Ok(())
}
