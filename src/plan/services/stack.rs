//! The compose files that docker reads together: one, its override, and what they include and
//! extend.

use std::collections::BTreeMap;

use super::COMPOSE_OVERRIDES;
use crate::edit::Refusal;
use crate::edit::compose::{self, Image, ServiceView, View};
use crate::project::tree::{Tree, below, join, parent};

/// The most files that are read: one may include itself through links.
const MOST: usize = 64;
/// How many services are followed that take over one another.
const MAX_EXTENDS: usize = 8;

/// The files, as far as they are in the project and can be read.
pub(super) struct Stack {
    /// The services of the file, of its override and of what they include.
    pub(super) services: Vec<Seen>,
    /// The named volumes that included files have.
    pub(super) volumes: Vec<String>,
    /// Included files that are not read, as they are named, each with the file that names it.
    pub(super) unread: Vec<(String, String)>,
}

/// A service with the file that has it.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Seen {
    /// The file, or the first of those that add up to the service.
    pub(in crate::plan) file: String,
    /// What it says there, with what it takes over.
    pub(in crate::plan) view: ServiceView,
}

/// How docker comes to read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// It is the project's, or its override.
    Own,
    /// One of those includes it.
    Included,
    /// A service of it is taken over, and no other counts.
    Extended,
}

/// A file to read.
struct Link {
    path: String,
    role: Role,
}

/// The files besides `main` that [`Stack::read`] looks for, as far as those in `tree` name them.
pub(super) fn paths(tree: &Tree, main: &str) -> Vec<String> {
    walk(tree, main).0.into_iter().map(|link| link.path).collect()
}

/// The files that `main` leads to, itself first, and what leads out of the project or names
/// nothing.
fn walk(tree: &Tree, main: &str) -> (Vec<Link>, Vec<(String, String)>) {
    let own = |path: String| Link { path, role: Role::Own };
    let mut links: Vec<Link> =
        [own(main.to_owned())].into_iter().chain(overrides(tree, main).map(own)).collect();
    let mut unread = Vec::new();
    let mut next = 0;
    while next < links.len() && links.len() < MOST {
        let Link { path, role } = &links[next];
        let (path, role) = (path.clone(), *role);
        next += 1;
        let Some(view) = view(tree, &path) else { continue };
        let extended =
            view.services.iter().filter_map(|service| service.extends.as_ref()?.file.clone());
        let mut named: Vec<(Option<String>, Role)> =
            extended.map(|file| (Some(file), Role::Extended)).collect();
        if role != Role::Extended {
            named.extend(view.includes.into_iter().map(|file| (file, Role::Included)));
        }
        for (file, role) in named {
            let Some(inside) = file.as_deref().and_then(|file| below(parent(&path), file)) else {
                let file = file.unwrap_or_else(|| "a file that a variable names".to_owned());
                unread.extend((role == Role::Included).then(|| (path.clone(), file)));
                continue;
            };
            if links.iter().all(|link| link.path != inside) {
                links.push(Link { path: inside, role });
            }
        }
    }
    (links, unread)
}

/// The file that docker reads after `main` without being told; all that it might be, where none is
/// known to be there.
fn overrides(tree: &Tree, main: &str) -> impl Iterator<Item = String> {
    let (folder, name) = main.rsplit_once('/').unwrap_or(("", main));
    let is_usual = crate::project::COMPOSE_NAMES.contains(&name);
    let all: Vec<String> = COMPOSE_OVERRIDES.iter().map(|name| join(folder, name)).collect();
    let there = all.iter().find(|path| tree.contains(path)).cloned();
    let meant = there.map_or(all, |path| vec![path]);
    meant.into_iter().filter(move |_| is_usual)
}

/// The override of `main` that is there.
pub(in crate::plan) fn override_of(tree: &Tree, main: &str) -> Option<String> {
    overrides(tree, main).find(|path| tree.contains(path))
}

fn view(tree: &Tree, path: &str) -> Option<View> {
    compose::view(tree.text(path).ok()??).ok()
}

impl Stack {
    /// Reads the file `main` of `tree` with all that it leads to.
    ///
    /// # Errors
    /// When `main` cannot be read; any other file that cannot is named in [`Stack::unread`].
    pub(super) fn read(tree: &Tree, main: &str) -> Result<Self, Refusal> {
        compose::view(tree.text(main).ok().flatten().unwrap_or_default())?;
        let (links, unread) = walk(tree, main);
        let views: BTreeMap<&str, View> = links
            .iter()
            .filter_map(|link| Some((link.path.as_str(), view(tree, &link.path)?)))
            .collect();
        let mut stack = Self { services: Vec::new(), volumes: Vec::new(), unread };
        for Link { path, role } in &links {
            let Some(view) = views.get(path.as_str()) else {
                // No file has to be there that docker looks for by itself.
                stack
                    .unread
                    .extend((*role == Role::Included).then(|| (main.to_owned(), path.clone())));
                continue;
            };
            if *role == Role::Included {
                stack.volumes.extend(view.volumes.iter().cloned());
            }
            if *role != Role::Extended {
                view.services
                    .iter()
                    .for_each(|service| stack.add(path, whole(&views, path, service)));
            }
        }
        Ok(stack)
    }

    /// Adds a service of the file `path`; what an earlier file says of it stands behind it.
    fn add(&mut self, path: &str, view: ServiceView) {
        let Some(earlier) = self.services.iter_mut().find(|seen| seen.view.name == view.name)
        else {
            return self.services.push(Seen { file: path.to_owned(), view });
        };
        let own = &mut earlier.view;
        if view.image != Image::Unsaid {
            own.image = view.image;
        }
        own.ports.splice(0..0, view.ports);
        own.exposed.extend(view.exposed);
        own.is_on_host |= view.is_on_host;
        own.text += &view.text;
    }
}

/// `service` of the file `path` with what it takes over from others.
fn whole(views: &BTreeMap<&str, View>, path: &str, service: &ServiceView) -> ServiceView {
    let mut whole = service.clone();
    let (mut path, mut extends) = (path.to_owned(), service.extends.clone());
    for _ in 0..MAX_EXTENDS {
        let Some(next) = extends else { return whole };
        path = next
            .file
            .map_or(Some(path.clone()), |file| below(parent(&path), &file))
            .unwrap_or_default();
        let services = views.get(path.as_str()).map_or(&[][..], |view| &view.services);
        let Some(base) = services.iter().find(|base| base.name == next.service) else {
            if whole.image == Image::Unsaid {
                whole.image = Image::Variable(next.service);
            }
            return whole;
        };
        if whole.image == Image::Unsaid {
            whole.image = base.image.clone();
        }
        whole.ports.extend(base.ports.iter().cloned());
        whole.exposed.extend(base.exposed.iter().cloned());
        whole.is_on_host |= base.is_on_host;
        whole.text += &base.text;
        extends = base.extends.clone();
    }
    whole
}

#[cfg(test)]
mod tests;
