//! Compose services: one that already runs the same image serves, else a new one goes into the project's file.

use super::Verb;
use super::case::Case;
use super::draft::{Draft, Wish};
use super::earlier::settle;
use super::spot::Spot;
use crate::component::Service;
use crate::edit::{Outcome, Part, Step, compose};
use crate::problem::Problem;

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
        let images: Vec<&str> = service.images.iter().map(String::as_str).collect();
        let is_it = |part: &Part| match part {
            Part::Service { name } => name == &service.name || name.starts_with(&format!("{}-", service.name)),
            Part::Volumes { names } => *names == service.volumes,
            part => *part == Part::Section,
        };
        if settle(draft, &path, &is_it, (&what(&service.name), &|text| add_to(text, service, &images)))? {
            continue;
        }
        let text = draft.text(&path)?;
        match compose::find_service(&text, &images) {
            Ok(Some(name)) => draft.remark(
                Spot::File(path.clone()),
                Verb::Keep,
                format!("its service `{name}` serves as {}", service.name),
            ),
            Ok(None) | Err(_) => add_one(draft, &path, &text, service, &images)?,
        }
    }
    Ok(())
}

fn add_to(text: &str, service: &Service, images: &[&str]) -> Outcome {
    let volumes: Vec<&str> = service.volumes.iter().map(String::as_str).collect();
    compose::add_service(
        text,
        &compose::Service { name: &service.name, images, body: &service.body, volumes: &volumes, taken: &[] },
    )
}

fn add_one(draft: &mut Draft<'_>, path: &str, text: &str, service: &Service, images: &[&str]) -> Result<(), Problem> {
    let by_hand = "add this service".to_owned();
    let outcome = add_to(text, service, images);
    let added = outcome.as_ref().ok().and_then(|edit| compose::find_service(&edit.apply(text), images).ok()?);
    let name = added.unwrap_or_else(|| service.name.clone());
    let part = |step: &Step| {
        let is_key = |line: &str, key: &String| line.trim().strip_prefix(key).is_some_and(|rest| rest.starts_with(':'));
        let holds = |key: &String| step.traces.iter().any(|trace| trace.after.lines().any(|line| is_key(line, key)));
        match (holds(&name), service.volumes.iter().any(holds)) {
            (true, _) => Part::Service { name: name.clone() },
            (_, true) => Part::Volumes { names: service.volumes.clone() },
            _ => Part::Section,
        }
    };
    let what = what(&name);
    draft.attempt(Wish { path, what, part: &part, by_hand, snippet: snippet(service) }, outcome).map(drop)
}

/// The service as a compose file of its own would have it.
fn snippet(service: &Service) -> String {
    let indented: String = service.body.lines().map(|line| format!("    {line}\n")).collect();
    let volumes: String = service.volumes.iter().map(|volume| format!("  {volume}:\n")).collect();
    let volumes = if volumes.is_empty() { volumes } else { format!("volumes:\n{volumes}") };
    format!("services:\n  {}:\n{indented}{volumes}", service.name)
}

fn what(key: &str) -> String {
    format!("service {key}")
}
