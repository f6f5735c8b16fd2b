//! Adding a component to a project, or bringing an installed one up to date.

use super::case::Case;
use super::choices::Choices;
use super::dependencies::Needed;
use super::draft::Draft;
use super::earlier::{Earlier, withdraw_unclaimed};
use super::files::Rendered;
use super::restore::restore;
use super::spot::Spot;
use super::wiring::{Wiring, wire, wording};
use super::{Plan, Verb, dependencies, environment, files, packaged, services};
use crate::component::{Component, Dependency};
use crate::problem::Problem;
use crate::project::record::Addition;
use crate::project::tree::join;
use crate::project::{Project, Record};

/// What a router is served through where handlers learn the address of a client.
const WITH_ADDRESS: &str = "into_make_service_with_connect_info";

/// The files besides the project's standard ones that [`add`] looks at; the project must have loaded them.
///
/// # Errors
/// As [`add`].
pub fn paths_for_add(project: &Project, component: &Component, choices: &Choices) -> Result<Vec<String>, Problem> {
    paths(project, component, choices).map_err(|problem| component.placed(problem))
}

fn paths(project: &Project, component: &Component, choices: &Choices) -> Result<Vec<String>, Problem> {
    let case = Case::new(project, component, choices)?;
    let rendered = component.templates.iter().map(|template| {
        let path = files::path(&component.spec.files, &case.renderer, case.source(), &template.name)?;
        Ok(join(&project.folder, &path))
    });
    let earlier = case.before.iter().flat_map(|record| &record.files).map(|path| Ok(join(&project.folder, path)));
    let given = case.settled.compose.iter().chain(&case.settled.env_file).cloned().map(Ok);
    rendered.chain(earlier).chain(given).collect()
}

/// Plans `component` for `project`.
///
/// # Errors
/// A [`Problem`] when a choice cannot be, the project lacks what the component requires, a file that is to be edited does
/// not parse, or a file is in the way.
pub fn add(project: &Project, component: &Component, choices: &Choices) -> Result<Plan, Problem> {
    let plan = if choices.policy.restore {
        let restored = restore(project, &component.spec.name)?;
        let project = project.with(restored.applied(&project.tree))?;
        planned(&project, component, choices).map(|plan| restored.then(plan))
    } else {
        planned(project, component, choices)
    };
    plan.map_err(|problem| component.placed(problem))
}

fn planned(project: &Project, component: &Component, choices: &Choices) -> Result<Plan, Problem> {
    let mut case = Case::new(project, component, choices)?;
    let spec = &component.spec;
    let earlier = case.before.as_ref().map_or_else(Vec::new, |record| record.additions.clone());
    let mut draft = Draft::after(&project.tree, Earlier::new(earlier, choices.policy.restore));
    let needed = needed(&case)?;
    let wiring = wire(&mut draft, &case)?;
    know(&mut case, &wiring, &needed);
    let rendered = files::render(component, &case.renderer, case.source(), |when| case.settled.is_on(when))?;
    dependencies::check_names(&case, &needed, &rendered)?;
    packaged::check(&mut draft, &case, &rendered)?;
    let folder = join(&project.folder, &files::path(&spec.files, &case.renderer, case.source(), "")?);
    let files = if let Some(before) = case.before.as_ref().filter(|_| case.is_moved()) {
        draft.remark(Spot::File(format!("{folder}/")), Verb::Keep, "moved by you, so its files are left to you");
        before.files.clone()
    } else {
        files::put(&mut draft, &case, &rendered, &|| rendered_again(&case, &wiring).unwrap_or_default())?;
        let kept = files::take_away(&mut draft, &case, &rendered);
        rendered.iter().map(|file| file.path.clone()).chain(kept).collect()
    };
    dependencies::add(&mut draft, &case, &needed)?;
    environment::add(&mut draft, &case)?;
    services::add(&mut draft, &case, choices.compose.as_deref())?;
    withdraw_unclaimed(&mut draft, project)?;
    let record = record(&case, files, &rendered, draft.additions())?;
    // One that says the same stays as it is: git may have given it other line endings.
    if case.before.as_ref() != Some(&record) {
        draft.put(&Record::path(&project.folder, &spec.name), record.text()?, None);
    }
    let steps = steps(&case)?;
    let folders = if case.is_installed() { Vec::new() } else { vec![folder] };
    Ok(Plan { folders, ..draft.finish(steps) })
}

fn needed<'a>(case: &Case<'a>) -> Result<Vec<Needed<'a>>, Problem> {
    let wanted = |dependency: &Dependency| case.settled.is_on(dependency.when.as_ref());
    let version = |dependency: &Dependency| case.renderer.render(&dependency.version);
    dependencies::needed(case.project, &case.component.spec, wanted, |entry| case.has_added(entry), version)
}

/// Tells the templates what was found out about the project.
fn know(case: &mut Case<'_>, wiring: &Wiring, needed: &[Needed<'_>]) {
    for dependency in needed {
        case.renderer.set(dependency.variable(), dependency.name());
    }
    case.renderer.set("crate_path", wiring.path.as_str());
    case.renderer.set("wired", wiring.is_wired);
    case.renderer.set("hub", wiring.binding.as_str());
    case.renderer.set("addressed", case.package.mentions(WITH_ADDRESS));
}

/// What the templates render today for the choices of the earlier run.
///
/// # Errors
/// When they no longer can be, or a template does not render.
fn rendered_again(case: &Case<'_>, wiring: &Wiring) -> Result<Vec<Rendered>, Problem> {
    let mut then = Case::new(case.project, case.component, &Choices::default())?;
    let needed = needed(&then)?;
    know(&mut then, wiring, &needed);
    files::render(case.component, &then.renderer, then.source(), |when| then.settled.is_on(when))
}

fn record(
    case: &Case<'_>,
    files: Vec<String>,
    rendered: &[Rendered],
    additions: Vec<Addition>,
) -> Result<Record, Problem> {
    let digests = files.iter().filter_map(|path| {
        let now = rendered.iter().find(|file| &file.path == path).filter(|_| !case.is_moved());
        let earlier = case.known(path).digests;
        let digests = now.map(|file| files::digests(path, &file.text, earlier));
        Some((path.clone(), digests.or(earlier.map(str::to_owned))?))
    });
    Ok(Record {
        digests: digests.collect(),
        rwx: env!("CARGO_PKG_VERSION").to_owned(),
        module: case.settled.module.clone(),
        route: case.settled.route.clone(),
        no_wire: !case.settled.wire,
        wiring: wording(case)?,
        compose: case.settled.compose.clone(),
        env_file: case.settled.env_file.clone(),
        options: case.settled.options.clone(),
        files,
        additions,
    })
}

fn steps(case: &Case<'_>) -> Result<Vec<String>, Problem> {
    let steps = case.component.spec.steps.iter().filter(|step| case.settled.is_on(step.when.as_ref()));
    let steps = steps.filter(|step| step.update || !case.had(step.when.as_ref()));
    let rendered = steps.map(|step| case.renderer.render(&step.text)).collect::<Result<Vec<_>, _>>()?;
    Ok(rendered.iter().map(|step| step.trim().to_owned()).filter(|step| !step.is_empty()).collect())
}
