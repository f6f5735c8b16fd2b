//! Compose services: one that already runs the same image serves, else a new one goes into the project's file.

use super::Verb;
use super::case::Case;
use super::draft::{Draft, Wish};
use super::spot::Spot;
use crate::component::Service;
use crate::edit::compose;
use crate::problem::{MEND, Problem};

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
    let Some(path) = named.or_else(|| project.compose_path()) else { return Ok(()) };
    for service in component.spec.services.iter().filter(|service| settled.is_on(service.when.as_ref())) {
        let images: Vec<&str> = service.images.iter().map(String::as_str).collect();
        let text = draft.text(&path)?;
        let found = compose::find_service(&text, &images)
            .map_err(|refusal| Problem::refused(&path, &text, refusal).help(MEND))?;
        match found {
            Some(name) if case.has_added(&path, &what(&name)) => {}
            Some(name) => draft.remark(
                Spot::File(path.clone()),
                Verb::Keep,
                format!("its service `{name}` serves as {}", service.name),
            ),
            None => add_one(draft, &path, &text, service, &images)?,
        }
    }
    Ok(())
}

fn add_one(draft: &mut Draft<'_>, path: &str, text: &str, service: &Service, images: &[&str]) -> Result<(), Problem> {
    let volumes: Vec<&str> = service.volumes.iter().map(String::as_str).collect();
    let entry = compose::Service { name: &service.name, images, body: &service.body, volumes: &volumes };
    let by_hand = "add this service".to_owned();
    let outcome = compose::add_service(text, &entry);
    let added = outcome.as_ref().ok().and_then(|edit| compose::find_service(&edit.apply(text), images).ok()?);
    let what = what(added.as_deref().unwrap_or(&service.name));
    draft.attempt(Wish { path, what, by_hand, snippet: snippet(service) }, outcome).map(drop)
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
