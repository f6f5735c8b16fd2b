//! Adding a component to a project, or bringing an installed one up to date.

use std::collections::BTreeMap;

use minijinja::Value;

use super::case::Case;
use super::choices::Choices;
use super::claims::Claims;
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
use super::{
    Plan, Verb, attributes, chapter, dependencies, environment, files, layout, lost, news,
    packaged, services,
};
use crate::component::{Component, Dependency};
use crate::edit::rust::GRACEFUL;
use crate::problem::Problem;
use crate::project::record::{Addition, own_templates};
use crate::project::tree::join;
use crate::project::{Project, Record, digest};

/// Where a program listens, as long as its code does not say where.
const USUAL_ADDRESS: &str = "127.0.0.1:3000";
/// What a router is served through where handlers learn the address of a client.
const WITH_ADDRESS: &str = "into_make_service_with_connect_info";

/// The files besides the project's standard ones that [`add`] looks at; the project must have
/// loaded them.
///
/// # Errors
/// As [`add`].
pub fn paths_for_add(
    project: &Project,
    component: &Component,
    choices: &Choices,
) -> Result<Vec<String>, Problem> {
    paths(project, component, choices).map_err(|problem| component.placed(problem))
}

fn paths(
    project: &Project,
    component: &Component,
    choices: &Choices,
) -> Result<Vec<String>, Problem> {
    let case = Case::new(project, component, choices)?;
    let rendered = component.templates.iter().map(|template| {
        let path =
            files::path(&component.spec.files, &case.renderer, case.source(), &template.name)?;
        Ok(join(&project.folder, &path))
    });
    let earlier = case
        .before
        .iter()
        .flat_map(|record| &record.files)
        .map(|path| Ok(join(&project.folder, path)));
    let given = case.settled.compose.iter().chain(&case.settled.env_file).cloned().map(Ok);
    rendered.chain(earlier).chain(given).chain(services::paths(&case).into_iter().map(Ok)).collect()
}

/// Plans `component` for `project`.
///
/// # Errors
/// A [`Problem`] when a choice cannot be, the project lacks what the component requires, a file
/// that is to be edited does not parse, or a file is in the way.
pub fn add(project: &Project, component: &Component, choices: &Choices) -> Result<Plan, Problem> {
    all_planned(project, component, choices).map_err(|problem| component.placed(problem))
}

fn all_planned(
    project: &Project,
    component: &Component,
    choices: &Choices,
) -> Result<Plan, Problem> {
    let first = match lost::recover(project, component, choices)? {
        None if choices.policy.restore => restore(project, &component.spec.name)?,
        recovered => recovered.unwrap_or_default(),
    };
    if first.is_empty() {
        return Ok(first.then(planned(project, component, choices)?));
    }
    let project = project.with(first.applied(&project.tree))?;
    Ok(first.then(planned(&project, component, choices)?))
}

fn planned(project: &Project, component: &Component, choices: &Choices) -> Result<Plan, Problem> {
    let mut case = Case::new(project, component, choices)?;
    let spec = &component.spec;
    let earlier = case.before.as_ref().map_or_else(Vec::new, |record| record.additions.clone());
    let earlier = Earlier::new(earlier, choices.policy.restore);
    let mut draft = Draft::after(&project.tree, earlier, Claims::read(project, &spec.name)?);
    let needed = needed(&case)?;
    let wiring = wire(&mut draft, &case)?;
    know(&mut case, &wiring, &needed);
    let rendered =
        files::render(component, &case.renderer, case.source(), |when| case.settled.is_on(when))?;
    dependencies::check_names(&case, &needed, &rendered)?;
    packaged::check(&mut draft, &case, &rendered)?;
    let folder =
        join(&project.folder, &files::path(&spec.files, &case.renderer, case.source(), "")?);
    if !case.is_installed() && choices.module.is_none() {
        lost::check_not_elsewhere(project, &spec.name, &rendered, &folder)?;
    }
    let mut put = Put { digests: BTreeMap::new(), is_laid_out: true };
    let files = if let Some(before) = case.before.as_ref().filter(|_| case.is_moved()) {
        draft.remark(
            Spot::File(format!("{folder}/")),
            Verb::Keep,
            "moved by you, so its files are left to you",
        );
        before.files.clone()
    } else {
        let again = || self::rendered(project, component, &Choices::default()).unwrap_or_default();
        put = files::put(&mut draft, &case, &rendered, &again)?;
        let kept = files::take_away(&mut draft, &case, &rendered);
        rendered.iter().map(|file| file.path.clone()).chain(kept).collect()
    };
    dependencies::add(&mut draft, &case, &needed)?;
    let outlooks = services::add(&mut draft, &case, choices.compose.as_deref())?;
    let commands = Commands::new(project);
    case.renderer.set("services", Value::from(outlook::values(&outlooks, &commands, draft.tree())));
    environment::add(&mut draft, &case)?;
    look_ahead(&mut case, &commands, &folder);
    case.renderer.set("in_new", choices.in_new);
    chapter::add(&mut draft, &case, choices.in_new)?;
    withdraw_unclaimed(&mut draft, project)?;
    put.is_laid_out &= layout::lay_out(&mut draft, project);
    let attributes = attributes::put(&mut draft, project);
    let record = Record { attributes, ..record(&case, files, &put, draft.additions())? };
    // One that says the same stays as it is: git may have given it other line endings.
    if case.before.as_ref() != Some(&record) {
        draft.put(&Record::path(&project.folder, &spec.name), record.text()?, None);
    }
    let before = case.before.as_ref().map_or(&[][..], |before| &before.additions);
    std::mem::take(&mut draft.claims).follow(&mut draft, before, &record.additions)?;
    let mut steps = steps(&case)?;
    if !put.is_laid_out {
        steps.insert(
            0,
            format!(
                "lay the new code out as your rustfmt.toml says\n    {}",
                commands.cargo("fmt")
            ),
        );
    }
    // A new project says so itself.
    if let Some(go) = commands.go().filter(|_| !steps.is_empty() && !choices.in_new) {
        steps.insert(0, format!("go to the package\n    {go}"));
    }
    let folders = if case.is_installed() { Vec::new() } else { vec![folder] };
    let mut plan = Plan { folders, ..draft.finish(steps) };
    if !plan.is_empty() {
        plan.warnings.extend(news::news(&case)?);
    }
    let own = own_templates(&project.folder, &spec.name);
    if !plan.is_empty() && component.spec_file.path.starts_with(&format!("{own}/")) {
        plan.warnings.push(format!(
            "{own}/ is the project's own and was rendered in place of rwx's templates: read what \
            came of it"
        ));
    }
    Ok(plan)
}

fn needed<'a>(case: &Case<'a>) -> Result<Vec<Needed<'a>>, Problem> {
    let wanted = |dependency: &Dependency| case.settled.is_on(dependency.when.as_ref());
    let version = |dependency: &Dependency| case.renderer.render(&dependency.version);
    dependencies::needed(
        case.project,
        &case.component.spec,
        wanted,
        |entry| case.has_added(entry),
        version,
    )
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
    case.renderer.set("ends_gracefully", case.package.mentions(GRACEFUL));
}

/// What the templates render for `choices`, with nothing put anywhere.
///
/// # Errors
/// As [`add`].
pub(super) fn rendered(
    project: &Project,
    component: &Component,
    choices: &Choices,
) -> Result<Vec<Rendered>, Problem> {
    let mut case = Case::new(project, component, choices)?;
    let needed = needed(&case)?;
    let earlier = case.before.as_ref().map_or_else(Vec::new, |record| record.additions.clone());
    let wiring = wire(
        &mut Draft::after(&project.tree, Earlier::new(earlier, false), Claims::default()),
        &case,
    )?;
    know(&mut case, &wiring, &needed);
    files::render(component, &case.renderer, case.source(), |when| case.settled.is_on(when))
}

fn record(
    case: &Case<'_>,
    files: Vec<String>,
    put: &Put,
    additions: Vec<Addition>,
) -> Result<Record, Problem> {
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
        wiring: wording(case)?.map(|words| digest(words.as_bytes())),
        compose: case.settled.compose.clone(),
        env_file: case.settled.env_file.clone(),
        options: case.settled.options.clone(),
        attributes: None,
        files,
        additions,
    })
}

/// Tells the templates how the project is run, in commands that work where the user's shell is;
/// `folder` holds the rendered files.
fn look_ahead(case: &mut Case<'_>, commands: &Commands<'_>, folder: &str) {
    let listens = case.package.listens_on(&case.axum());
    case.renderer.set("is_address_known", listens.is_some());
    case.renderer.set("address", listens.unwrap_or_else(|| USUAL_ADDRESS.to_owned()));
    case.renderer.set("folder", folder);
    for what in ["check", "test"] {
        case.renderer.set(format!("cargo_{what}"), commands.cargo(what));
    }
    let add = format!("infra add {}", case.component.spec.name);
    case.renderer.set("rwx_add", commands.rwx_there(&add));
    case.renderer.set("cargo_run", commands.cargo_run(&case.package, &case.axum()));
}

/// What the user does next.
fn steps(case: &Case<'_>) -> Result<Vec<String>, Problem> {
    let steps =
        case.component.spec.steps.iter().filter(|step| case.settled.is_on(step.when.as_ref()));
    let steps = steps.filter(|step| step.update || !case.had(step.when.as_ref()));
    let rendered =
        steps.map(|step| case.renderer.render(&step.text)).collect::<Result<Vec<_>, _>>()?;
    Ok(rendered.iter().map(|step| step.trim().to_owned()).filter(|step| !step.is_empty()).collect())
}
