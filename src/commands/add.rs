//! `rwx infra add`

use std::collections::BTreeSet;

use super::finish::conclude;
use super::given::{options, policy, selected};
use super::templates::follow;
use super::{Shelf, load_all};
use crate::cli::Add;
use crate::component::{self, Component};
use crate::plan::{self, Choices, Plan, Policy};
use crate::problem::Problem;
use crate::project::{Needs, Project, Selection, locate};
use crate::show::Tone;
use crate::terminal::Terminal;

/// Adds the components that the user named, or brings them up to date.
pub(crate) fn add(
    args: Add,
    selection: Selection,
    tone: Tone,
    out: &mut Terminal<'_>,
) -> anyhow::Result<u8> {
    if args.components.is_empty() {
        return Err(which_component()?.into());
    }
    let shelf = Shelf::open(args.edits.templates.as_deref(), &selection)?;
    let components = shelf.find_all(&args.components)?;
    let project = project_for(&components, selected(selection, args.place))?;
    plan::check_none_pending(&project)?;
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
    let (project, plan) = add_all(project, Plan::default(), &components, &shelf, &choices)?;
    conclude(&project, plan, args.edits.own.allow_dirty, args.output, tone, out)
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

fn which_component() -> anyhow::Result<Problem> {
    let names: Vec<String> =
        component::addable()?.into_iter().map(|component| component.spec.name).collect();
    let example = names.first().cloned().unwrap_or_default();
    Ok(Problem::usage("no component is named")
        .help(format!("type `rwx infra add {example}`; the components are: {}", names.join(", "))))
}

/// The crates that `components` require, in words.
fn required(components: &[Component]) -> String {
    let names: BTreeSet<&str> = components
        .iter()
        .flat_map(|component| component.spec.requires.keys().map(String::as_str))
        .collect();
    names.into_iter().collect::<Vec<_>>().join(" and ")
}
