//! Compose services: one that already runs the same image serves, else a new one goes into the
//! project's file.

mod found;
mod parts;
mod stack;

use super::Verb;
use super::case::Case;
use super::draft::{Draft, Left, Wish};
use super::outlook::Outlook;
use super::settle::settle;
use super::spot::Spot;
use crate::component::Service;
use crate::edit::compose::{self, HostPort, Port};
use crate::edit::{Outcome, Part, Refusal, Step};
use crate::problem::Problem;
use crate::project::Tree;
use found::Found;
use parts::{images, part, snippet, used};
use stack::Stack;
pub(super) use stack::{Seen, override_of};

/// Files that docker reads after a compose file without being told, the ones that it prefers first.
const COMPOSE_OVERRIDES: [&str; 4] = [
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
];
/// How many ports above its own are tried for a service whose port of the host is taken.
const TRIED: u16 = 1000;

/// The compose files that the services of a component may have to do with, as far as those that are
/// known name them.
pub(super) fn paths(case: &Case<'_>) -> Vec<String> {
    file(case).map_or_else(Vec::new, |path| named_paths(&case.project.tree, &[path]))
}

/// The files that docker reads with the compose files among `paths`, as far as those in `tree` name
/// them.
pub fn named_paths(tree: &Tree, paths: &[String]) -> Vec<String> {
    let is_yaml = |path: &&String| path.ends_with(".yaml") || path.ends_with(".yml");
    paths.iter().filter(is_yaml).flat_map(|path| stack::paths(tree, path)).collect()
}

/// The compose file: the one that the user named, else the one that an earlier run was given, else
/// the project's own.
fn file(case: &Case<'_>) -> Option<String> {
    let named = case.settled.compose.clone().filter(|path| case.project.tree.contains(path));
    let earlier = || case.file_with(|one| matches!(one.part, Part::Service { .. }));
    named.or_else(earlier).or_else(|| case.project.compose_path())
}

/// Adds the services that are missing to the compose file; without one, none. The answer is where
/// each is to be reached.
///
/// # Errors
/// When the file does not parse, or `given`, which the user named in this run, does not exist.
pub(super) fn add(
    draft: &mut Draft<'_>,
    case: &Case<'_>,
    given: Option<&str>,
) -> Result<Vec<Outlook>, Problem> {
    if let Some(path) = given.filter(|path| !case.project.tree.contains(path)) {
        return Err(Problem::usage(format!("there is no compose file at {path}"))
            .help("give an existing file to `--compose`, or leave it away"));
    }
    let path = file(case);
    let services = case
        .component
        .spec
        .services
        .iter()
        .filter(|service| case.settled.is_on(service.when.as_ref()));
    let one = |service: &Service| match &path {
        Some(path) => Addition { path, service }.make(draft),
        None => Ok(Outlook::missing(service, &service.body)),
    };
    services.map(one).collect()
}

/// A service that a compose file must run.
struct Addition<'a> {
    path: &'a str,
    service: &'a Service,
}

impl Addition<'_> {
    fn make(&self, draft: &mut Draft<'_>) -> Result<Outlook, Problem> {
        let Self { path, service } = *self;
        let text = draft.text(path)?;
        let stack = match Stack::read(draft.tree(), path) {
            Ok(stack) => stack,
            Err(refusal) => return self.refuse(draft, refusal),
        };
        let own = self.own_name(draft);
        let body = self.body(&stack, own.as_deref());
        let outcome = self.added_to(&text, &stack, &body);
        let images = images(service);
        let added = outcome
            .as_ref()
            .ok()
            .and_then(|edit| compose::find_service(&edit.apply(&text), &images).ok()?);
        let name = added.unwrap_or_else(|| service.name.clone());
        let used = |part: &Part| used(part, &text);
        let wish = Wish { used: &used, ..self.wish(format!("service {name}"), &part, &body) };
        if settle(draft, &wish, &|part| self.is_it(part), &|text| {
            self.added_to(text, &stack, &body)
        })? {
            return Ok(
                self.outlook(draft, self.own_name(draft).as_deref().unwrap_or(&service.name))
            );
        }
        match found::find(service, &stack) {
            Found::Serving(seen) if seen.file == *path && Some(&seen.view.name) == own.as_ref() => {
                let volumes: Vec<&str> = service.volumes.iter().map(String::as_str).collect();
                draft.attempt(wish, compose::add_volumes(&text, &volumes))?;
                Ok(self.outlook(draft, &seen.view.name))
            }
            Found::Serving(seen) => {
                let reason = format!("its service `{}` serves as {}", seen.view.name, service.name);
                draft.remark(Spot::File(seen.file.clone()), Verb::Keep, reason);
                Ok(Outlook::of(service, path, seen))
            }
            Found::Perhaps(seen, why) => {
                let reason = format!(
                    "its service `{}` is taken for {}, though {why}: look whether it is one, else \
                    add one",
                    seen.view.name, service.name
                );
                draft.remark(Spot::File(seen.file.clone()), Verb::Keep, reason);
                Ok(Outlook::of(service, path, seen))
            }
            Found::Missing => match stack.unread.first() {
                Some((file, named)) => {
                    let reason = format!(
                        "{file} includes {named}, which is not read and may have {} already",
                        service.name
                    );
                    let what =
                        format!("look there, and add this service to {path} where it is missing");
                    draft.leave(Left {
                        spot: Spot::File(file.clone()),
                        reason,
                        about: Vec::new(),
                        what,
                        snippet: snippet(service, &body),
                    });
                    Ok(Outlook::missing(service, &body))
                }
                None if draft.attempt(wish, outcome)? => {
                    self.warn_of_clashes(draft, &stack, &body);
                    Ok(self.outlook(draft, &name))
                }
                None => Ok(Outlook::missing(service, &body)),
            },
        }
    }

    /// Leaves the service to the user where the file cannot be read as one.
    fn refuse(&self, draft: &mut Draft<'_>, refusal: Refusal) -> Result<Outlook, Problem> {
        let service = self.service;
        let wish = self.wish(String::new(), &|_, _| Part::Section, &service.body);
        draft.attempt(wish, Err(refusal))?;
        Ok(Outlook::missing(service, &service.body))
    }

    fn wish<'w>(
        &'w self,
        what: String,
        part: &'w dyn Fn(&str, &Step) -> Part,
        body: &str,
    ) -> Wish<'w> {
        Wish {
            // The port of the host is found here, and is no other request.
            request: snippet(self.service, &self.service.body),
            by_hand: "add this service".to_owned(),
            snippet: snippet(self.service, body),
            ..Wish::new(self.path, what, part)
        }
    }

    /// Warns of ports of the host for which no free one could be taken.
    fn warn_of_clashes(&self, draft: &mut Draft<'_>, stack: &Stack, body: &str) {
        for port in compose::publishing(body) {
            let clashes =
                |seen: &&Seen| seen.view.ports.iter().any(|other| other.clashes_with(&port));
            if let (Some(other), HostPort::Ports(ports)) =
                (stack.services.iter().find(clashes), &port.host)
            {
                let (own, port) = (&self.service.name, ports.start());
                draft.warn(format!(
                    "{own} publishes port {port} of the host, as `{}` does: change one",
                    other.view.name
                ));
            }
        }
    }

    /// Where the service called `name` of the file is to be reached; where it is gone, where a new
    /// one would be.
    fn outlook(&self, draft: &Draft<'_>, name: &str) -> Outlook {
        let Self { path, service } = *self;
        let stack = Stack::read(draft.tree(), path).ok();
        let seen =
            stack.iter().flat_map(|stack| &stack.services).find(|seen| seen.view.name == name);
        seen.map_or_else(
            || Outlook::missing(service, &service.body),
            |seen| Outlook::of(service, path, seen),
        )
    }

    fn added_to(&self, text: &str, stack: &Stack, body: &str) -> Outcome {
        let Self { path, service } = *self;
        let elsewhere = |seen: &&Seen| seen.file != path;
        let taken: Vec<&str> =
            stack.services.iter().filter(elsewhere).map(|seen| seen.view.name.as_str()).collect();
        let volumes = service.volumes.iter().filter(|volume| !stack.volumes.contains(volume));
        let volumes: Vec<&str> = volumes.map(String::as_str).collect();
        let (name, images) = (&service.name, images(service));
        compose::add_service(
            text,
            &compose::Service { name, images: &images, body, volumes: &volumes, taken: &taken },
        )
    }

    fn is_it(&self, part: &Part) -> bool {
        let service = self.service;
        match part {
            Part::Service { name } => {
                name == &service.name || name.starts_with(&format!("{}-", service.name))
            }
            Part::Volumes { names } => names.iter().all(|name| service.volumes.contains(name)),
            part => *part == Part::Section,
        }
    }

    /// The key under which an earlier run has added the service, for this package or another.
    fn own_name(&self, draft: &Draft<'_>) -> Option<String> {
        let all = draft.earlier.kept().chain(draft.added());
        let mut own =
            all.filter(|addition| addition.path == self.path && self.is_it(&addition.part));
        own.find_map(|addition| match &addition.part {
            Part::Service { name } => Some(name.clone()),
            _ => None,
        })
    }

    /// The body of the service, published where nothing else of the files is: where the one called
    /// `own`, of an earlier run, is today, else at the next port of the host that is free.
    fn body(&self, stack: &Stack, own: Option<&str>) -> String {
        let service = self.service;
        let is_own = |seen: &&Seen| seen.file == self.path && Some(seen.view.name.as_str()) == own;
        let (own, others): (Vec<&Seen>, Vec<&Seen>) = stack.services.iter().partition(is_own);
        let mut taken: Vec<Port> =
            others.iter().flat_map(|seen| seen.view.ports.iter().cloned()).collect();
        let mut body = service.body.clone();
        for port in compose::publishing(&service.body) {
            let HostPort::Ports(ports) = &port.host else { continue };
            let (wanted, target) = (*ports.start(), *port.target.start());
            let today =
                own.iter().flat_map(|seen| &seen.view.ports).find_map(|port| port.of(target));
            let at = |host: u16| Port { host: HostPort::Ports(host..=host), ..port.clone() };
            let is_free = |host: &u16| !taken.iter().any(|other| other.clashes_with(&at(*host)));
            let host = match today {
                Some(HostPort::Ports(today)) => *today.start(),
                _ => (wanted..=wanted.saturating_add(TRIED)).find(is_free).unwrap_or(wanted),
            };
            body = compose::with_host_port(&body, &port, host);
            taken.push(at(host));
        }
        body
    }
}
