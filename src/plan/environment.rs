//! Samples of the environment: lines with their comments.

use super::case::Case;
use super::draft::{Draft, Wish};
use super::settle::settle;
use crate::component::EnvLine;
use crate::edit::{Part, Step, dotenv};
use crate::problem::Problem;
use crate::project::is_container_environment;

/// A variable for one file.
struct Variable<'a> {
    key: &'a str,
    value: String,
    comment: Vec<String>,
    /// What the component asks for.
    request: String,
}

impl Variable<'_> {
    fn with_line<T>(&self, make: impl FnOnce(dotenv::Line<'_>) -> T) -> T {
        let comment: Vec<&str> = self.comment.iter().map(String::as_str).collect();
        make(dotenv::Line { key: self.key, value: &self.value, comment: &comment })
    }
}

/// Adds the lines that are missing to the sample that the user named, else to the project's own,
/// and what is different in a container to the file that says so, where there is one.
///
/// # Errors
/// When one of the files does not parse or a value does not render.
pub(super) fn add(draft: &mut Draft<'_>, case: &Case<'_>) -> Result<(), Problem> {
    let Case { project, component, settled, .. } = case;
    let Some(environment) = &component.spec.environment else { return Ok(()) };
    let is_in_sample = |path: &str, part: &Part| {
        matches!(part, Part::Variable { .. }) && !is_container_environment(path)
    };
    let earlier = || case.file_with(|one| is_in_sample(&one.path, &one.part));
    let path = settled.env_file.clone().or_else(earlier).unwrap_or_else(|| project.sample_path());
    let wanted: Vec<&EnvLine> =
        environment.lines.iter().filter(|line| settled.is_on(line.when.as_ref())).collect();
    let shown = wanted.iter().map(|line| shown(case, line)).collect::<Result<Vec<_>, _>>()?;
    add_all(draft, &path, &environment.header, &shown)?;
    let Some(path) = project.container_environment() else { return Ok(()) };
    let inside = wanted.iter().filter_map(|line| inside(case, line).transpose());
    add_all(draft, &path, "", &inside.collect::<Result<Vec<_>, _>>()?)
}

/// `line` as the sample shows it.
fn shown<'a>(case: &Case<'_>, line: &'a EnvLine) -> Result<Variable<'a>, Problem> {
    let value = case.renderer.render(&line.value)?;
    let comment = line.comment.iter().map(|text| case.renderer.render(text));
    // What the comment says of the project at hand is no other request.
    let told: String = line.comment.iter().map(|text| format!("# {text}\n")).collect();
    let request = format!("{told}{}={value}", line.key);
    Ok(Variable { key: &line.key, value, comment: comment.collect::<Result<_, _>>()?, request })
}

/// `line` as it is in a container, where that is different.
fn inside<'a>(case: &Case<'_>, line: &'a EnvLine) -> Result<Option<Variable<'a>>, Problem> {
    let Some(value) = &line.inside else { return Ok(None) };
    let value = case.renderer.render(value)?;
    let request = format!("{}={value}", line.key);
    Ok((!value.is_empty()).then_some(Variable {
        key: &line.key,
        value,
        comment: Vec::new(),
        request,
    }))
}

/// Adds those of `variables` that are missing to the file at `path`, below `header`.
fn add_all(
    draft: &mut Draft<'_>,
    path: &str,
    header: &str,
    variables: &[Variable<'_>],
) -> Result<(), Problem> {
    let mut open = Vec::new();
    for variable in variables {
        let is_it = |part: &Part| matches!(part, Part::Variable { name } if name == variable.key);
        let part = |_: &str, _: &Step| Part::Variable { name: variable.key.to_owned() };
        let wish =
            Wish { request: variable.request.clone(), ..Wish::new(path, variable.key, &part) };
        let editor = |text: &str| variable.with_line(|line| dotenv::add(text, "", &[line]));
        if !settle(draft, &wish, &is_it, &editor)? {
            open.push(variable);
        }
    }
    add_lines(draft, path, header, &open)
}

/// Adds `variables` below `header`, each as an edit of its own, so that it can go without the
/// others.
fn add_lines(
    draft: &mut Draft<'_>,
    path: &str,
    header: &str,
    variables: &[&Variable<'_>],
) -> Result<(), Problem> {
    let text = draft.text(path)?;
    let added = |text: &str, header: &str, variables: &[&Variable<'_>]| {
        let comments: Vec<Vec<&str>> =
            variables.iter().map(|one| one.comment.iter().map(String::as_str).collect()).collect();
        let lines: Vec<dotenv::Line<'_>> = variables
            .iter()
            .zip(&comments)
            .map(|(one, comment)| dotenv::Line { key: one.key, value: &one.value, comment })
            .collect();
        dotenv::add(text, header, &lines)
    };
    let missing =
        |one: &&&Variable<'_>| !added(&text, header, &[one]).is_ok_and(|edit| edit.is_empty());
    let missing: Vec<&str> = variables.iter().filter(missing).map(|one| one.key).collect();
    let snippet: Vec<String> =
        variables.iter().map(|one| format!("{}={}", one.key, one.value)).collect();
    let wish = Wish {
        by_hand: "add these lines".to_owned(),
        snippet: snippet.join("\n"),
        ..Wish::new(path, missing.join(", "), &|_, _| Part::Comment)
    };
    match added(&text, header, variables) {
        Ok(edit) if edit.is_empty() => return Ok(()),
        Ok(_) => {}
        refused => return draft.attempt(wish, refused).map(drop),
    }
    if !header.is_empty() {
        let header_alone = Wish { what: String::new(), request: header.to_owned(), ..wish.clone() };
        let editor = |text: &str| dotenv::add_header(text, header);
        if !settle(draft, &header_alone, &|part| *part == Part::Comment, &editor)? {
            draft.attempt(header_alone, editor(&text))?;
        }
    }
    // One that she has taken out stays out.
    let has_header =
        dotenv::add_header(&draft.text(path)?, header).is_ok_and(|edit| edit.is_empty());
    let header = if has_header { header } else { "" };
    for (index, one) in variables.iter().enumerate() {
        let edit = added(&draft.text(path)?, header, &variables[..=index]);
        let part = |_: &str, _: &Step| Part::Variable { name: one.key.to_owned() };
        draft.attempt(Wish { part: &part, request: one.request.clone(), ..wish.clone() }, edit)?;
    }
    Ok(())
}
