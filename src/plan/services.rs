//! Compose services: one that already runs the same image serves, else a new one goes into the project's file.

use super::Verb;
use super::case::Case;
use super::draft::{Draft, Wish};
use super::settle::settle;
use super::spot::Spot;
use crate::component::Service;
use crate::edit::{Outcome, Part, compose};
use crate::problem::Problem;
use crate::project::Used;

/// Adds the services that are missing to the compose file at `given`, else to the one that an earlier run was given, else
/// to the project's own; without one, none.
///
/// # Errors
/// When the file does not parse, or `given` does not exist.
pub(super) fn add(draft: &mut Draft<'_>, case: &Case<'_>, given: Option<&str>) -> Result<(), Problem> {
    let Case { project, component, settled, .. } = case;
    if let Some(path) = given.filter(|path| !project.tree.contains(path)) {
        return Err(Problem::usage(format!("there is no compose file at {path}"))
            .help("give an existing file to `--compose`, or leave it away"));
    }
    let named = settled.compose.clone().filter(|path| project.tree.contains(path));
    let earlier = || case.file_with(|part| matches!(part, Part::Service { .. }));
    let Some(path) = named.or_else(earlier).or_else(|| project.compose_path()) else { return Ok(()) };
    for service in component.spec.services.iter().filter(|service| settled.is_on(service.when.as_ref())) {
        let is_it = |part: &Part| match part {
            Part::Service { name } => name == &service.name || name.starts_with(&format!("{}-", service.name)),
            Part::Volumes { names } => names.iter().all(|name| service.volumes.contains(name)),
            part => *part == Part::Section,
        };
        let text = draft.text(&path)?;
        let images: Vec<&str> = service.images.iter().map(String::as_str).collect();
        let outcome = add_to(&text, service, &images);
        let added = outcome.as_ref().ok().and_then(|edit| compose::find_service(&edit.apply(&text), &images).ok()?);
        let name = added.unwrap_or_else(|| service.name.clone());
        let wish = Wish {
            request: snippet(service),
            used: &|part| used(part, &text),
            by_hand: "add this service".to_owned(),
            snippet: snippet(service),
            ..Wish::new(&path, format!("service {name}"), &|before, step| part(before, &step.text))
        };
        if settle(draft, &wish, &is_it, &|text| add_to(text, service, &images))? {
            continue;
        }
        match compose::find_service(&text, &images) {
            Ok(Some(name)) if draft.earlier.has(&path, &Part::Service { name: name.clone() }) => {
                let volumes: Vec<&str> = service.volumes.iter().map(String::as_str).collect();
                draft.attempt(wish, compose::add_volumes(&text, &volumes)).map(drop)?;
            }
            Ok(Some(name)) => draft.remark(
                Spot::File(path.clone()),
                Verb::Keep,
                format!("its service `{name}` serves as {}", service.name),
            ),
            Ok(None) | Err(_) => draft.attempt(wish, outcome).map(drop)?,
        }
    }
    Ok(())
}

/// By what the edit that leads from the text `before` to `after` is known later.
fn part(before: &str, after: &str) -> Part {
    let new = |section| compose::new_keys(before, after, section).unwrap_or_default();
    if let Some(name) = new("services").into_iter().next() {
        return Part::Service { name };
    }
    let names = new("volumes");
    if names.is_empty() { Part::Section } else { Part::Volumes { names } }
}

/// The services of the file `text` that use `part` already.
fn used(part: &Part, text: &str) -> Option<Used> {
    let names = match part {
        Part::Service { name } => std::slice::from_ref(name),
        Part::Volumes { names } => names.as_slice(),
        _ => return None,
    };
    let users = names.iter().flat_map(|name| compose::users_of(text, name).unwrap_or_default());
    Some(Used { names: users.collect(), ..Used::default() })
}

fn add_to(text: &str, service: &Service, images: &[&str]) -> Outcome {
    let volumes: Vec<&str> = service.volumes.iter().map(String::as_str).collect();
    compose::add_service(
        text,
        &compose::Service { name: &service.name, images, body: &service.body, volumes: &volumes, taken: &[] },
    )
}

/// The service as a compose file of its own would have it.
fn snippet(service: &Service) -> String {
    let indented: String = service.body.lines().map(|line| format!("    {line}\n")).collect();
    let volumes: String = service.volumes.iter().map(|volume| format!("  {volume}:\n")).collect();
    let volumes = if volumes.is_empty() { volumes } else { format!("volumes:\n{volumes}") };
    format!("services:\n  {}:\n{indented}{volumes}", service.name)
}
