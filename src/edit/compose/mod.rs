//! The editor of compose files: a service that already runs is found by its image, a missing one is
//! added.

mod body;
mod image;
mod interpolation;
#[cfg(test)]
mod laws;
mod place;
mod ports;
mod publish;
mod services;
#[cfg(test)]
mod tests;
mod undo;
mod verify;
mod view;
mod yaml;

use super::lines::append_block;
use super::{Edit, Outcome, Refusal};
use place::{Entries, File};
use yaml::Node;

pub use ports::{HostPort, Port};
pub use publish::{publishing, with_host_port};
pub use undo::{differ_by, find_key, new_keys, users_of};
pub use view::{Extends, Image, ServiceView, View, view};

/// A service that a compose file must run.
#[derive(Debug, Clone, Copy)]
pub struct Service<'a> {
    /// The key it gets; with a number behind it (`cache-2`) where that key runs something else.
    pub name: &'a str,
    /// Names of the images that count as this service, without registry host, tag and digest.
    pub images: &'a [&'a str],
    /// Its YAML mapping, two spaces a level, with an `image` that is one of `images`.
    pub body: &'a str,
    /// The named volumes it needs; one that the file has is used.
    pub volumes: &'a [&'a str],
    /// Keys of services that other files bring.
    pub taken: &'a [&'a str],
}

/// Key of the first service in `source` that runs one of `images`, also through aliases and merges.
///
/// # Errors
/// Malformed when `source` is no YAML. Unsafe when it holds a key twice.
pub fn find_service(source: &str, images: &[&str]) -> Result<Option<String>, Refusal> {
    let document = yaml::parse(source)?;
    Ok(document.roots.iter().find_map(|root| services::running(root, images)))
}

/// Adds the service and its volumes to `source`, unless a service runs one of its images already.
///
/// # Errors
/// Malformed when `source` is no YAML. Unsafe when it holds several documents or a key twice, or
/// when its `services` or `volumes` are not mappings that a line can be added to. The result was
/// parsed and compared with what was asked for.
pub fn add_service(source: &str, service: &Service) -> Outcome {
    let document = yaml::parse(source)?;
    if document.roots.iter().any(|root| services::running(root, service.images).is_some()) {
        return Ok(Edit::default());
    }
    let root = document.only()?;
    let name = free_name(root, service);
    let Some(root) = root else {
        let edit = whole_file(source, service, &name);
        return verify::verify(source, None, service, &name, edit);
    };
    let file = File::new(source, &document, root)?;
    let mut edit = Edit::default();
    let lines = |indent, step| service_lines(service, &name, indent, step);
    file.insert(&mut edit, &Entries { section: "services", lines: &lines, flow: None })?;
    insert_volumes(&mut edit, &file, &missing_volumes(root, service.volumes))?;
    verify::verify(source, Some(root), service, &name, edit)
}

/// Adds those of `volumes` to `source` that it does not have.
///
/// # Errors
/// Malformed as [`find_service`]. Unsafe as [`add_service`].
pub fn add_volumes(source: &str, volumes: &[&str]) -> Outcome {
    let document = yaml::parse(source)?;
    let Some(root) = document.only()? else { return Ok(Edit::default()) };
    let missing = missing_volumes(root, volumes);
    let mut edit = Edit::default();
    insert_volumes(&mut edit, &File::new(source, &document, root)?, &missing)?;
    let names: Vec<String> = missing.iter().map(|name| (*name).to_owned()).collect();
    if differ_by(&edit.apply(source), source, "volumes", &names) {
        return Ok(edit);
    }
    Err(Refusal::not_safe(
        root.span.clone(),
        "the file would not say what is meant with its volumes added",
    ))
}

fn insert_volumes(edit: &mut Edit, file: &File<'_>, missing: &[&str]) -> Result<(), Refusal> {
    if missing.is_empty() {
        return Ok(());
    }
    let flow =
        missing.iter().map(|volume| format!("{volume}: {{}}")).collect::<Vec<_>>().join(", ");
    let lines = |indent, _| volume_lines(missing, indent);
    file.insert(edit, &Entries { section: "volumes", lines: &lines, flow: Some(flow) })
}

/// The service's name, or the first of `name-2`, `name-3`, … that no service has.
fn free_name(root: Option<&Node>, Service { name, taken, .. }: &Service) -> String {
    let own = root.map(|root| services::keys(root, "services")).unwrap_or_default();
    let taken = [&own, *taken].concat();
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    std::iter::once((*name).to_owned())
        .chain(numbered)
        .find(|name| !taken.contains(&name.as_str()))
        .unwrap_or_default()
}

fn missing_volumes<'a>(root: &Node, volumes: &[&'a str]) -> Vec<&'a str> {
    let there = services::keys(root, "volumes");
    volumes.iter().copied().filter(|volume| !there.contains(volume)).collect()
}

fn service_lines(service: &Service, name: &str, indent: usize, step: usize) -> String {
    format!("{}{name}:\n{}", " ".repeat(indent), body::indented(service.body, indent + step, step))
}

fn volume_lines(volumes: &[&str], indent: usize) -> String {
    volumes
        .iter()
        .map(|volume| format!("{}{volume}:", " ".repeat(indent)))
        .collect::<Vec<_>>()
        .join("\n")
}

/// A file's first content, the services apart from the volumes.
fn whole_file(source: &str, service: &Service, name: &str) -> Edit {
    let services = format!("services:\n{}", service_lines(service, name, 2, 2));
    let mut edit = append_block(source, &services);
    if !service.volumes.is_empty() {
        let with_services = edit.apply(source);
        let volumes = append_block(
            &with_services,
            &format!("volumes:\n{}", volume_lines(service.volumes, 2)),
        );
        volumes.splices().iter().for_each(|splice| edit.insert(source.len(), splice.text.clone()));
    }
    edit
}
