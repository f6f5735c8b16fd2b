//! Adding a component to a project, or bringing an installed one up to date.

use super::choices::{Choices, Settled};
use super::dependencies::Needed;
use super::draft::Draft;
use super::render::Renderer;
use super::requires::{Required, required};
use super::wiring::{Wiring, wire};
use super::{Plan, dependencies, environment, files, services};
use crate::component::{Component, Dependency};
use crate::problem::Problem;
use crate::project::record::Addition;
use crate::project::tree::join;
use crate::project::{Project, Record};

/// The files besides the project's standard ones that [`add`] looks at; the project must have loaded them.
///
/// # Errors
/// As [`add`].
pub fn looks_at(project: &Project, component: &Component, choices: &Choices) -> Result<Vec<String>, Problem> {
    let case = Case::new(project, component, choices)?;
    let rendered = component.templates.iter().map(|template| {
        let path = files::path(&component.spec.files, &case.renderer, &template.name)?;
        Ok(join(&project.folder, &path))
    });
    let given = choices.compose.iter().chain(&choices.env_file).cloned().map(Ok);
    rendered.chain(given).collect()
}

/// Plans `component` for `project`.
///
/// # Errors
/// A [`Problem`] when a choice cannot be, the project lacks what the component requires, a file that is to be edited does
/// not parse, or a file is in the way.
pub fn add(project: &Project, component: &Component, choices: &Choices) -> Result<Plan, Problem> {
    let mut case = Case::new(project, component, choices)?;
    let spec = &component.spec;
    let mut draft = Draft::new(&project.tree);
    let needed = case.needed()?;
    let wiring = wire(&mut draft, &case)?;
    case.know(&wiring, &needed);
    let rendered = files::render(component, &case.renderer, |when| case.settled.is_on(when))?;
    files::put(&mut draft, project, &spec.name, &rendered)?;
    dependencies::add(&mut draft, &case, &needed)?;
    environment::add(&mut draft, &case, choices.env_file.as_deref())?;
    services::add(&mut draft, &case, choices.compose.as_deref())?;
    let record = case.record(&rendered, draft.additions())?;
    draft.put(&Record::path(&project.folder, &spec.name), record, None);
    let steps = case.steps(draft.leaves_work())?;
    let folder = join(&project.folder, &case.renderer.render("files.into", &spec.files.into)?);
    Ok(Plan { folders: vec![folder], ..draft.finish(steps) })
}

/// One component, one project, and all choices made: what every part of the plan needs.
#[derive(Debug)]
pub(super) struct Case<'a> {
    pub(super) project: &'a Project,
    pub(super) component: &'a Component,
    pub(super) settled: Settled,
    pub(super) required: Vec<Required>,
    pub(super) renderer: Renderer,
    before: Option<Record>,
}

impl<'a> Case<'a> {
    fn new(project: &'a Project, component: &'a Component, choices: &Choices) -> Result<Self, Problem> {
        let spec = &component.spec;
        let before = Record::read(&project.tree, &project.folder, &spec.name)?;
        let settled = Settled::new(spec, choices, before.as_ref())?;
        let required = required(project, spec)?;
        let mut renderer = Renderer::new();
        renderer.set("package", project.name.as_str());
        renderer.set("edition", project.edition.as_str());
        for (name, value) in [("module", &settled.module), ("route", &settled.route)] {
            value.iter().for_each(|value| renderer.set(name, value.as_str()));
        }
        for (name, value) in &settled.options {
            renderer.set(name.clone(), *value);
        }
        for Required { package, name, minor } in &required {
            renderer.set(package.replace('-', "_"), name.as_str());
            renderer.set(format!("{}_minor", package.replace('-', "_")), *minor);
        }
        Ok(Self { project, component, settled, required, renderer, before })
    }

    /// The name of the axum crate in the project's code.
    pub(super) fn axum(&self) -> String {
        let required = self.required.iter().find(|required| required.package == "axum");
        required.map_or_else(|| "axum".to_owned(), |required| required.name.clone())
    }

    /// True when the component is in the project already.
    pub(super) fn is_installed(&self) -> bool {
        self.before.is_some()
    }

    /// True when an earlier run made the addition `what` to the file at `path`.
    pub(super) fn has_added(&self, path: &str, what: &str) -> bool {
        let additions = self.before.iter().flat_map(|record| &record.additions);
        additions.into_iter().any(|addition| addition.path == path && addition.what == what)
    }

    fn needed(&self) -> Result<Vec<Needed<'a>>, Problem> {
        let wanted = |dependency: &Dependency| self.settled.is_on(dependency.when.as_ref());
        let version = |dependency: &Dependency| self.renderer.render(&dependency.name, &dependency.version);
        dependencies::needed(self.project, &self.component.spec, wanted, version)
    }

    fn know(&mut self, wiring: &Wiring, needed: &[Needed<'_>]) {
        for dependency in needed {
            self.renderer.set(dependency.variable(), dependency.name());
        }
        self.renderer.set("crate_path", wiring.path.as_str());
        self.renderer.set("wired", wiring.is_wired);
        self.renderer.set("hub", wiring.binding.as_str());
    }

    fn record(&self, rendered: &[files::Rendered], additions: &[Addition]) -> Result<String, Problem> {
        let earlier = self.before.iter().flat_map(|record| record.additions.clone());
        let record = Record {
            rwx: env!("CARGO_PKG_VERSION").to_owned(),
            module: self.settled.module.clone(),
            route: self.settled.route.clone(),
            no_wire: !self.settled.wire,
            options: self.settled.options.clone(),
            files: rendered.iter().map(|file| file.path.clone()).collect(),
            additions: earlier.chain(additions.iter().cloned()).collect(),
        };
        record.text().map_err(|error| Problem::new(format!("the record cannot be written: {error:#}")))
    }

    fn steps(&self, leaves_work: bool) -> Result<Vec<String>, Problem> {
        let mut renderer = self.renderer.clone();
        renderer.set("leaves_work", leaves_work);
        let steps = self.component.spec.steps.iter().filter(|step| self.settled.is_on(step.when.as_ref()));
        steps.map(|step| renderer.render("step", &step.text)).collect()
    }
}
