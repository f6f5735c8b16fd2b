//! Adding a component to a project, or bringing an installed one up to date.

use std::collections::BTreeMap;

use minijinja::Value;

use super::case::Case;
use super::choices::Choices;
use super::commands::Commands;
use super::dependencies::Needed;
use super::draft::Draft;
use super::earlier::{Earlier, withdraw_unclaimed};
use super::files::{Put, Rendered};
use super::outlook;
use super::restore::restore;
pub use super::services::named_paths;
use super::spot::Spot;
use super::wiring::{Wiring, wire, wording};
use super::{Plan, Verb, dependencies, environment, files, layout, packaged, services};
use crate::component::{Component, Dependency};
use crate::problem::Problem;
use crate::project::record::Addition;
use crate::project::tree::join;
use crate::project::{Project, Record};

/// Where a program listens, as long as its code does not say where.
const USUAL_ADDRESS: &str = "127.0.0.1:3000";
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
    rendered.chain(earlier).chain(given).chain(services::paths(&case).into_iter().map(Ok)).collect()
}

/// The step where rustfmt could not be asked.
const LAY_OUT: &str = "lay the new code out as your rustfmt.toml says\n    cargo fmt";

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
    let mut put = Put { digests: BTreeMap::new(), is_laid_out: true };
    let files = if let Some(before) = case.before.as_ref().filter(|_| case.is_moved()) {
        draft.remark(Spot::File(format!("{folder}/")), Verb::Keep, "moved by you, so its files are left to you");
        before.files.clone()
    } else {
        put = files::put(&mut draft, &case, &rendered, &|| rendered_again(&case, &wiring).unwrap_or_default())?;
        let kept = files::take_away(&mut draft, &case, &rendered);
        rendered.iter().map(|file| file.path.clone()).chain(kept).collect()
    };
    dependencies::add(&mut draft, &case, &needed)?;
    let outlooks = services::add(&mut draft, &case, choices.compose.as_deref())?;
    let commands = Commands::new(project);
    case.renderer.set("services", Value::from(outlook::values(&outlooks, &commands, draft.tree())));
    environment::add(&mut draft, &case)?;
    withdraw_unclaimed(&mut draft, project)?;
    put.is_laid_out &= layout::lay_out(&mut draft, project);
    let record = record(&case, files, &put, draft.additions())?;
    // One that says the same stays as it is: git may have given it other line endings.
    if case.before.as_ref() != Some(&record) {
        draft.put(&Record::path(&project.folder, &spec.name), record.text()?, None);
    }
    let steps = steps(&mut case, &commands, &folder, &put, choices.in_new)?;
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

fn record(case: &Case<'_>, files: Vec<String>, put: &Put, additions: Vec<Addition>) -> Result<Record, Problem> {
    let digests = files.iter().filter_map(|path| {
        let digests = put.digests.get(path).map(String::as_str).or(case.known(path).digests)?;
        Some((path.clone(), digests.to_owned()))
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

/// What the user does next, in commands that work where her shell is; `folder` holds the rendered files.
fn steps(
    case: &mut Case<'_>,
    commands: &Commands<'_>,
    folder: &str,
    put: &Put,
    in_new: bool,
) -> Result<Vec<String>, Problem> {
    let listens = case.package.listens_on(&case.axum());
    case.renderer.set("is_address_known", listens.is_some());
    case.renderer.set("address", listens.unwrap_or_else(|| USUAL_ADDRESS.to_owned()));
    case.renderer.set("folder", folder);
    for what in ["check", "test"] {
        case.renderer.set(format!("cargo_{what}"), commands.cargo(what));
    }
    case.renderer.set("cargo_run", commands.cargo_run(&case.package, &case.axum()));
    let steps = case.component.spec.steps.iter().filter(|step| case.settled.is_on(step.when.as_ref()));
    let steps = steps.filter(|step| step.update || !case.had(step.when.as_ref()));
    let rendered = steps.map(|step| case.renderer.render(&step.text)).collect::<Result<Vec<_>, _>>()?;
    let mut steps: Vec<String> = rendered.iter().map(|step| step.trim().to_owned()).collect();
    steps.retain(|step| !step.is_empty());
    // A new project says so itself.
    let go = commands.go().filter(|_| !steps.is_empty() && !in_new);
    let go = go.map(|go| format!("go to the package\n    {go}"));
    let layout = (!put.is_laid_out).then(|| LAY_OUT.to_owned());
    Ok(go.into_iter().chain(layout).chain(steps).collect())
}
