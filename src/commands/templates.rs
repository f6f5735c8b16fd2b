//! `rwx templates eject` and `rwx templates update`: the owner's templates.

use super::add::project_for;
use super::finish::conclude;
use super::given::{policy, selected};
use super::{Shelf, project};
use crate::cli::{Eject, Output, OwnEdits, Templates, TemplatesRun, UpdateTemplates};
use crate::component;
use crate::plan::{self, Plan, Policy};
use crate::problem::Problem;
use crate::project::{Needs, Project, Selection};
use crate::shell::quoted;
use crate::show::Tone;
use crate::terminal::Terminal;

/// Puts templates into the project, or brings those that are there up to date.
pub(crate) fn templates(
    command: Templates,
    selection: Selection,
    tone: Tone,
    out: &mut Terminal<'_>,
) -> anyhow::Result<u8> {
    match command {
        Templates::Eject(args) => eject(args, selection, tone, out),
        Templates::Update(args) => update(args, selection, tone, out),
    }
}

fn eject(
    args: Eject,
    selection: Selection,
    tone: Tone,
    out: &mut Terminal<'_>,
) -> anyhow::Result<u8> {
    let components = Shelf::open(None, &selection)?.find_all(&args.components)?;
    let Eject { run: TemplatesRun { place, edits, output }, .. } = args;
    let project = project_for(&components, selected(selection, place))?;
    let names: Vec<String> = components.into_iter().map(|component| component.spec.name).collect();
    finish_all(project, &names, &edits, output, tone, out)
}

fn update(
    args: UpdateTemplates,
    selection: Selection,
    tone: Tone,
    out: &mut Terminal<'_>,
) -> anyhow::Result<u8> {
    let UpdateTemplates { components, run: TemplatesRun { place, edits, output } } = args;
    let project = project(&selected(selection, place), &Needs::Templates)?;
    let known = component::addable()?.into_iter().map(|component| component.spec.name);
    let followed: Vec<String> = known.filter(|name| plan::is_followed(&project, name)).collect();
    if let Some(name) = components.iter().find(|name| !followed.contains(name)) {
        component::find(name)?;
        let problem = Problem::new(format!("the templates of {name} are not in this project"));
        return Err(problem
            .help(format!("put them there with `rwx templates eject {}`", quoted(name)))
            .into());
    }
    let names = if components.is_empty() { followed } else { components };
    finish_all(project, &names, &edits, output, tone, out)
}

/// Puts the templates of the components called `names` into the project, or brings those that are
/// there up to date.
fn finish_all(
    mut project: Project,
    names: &[String],
    edits: &OwnEdits,
    output: Output,
    tone: Tone,
    out: &mut Terminal<'_>,
) -> anyhow::Result<u8> {
    plan::check_none_pending(&project)?;
    let policy = policy(edits);
    let mut plan = Plan::default();
    for name in names {
        let next = follow(&project, name, policy)?;
        project = project.with(next.applied(&project.tree))?;
        plan = plan.then(next);
    }
    plan.steps = plan::steps_with_templates(&project, names);
    conclude(&project, plan, edits.allow_dirty, output, tone, out)
}

/// Plans what brings the project's templates of the component called `name` up to date with rwx's.
///
/// # Errors
/// As [`plan::follow`], and when rwx has no such component.
pub(super) fn follow(project: &Project, name: &str, policy: Policy) -> anyhow::Result<Plan> {
    let files = component::find(name)?.spec.files;
    Ok(plan::follow(project, name, &component::embedded(name)?, &files, policy)?)
}
