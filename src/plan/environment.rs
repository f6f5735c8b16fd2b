//! The environment sample: lines with their comments.

use std::collections::BTreeMap;

use super::case::Case;
use super::draft::{Draft, Wish};
use super::settle::settle;
use crate::component::EnvLine;
use crate::edit::{Part, Step, dotenv};
use crate::problem::Problem;

/// Adds the lines that are missing to the sample that the user named, else to the project's own.
///
/// # Errors
/// When the sample does not parse or a value does not render.
pub(super) fn add(draft: &mut Draft<'_>, case: &Case<'_>) -> Result<(), Problem> {
    let Case { project, component, settled, renderer, .. } = case;
    let Some(environment) = &component.spec.environment else { return Ok(()) };
    let earlier = || case.file_with(|part| matches!(part, Part::Variable { .. }));
    let path = settled.env_file.clone().or_else(earlier).unwrap_or_else(|| project.sample_path());
    let wanted: Vec<&EnvLine> =
        environment.lines.iter().filter(|line| settled.is_on(line.when.as_ref())).collect();
    let values =
        wanted.iter().map(|line| renderer.render(&line.value)).collect::<Result<Vec<_>, _>>()?;
    let comments =
        wanted.iter().map(|line| line.comment.iter().map(|text| renderer.render(text)).collect());
    let comments = comments.collect::<Result<Vec<Vec<String>>, Problem>>()?;
    let comments: Vec<Vec<&str>> =
        comments.iter().map(|comment| comment.iter().map(String::as_str).collect()).collect();
    let parts = wanted.iter().zip(&values).zip(&comments);
    let lines: Vec<dotenv::Line<'_>> = parts
        .map(|((line, value), comment)| dotenv::Line { key: &line.key, value, comment })
        .collect();
    // What the comment says of the project at hand is no other request.
    let mut requests: BTreeMap<&str, String> = BTreeMap::new();
    for (line, value) in wanted.iter().zip(&values) {
        let comment: String = line.comment.iter().map(|text| format!("# {text}\n")).collect();
        requests.insert(&line.key, format!("{comment}{}={value}", line.key));
    }
    let mut open = Vec::new();
    for line in lines {
        let is_it = |part: &Part| matches!(part, Part::Variable { name } if name == line.key);
        let part = |_: &str, _: &Step| Part::Variable { name: line.key.to_owned() };
        let wish =
            Wish { request: requests[line.key].clone(), ..Wish::new(&path, line.key, &part) };
        if !settle(draft, &wish, &is_it, &|text| dotenv::add(text, "", &[line]))? {
            open.push(line);
        }
    }
    add_lines(draft, &path, &environment.header, &open, &requests)
}

/// Adds `lines` below `header`, each as an edit of its own, so that it can go without the others.
fn add_lines(
    draft: &mut Draft<'_>,
    path: &str,
    header: &str,
    lines: &[dotenv::Line<'_>],
    requests: &BTreeMap<&str, String>,
) -> Result<(), Problem> {
    let text = draft.text(path)?;
    let missing = |line: &&dotenv::Line<'_>| {
        !dotenv::add(&text, header, &[**line]).is_ok_and(|edit| edit.is_empty())
    };
    let missing: Vec<&str> = lines.iter().filter(missing).map(|line| line.key).collect();
    let wish = Wish {
        by_hand: "add these lines".to_owned(),
        snippet: lines
            .iter()
            .map(|line| format!("{}={}", line.key, line.value))
            .collect::<Vec<_>>()
            .join("\n"),
        ..Wish::new(path, missing.join(", "), &|_, _| Part::Comment)
    };
    match dotenv::add(&text, header, lines) {
        Ok(edit) if edit.is_empty() => return Ok(()),
        Ok(_) => {}
        refused => return draft.attempt(wish, refused).map(drop),
    }
    let header_alone = Wish { what: String::new(), ..wish.clone() };
    draft.attempt(header_alone, dotenv::add_header(&text, header))?;
    for (index, line) in lines.iter().enumerate() {
        let edit = dotenv::add(&draft.text(path)?, header, &lines[..=index]);
        let part = |_: &str, _: &Step| Part::Variable { name: line.key.to_owned() };
        draft.attempt(
            Wish { part: &part, request: requests[line.key].clone(), ..wish.clone() },
            edit,
        )?;
    }
    Ok(())
}
