//! An error as the user sees it: what is wrong, the line where, what to type next.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::problem::Problem;

/// `problem` with its line shown. Styled when console finds that stderr takes colour.
pub fn problem(problem: &Problem) -> String {
    told(Level::ERROR, problem)
}

/// `problem` where the run did what it was asked all the same.
pub fn warning(problem: &Problem) -> String {
    told(Level::WARNING, problem)
}

fn told(level: Level<'_>, problem: &Problem) -> String {
    let mut group = level.primary_title(&problem.message).elements(problem.excerpt.iter().map(|excerpt| {
        let at = excerpt.at.start.min(excerpt.text.len())..excerpt.at.end.min(excerpt.text.len());
        let line_end = excerpt.text[at.start..].find(['\r', '\n']).map_or(excerpt.text.len(), |end| at.start + end);
        let span = at.start..at.end.clamp(at.start, line_end);
        Snippet::source(excerpt.text.as_str()).path(&excerpt.path).annotation(AnnotationKind::Primary.span(span))
    }));
    if let Some(help) = &problem.help {
        group = group.element(Level::HELP.message(help));
    }
    let renderer = if console::colors_enabled_stderr() { Renderer::styled() } else { Renderer::plain() };
    let output = problem.output.as_ref().map_or_else(String::new, |output| format!("{output}\n\n"));
    format!("{output}{}\n", renderer.render(&[group]))
}
