//! Whether one of a project's services is the one that a component needs.

use super::stack::{Seen, Stack};
use crate::component::Service;
use crate::edit::compose::{Image, publishing};

/// What the compose files have of a service.
pub(super) enum Found<'s> {
    /// A service that runs one of its images.
    Serving(&'s Seen),
    /// A service that may, and why that is not certain.
    Perhaps(&'s Seen, String),
    /// None.
    Missing,
}

/// The service of `stack` that serves as `service`, else the first that may.
pub(super) fn find<'s>(service: &Service, stack: &'s Stack) -> Found<'s> {
    let runs = |seen: &&Seen| match &seen.view.image {
        Image::Named(image) | Image::Built(image) => service.images.contains(image),
        Image::Variable(_) | Image::Unsaid => false,
    };
    if let Some(serving) = stack.services.iter().find(runs) {
        return Found::Serving(serving);
    }
    let perhaps = stack.services.iter().find_map(|seen| Some((seen, doubt(service, seen)?)));
    perhaps.map_or(Found::Missing, |(seen, why)| Found::Perhaps(seen, why))
}

/// Why it is not certain that `seen` serves as `service`, where it may.
fn doubt(service: &Service, seen: &Seen) -> Option<String> {
    let names: Vec<&str> =
        service.images.iter().map(|image| last(image)).chain([service.name.as_str()]).collect();
    let says = |text: &str| {
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|word| names.iter().any(|name| name.eq_ignore_ascii_case(word)))
    };
    let view = &seen.view;
    let has_port = || {
        let ports = publishing(&service.body);
        ports.iter().map(|port| *port.target.start()).any(|port| {
            view.ports.iter().any(|own| own.of(port).is_some())
                || view.exposed.iter().any(|own| own.contains(&port))
        })
    };
    match &view.image {
        Image::Named(image) if names.contains(&last(image)) => {
            Some(format!("its image is `{image}`"))
        }
        Image::Built(image) if says(&view.name) || names.contains(&last(image)) || has_port() => {
            Some("it is built here".to_owned())
        }
        Image::Variable(text) if says(&view.name) || says(text) || has_port() => {
            Some("its image cannot be read here".to_owned())
        }
        _ => None,
    }
}

/// The last part of an image's name.
fn last(image: &str) -> &str {
    image.rsplit('/').next().unwrap_or(image)
}
