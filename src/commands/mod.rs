//! The commands, a file each, and what they share: where components come from, what the command
//! line says, the end of a run.

mod add;
mod apply;
mod ask;
mod catalog;
mod completions;
mod diff;
mod finish;
mod given;
mod man;
mod new;
mod remove;
mod shelf;
mod status;
mod templates;
mod update;

pub(crate) use add::add;
pub(crate) use apply::apply;
pub(crate) use catalog::{info, list};
pub(crate) use completions::completions;
pub(crate) use diff::diff;
pub(crate) use man::man;
pub(crate) use new::new;
pub(crate) use remove::remove;
pub(crate) use status::status;
pub(crate) use templates::templates;
pub(crate) use update::update;

use shelf::Shelf;

use std::collections::BTreeSet;

use crate::component::{self, Component};
use crate::plan::{self, Choices};
use crate::problem::{Problem, USAGE};
use crate::project::pending::Pending;
use crate::project::{Needs, Project, Record, Selection, locate};
use crate::shell::quoted;

/// The package that `selection` means among those that have what the command `needs`.
fn project(selection: &Selection, needs: &Needs<'_>) -> Result<Project, Problem> {
    Project::read(&locate(selection, needs)?)
}

/// Takes in what an update that waits has written, if one does.
///
/// # Errors
/// When its state does not parse, or a file cannot be read.
fn load_written(project: &mut Project) -> Result<(), Problem> {
    let pending = Pending::read(&project.tree, &project.folder)?.unwrap_or_default();
    let written: Vec<String> = pending.written.into_iter().map(|file| file.path).collect();
    project.load(&written)
}

/// Takes in the files at `paths`, and those that they name.
///
/// # Errors
/// When one exists and cannot be read.
fn load_all(project: &mut Project, paths: Vec<String>) -> Result<(), Problem> {
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut open = paths;
    while !open.is_empty() {
        project.load(&open)?;
        known.extend(open);
        let all: Vec<String> = known.iter().cloned().collect();
        open = plan::named_paths(&project.tree, &all);
        open.retain(|path| !known.contains(path));
    }
    Ok(())
}

/// The names of the components of `project` that are called `names`; of all without a name.
///
/// # Errors
/// A [`Problem`] when one is not installed, or none is.
fn installed(project: &Project, names: &[String], shelf: &Shelf) -> anyhow::Result<Vec<String>> {
    let mut installed = Record::installed(&project.tree, &project.folder);
    check_not_lost(project, names, &installed)?;
    if installed.is_empty() && names.is_empty() {
        return Err(Problem::new("no component is installed here")
            .help("`rwx infra list` shows what there is; `rwx infra add COMPONENT` adds it")
            .into());
    }
    if let Some(name) = names.iter().find(|name| !installed.contains(*name)) {
        shelf.find_for(project, name)?;
        return Err(Problem::new(format!("{name} is not installed here"))
            .help(format!("add it with `rwx infra add {}`", quoted(name)))
            .into());
    }
    installed.retain(|name| names.is_empty() || names.contains(name));
    Ok(installed.into_iter().collect())
}

/// Refuses where the files of a component that is asked for, by `names` or by none, are there and
/// its record is gone.
///
/// # Errors
/// A [`Problem`] that says how to get it back.
fn check_not_lost(
    project: &Project,
    names: &[String],
    installed: &BTreeSet<String>,
) -> anyhow::Result<()> {
    let is_asked = |name: &String| names.contains(name) || names.is_empty() && installed.is_empty();
    for component in component::addable()? {
        let name = &component.spec.name;
        if installed.contains(name) || !is_asked(name) {
            continue;
        }
        let mut project = project.clone();
        project.load(
            &plan::paths_for_add(&project, &component, &Choices::default()).unwrap_or_default(),
        )?;
        if let Some(problem) = plan::lost(&project, &component) {
            return Err(problem.into());
        }
    }
    Ok(())
}

/// The components called `names`, which are installed in `project`.
///
/// # Errors
/// A [`Problem`] when there are no templates of one, or they cannot be read.
fn with_templates(
    project: &Project,
    names: &[String],
    shelf: &Shelf,
) -> anyhow::Result<Vec<Component>> {
    let find = |name: &String| {
        shelf.find_for(project, name).map_err(|error| without_templates(error, name))
    };
    names.iter().map(find).collect()
}

/// What to say when the installed component `name` is none of rwx's own.
fn without_templates(error: anyhow::Error, name: &str) -> anyhow::Error {
    if !is_unknown(&error) {
        return error;
    }
    Problem::new(format!("{name} is installed here, and rwx has no templates for it"))
        .help(
            "give the folder that holds them with `--templates DIR`, or name the components to \
            update",
        )
        .into()
}

/// True when the error is that rwx has no component of a name.
fn is_unknown(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Problem>().is_some_and(|problem| problem.code == USAGE)
}
