//! `rwx infra add`

use std::collections::BTreeSet;

use super::ask;
use super::finish::{finish, ready};
use super::given::{options, policy, selected};
use super::templates::follow;
use super::{Shelf, load_all};
use crate::cli::Add;
use crate::component::{self, Component};
use crate::plan::{self, Choices, Plan, Policy, Request};
use crate::problem::{Problem, REFUSED};
use crate::project::{Needs, Project, Record, Selection, locate};
use crate::show::Tone;
use crate::terminal::Terminal;

/// Adds the components that the user named, or brings them up to date; where she named none, she is
/// asked.
pub(crate) fn add(
    mut args: Add,
    selection: Selection,
    tone: Tone,
    out: &mut Terminal<'_>,
) -> anyhow::Result<u8> {
    let is_asked = args.components.is_empty();
    if is_asked {
        args.components.push(asked_component(args.edits.templates.is_some(), out)?);
    }
    let shelf = Shelf::open(args.edits.templates.as_deref(), &selection)?;
    let components = shelf.find_all(&args.components)?;
    let project = project_for(&components, selected(selection, args.place.clone()))?;
    plan::check_none_pending(&project)?;
    if is_asked {
        args.settings.extend(asked_options(&project, &shelf, &args, out)?);
    }
    let (output, allow_dirty, yes) = (args.output, args.edits.own.allow_dirty, args.yes);
    let request = request(&project, args)?;
    let (project, plan) = planned(project, &components, &shelf, request)?;
    let plan = ready(&project, plan, allow_dirty, output)?;
    let is_open = is_asked && !yes && !output.is_dry() && !plan.is_empty();
    if is_open && !ask::is_agreed(&plan, tone, out)? {
        return Ok(REFUSED);
    }
    finish(&project, &plan, output, tone, out)
}

/// What `args` ask for in `project`.
///
/// # Errors
/// When a path leads out of the project.
fn request(project: &Project, args: Add) -> Result<Request, Problem> {
    let resolve =
        |given: &Option<String>| given.as_deref().map(|path| project.resolve(path)).transpose();
    let choices = Choices {
        options: options(&args.settings),
        compose: resolve(&args.compose)?,
        env_file: resolve(&args.env_file)?,
        module: args.module,
        route: args.route,
        no_wire: args.no_wire,
        wire: args.wire,
        in_new: false,
        policy: Policy { restore: args.restore, ..policy(&args.edits.own) },
    };
    Ok(Request { package: project.name.clone(), components: args.components, choices })
}

/// Plans what `request` asks for in `project`, of which `components` are those that it names.
///
/// # Errors
/// As [`add_all`], and while an update waits for its owner.
pub(super) fn planned(
    project: Project,
    components: &[Component],
    shelf: &Shelf,
    request: Request,
) -> anyhow::Result<(Project, Plan)> {
    plan::check_none_pending(&project)?;
    let (project, plan) = add_all(project, Plan::default(), components, shelf, &request.choices)?;
    Ok((project, Plan { request: Some(request), ..plan }))
}

/// The component that the user answers.
///
/// # Errors
/// A usage [`Problem`] where there is nobody to ask, or she `has_templates` of her own to choose
/// from.
fn asked_component(has_templates: bool, out: &mut Terminal<'_>) -> anyhow::Result<String> {
    let components = component::addable()?;
    if has_templates || !out.is_answered() {
        return Err(which_component(&components).into());
    }
    ask::component(&components, out)
}

/// The options that the user switches, from how they are in `project` and on the command line.
fn asked_options(
    project: &Project,
    shelf: &Shelf,
    args: &Add,
    out: &mut Terminal<'_>,
) -> anyhow::Result<Vec<(String, bool)>> {
    let mut switched = Vec::new();
    for name in &args.components {
        let record = Record::read(&project.tree, &project.folder, name)?;
        let mut now = record.map(|record| record.options).unwrap_or_default();
        now.extend(options(&args.settings));
        switched.extend(ask::options(&shelf.find_for(project, name)?.spec, &now, out)?);
    }
    Ok(switched)
}

/// The package that `selection` means among those that have what `components` require.
///
/// # Errors
/// As [`locate`], and when a file of it cannot be read.
pub(super) fn project_for(
    components: &[Component],
    selection: Selection,
) -> Result<Project, Problem> {
    let met = |manifest: &str| {
        components.iter().all(|component| plan::depends_on_required(&component.spec, manifest))
    };
    let needs = Needs::Crates { names: required(components), met: &met };
    Project::read(&locate(&selection, &needs)?)
}

/// Plans one component after the other, each for the project that the one before leaves. The
/// owner's templates are brought up to date first; where that leaves conflicts, nothing can be
/// rendered before they are resolved.
///
/// # Errors
/// As [`plan::add`] and [`follow`], and when there are no templates of one.
pub(super) fn add_all(
    mut project: Project,
    mut plan: Plan,
    components: &[Component],
    shelf: &Shelf,
    choices: &Choices,
) -> anyhow::Result<(Project, Plan)> {
    for component in components {
        let name = &component.spec.name;
        if shelf.is_followed(&project, name) {
            let next =
                follow(&project, name, Policy { force: false, restore: false, ..choices.policy })?;
            project = project.with(next.applied(&project.tree))?;
            plan = plan.then(next);
            if !plan.conflicts.is_empty() {
                break;
            }
        }
        let component = &shelf.find_for(&project, name)?;
        let paths = plan::paths_for_add(&project, component, choices)?;
        load_all(&mut project, paths)?;
        let next = plan::add(&project, component, choices)?;
        project = project.with(next.applied(&project.tree))?;
        plan = plan.then(next);
    }
    Ok((project, plan))
}

fn which_component(components: &[Component]) -> Problem {
    let names: Vec<&str> =
        components.iter().map(|component| component.spec.name.as_str()).collect();
    let example = names.first().copied().unwrap_or_default();
    Problem::usage("no component is named")
        .help(format!("type `rwx infra add {example}`; the components are: {}", names.join(", ")))
}

/// The crates that `components` require, in words.
fn required(components: &[Component]) -> String {
    let names: BTreeSet<&str> = components
        .iter()
        .flat_map(|component| component.spec.requires.keys().map(String::as_str))
        .collect();
    names.into_iter().collect::<Vec<_>>().join(" and ")
}
