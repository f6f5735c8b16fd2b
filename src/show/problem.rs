//! An error as the user sees it: what is wrong, the line where, what to type next.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::problem::{Excerpt, Problem};
use crate::visible::{one_line, visible};

/// `problem` with its line shown. Styled when console finds that stderr takes colour.
pub fn problem(problem: &Problem) -> String {
    told(Level::ERROR, problem)
}

/// `problem` where the run did what it was asked all the same.
pub fn warning(problem: &Problem) -> String {
    told(Level::WARNING, problem)
}

fn told(level: Level<'_>, problem: &Problem) -> String {
    let mut group = level.primary_title(one_line(&problem.message)).elements(
        problem.excerpt.iter().map(|excerpt| {
            let (text, span) = shown(excerpt);
            Snippet::source(text)
                .path(one_line(&excerpt.path))
                .annotation(AnnotationKind::Primary.span(span))
        }),
    );
    if let Some(help) = &problem.help {
        group = group.element(Level::HELP.message(visible(help)));
    }
    let renderer =
        if console::colors_enabled_stderr() { Renderer::styled() } else { Renderer::plain() };
    let output = problem
        .output
        .as_ref()
        .map_or_else(String::new, |output| format!("{}\n\n", visible(output)));
    format!("{output}{}\n", renderer.render(&[group]))
}

/// The text of `excerpt` as it can be shown, and the bytes to point at in that: on their first
/// line.
fn shown(excerpt: &Excerpt) -> (String, Range<usize>) {
    let (before, rest) = excerpt.text.split_at(excerpt.at.start.min(excerpt.text.len()));
    let line_end = rest.find(['\r', '\n']).unwrap_or(rest.len());
    let (at, behind) = rest.split_at(excerpt.at.len().min(line_end));
    let mut text = visible(before).into_owned();
    let start = text.len();
    text += &visible(at);
    let end = text.len();
    text += &visible(behind);
    (text, start..end)
}
