//! A service as the parts of a compose file, and as its text.

use crate::component::Service;
use crate::edit::compose;
use crate::edit::{Part, Step};
use crate::project::Used;

/// By what the edit that leads from the text `before` to `step` is known later.
pub(super) fn part(before: &str, step: &Step) -> Part {
    let new = |section| compose::new_keys(before, &step.text, section).unwrap_or_default();
    if let Some(name) = new("services").into_iter().next() {
        return Part::Service { name };
    }
    let names = new("volumes");
    if names.is_empty() { Part::Section } else { Part::Volumes { names } }
}

/// The services of the file `text` that use `part` already.
pub(super) fn used(part: &Part, text: &str) -> Option<Used> {
    let names = match part {
        Part::Service { name } => std::slice::from_ref(name),
        Part::Volumes { names } => names.as_slice(),
        _ => return None,
    };
    let users = names.iter().flat_map(|name| compose::users_of(text, name).unwrap_or_default());
    Some(Used { names: users.collect(), ..Used::default() })
}

pub(super) fn images(service: &Service) -> Vec<&str> {
    service.images.iter().map(String::as_str).collect()
}

/// The service as a compose file of its own would have it.
pub(super) fn snippet(service: &Service, body: &str) -> String {
    let indented: String = body.lines().map(|line| format!("    {line}\n")).collect();
    let volumes: String = service.volumes.iter().map(|volume| format!("  {volume}:\n")).collect();
    let volumes = if volumes.is_empty() { volumes } else { format!("volumes:\n{volumes}") };
    format!("services:\n  {}:\n{indented}{volumes}", service.name)
}
