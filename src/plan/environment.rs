//! The environment sample: lines with their comments.

use super::case::Case;
use super::draft::{Draft, Wish};
use crate::component::EnvLine;
use crate::edit::dotenv;
use crate::problem::Problem;

/// Adds the lines that are missing to the sample that the user named, else to the project's own.
///
/// # Errors
/// When the sample does not parse or a value does not render.
pub(super) fn add(draft: &mut Draft<'_>, case: &Case<'_>) -> Result<(), Problem> {
    let Case { project, component, settled, renderer, .. } = case;
    let Some(environment) = &component.spec.environment else { return Ok(()) };
    let path = settled.env_file.clone().unwrap_or_else(|| project.sample_path());
    let wanted: Vec<&EnvLine> = environment.lines.iter().filter(|line| settled.is_on(line.when.as_ref())).collect();
    let values = wanted.iter().map(|line| renderer.render(&line.value)).collect::<Result<Vec<_>, _>>()?;
    let comments: Vec<Vec<&str>> =
        wanted.iter().map(|line| line.comment.iter().map(String::as_str).collect()).collect();
    let parts = wanted.iter().zip(&values).zip(&comments);
    let lines: Vec<dotenv::Line<'_>> =
        parts.map(|((line, value), comment)| dotenv::Line { key: &line.key, value, comment }).collect();
    let names: Vec<&str> = wanted.iter().map(|line| line.key.as_str()).collect();
    let is_hidden = project.hides_new_sample && path == project.sample_path();
    let wish = Wish {
        path: &path,
        what: names.join(", "),
        by_hand: "add these lines".to_owned(),
        snippet: lines.iter().map(|line| format!("{}={}", line.key, line.value)).collect::<Vec<_>>().join("\n"),
    };
    let text = draft.text(&path)?;
    draft.attempt(wish, dotenv::add(&text, &environment.header, &lines))?;
    if is_hidden {
        draft.warn(format!("git ignores {path}; add `!{path}` to .gitignore so that others see it"));
    }
    Ok(())
}
