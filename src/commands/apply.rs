//! `rwx apply`

use super::Shelf;
use super::add::{planned, project_for};
use super::finish::{finish, ready};
use crate::cli::Apply;
use crate::plan::{Choices, Request, Saved};
use crate::project::{self, Project, Selection};
use crate::show::Tone;
use crate::terminal::Terminal;

/// Does what a plan says that was made earlier, where that still comes to the same.
pub(crate) fn apply(
    args: Apply,
    selection: Selection,
    tone: Tone,
    out: &mut Terminal<'_>,
) -> anyhow::Result<u8> {
    let text = project::typed_text(&selection, &args.plan)?;
    let saved = Saved::parse(&text, &args.plan.display().to_string())?;
    let shelf = Shelf::open(args.templates.as_deref(), &selection)?;
    let components = shelf.find_all(&saved.request.components)?;
    let package = Some(saved.request.package.clone());
    let project = project_for(&components, Selection { package, ..selection })?;
    let choices = inside(&project, saved.request.choices.clone())?;
    let request = Request { choices, ..saved.request.clone() };
    let (project, plan) = planned(project, &components, &shelf, request)?;
    let plan = ready(&project, plan, args.allow_dirty, args.output)?;
    saved.check_fits(&plan, &project.tree)?;
    finish(&project, &plan, args.output, tone, out)
}

/// `choices` of a plan, whose paths are relative to the project's root and have to stay in it.
fn inside(project: &Project, choices: Choices) -> anyhow::Result<Choices> {
    let resolve = |path: Option<String>| {
        path.map(|path| project.resolve(&project.root.join(path).to_string_lossy())).transpose()
    };
    Ok(Choices {
        compose: resolve(choices.compose)?,
        env_file: resolve(choices.env_file)?,
        ..choices
    })
}
