//! One component, one project, and all choices made: what every part of a plan needs to know.

use super::choices::{Choices, Policy, Settled};
use super::files::{Known, is_text};
use super::render::Renderer;
use super::requires::{Required, required};
use super::wiring::crates::{self, Home};
use crate::component::Component;
use crate::edit::Part;
use crate::edit::manifest::Dependency;
use crate::problem::Problem;
use crate::project::record::Addition;
use crate::project::source::Package;
use crate::project::tree::join;
use crate::project::{Project, Record, check_not_newer};

/// What a plan is made from.
pub(super) struct Case<'a> {
    pub(super) project: &'a Project,
    pub(super) component: &'a Component,
    pub(super) settled: Settled,
    pub(super) required: Vec<Required>,
    pub(super) renderer: Renderer,
    /// The project's source.
    pub(super) package: Package,
    /// The crate that gets the module; nothing for a component without one.
    pub(super) home: Option<Home>,
    /// The record of an earlier run.
    pub(super) before: Option<Record>,
    /// What becomes of the owner's edits.
    pub(super) policy: Policy,
}

impl<'a> Case<'a> {
    /// Settles `choices`.
    ///
    /// # Errors
    /// When a choice cannot be, the record does not parse, or the project lacks what the component
    /// requires: crates, a crate root.
    pub(super) fn new(
        project: &'a Project,
        component: &'a Component,
        choices: &Choices,
    ) -> Result<Self, Problem> {
        let spec = &component.spec;
        let before = Record::read(&project.tree, &project.folder, &spec.name)?;
        before.as_ref().map_or(Ok(()), |before| check_not_newer(&before.rwx, &spec.name))?;
        let settled = Settled::new(spec, choices, before.as_ref())?;
        let required = required(project, spec)?;
        let mut renderer = Renderer::new();
        renderer.set("package", project.name.as_str());
        renderer.set("edition", project.edition.as_str());
        // Without a version the newest will do.
        renderer.set("rust_minor", project.rust_minor.unwrap_or(u64::MAX));
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
        let package = crates::package(project)?;
        let home = settled
            .module
            .as_deref()
            .map(|module| {
                Home::choose(project, &axum(&required), &package, before.as_ref().map(|_| module))
            })
            .transpose()?;
        let policy = choices.policy;
        Ok(Self { project, component, settled, required, renderer, package, home, before, policy })
    }

    /// The same case for another state of its project.
    ///
    /// # Errors
    /// When a file is not UTF-8, or a component's record does not parse.
    pub(super) fn with<'b>(&self, project: &'b Project) -> Result<Case<'b>, Problem>
    where
        'a: 'b,
    {
        Ok(Case {
            project,
            package: crates::package(project)?,
            settled: self.settled.clone(),
            required: self.required.clone(),
            renderer: self.renderer.clone(),
            home: self.home.clone(),
            before: self.before.clone(),
            ..*self
        })
    }

    /// The name of the axum crate in the project's code.
    pub(super) fn axum(&self) -> String {
        axum(&self.required)
    }

    /// The folder below which the rendered files go, relative to the package's: where the modules
    /// of the crate lie.
    pub(super) fn source(&self) -> &str {
        let folder = self.home.as_ref().map_or("", Home::folder);
        folder.strip_prefix(&self.project.folder).unwrap_or_default().trim_start_matches('/')
    }

    /// True when the component is in the project already.
    pub(super) fn is_installed(&self) -> bool {
        self.before.is_some()
    }

    /// True when an earlier run added the parts that the option `when`, or none, is the condition
    /// of.
    pub(super) fn had(&self, when: Option<&String>) -> bool {
        let is_on = |record: &Record| {
            when.is_none_or(|name| record.options.get(name).copied().unwrap_or(false))
        };
        self.before.as_ref().is_some_and(is_on)
    }

    /// What is known of the text that an earlier run rendered for the file at `path`, relative to
    /// the package's folder.
    pub(super) fn known(&self, path: &str) -> Known<'_> {
        let Some(record) = &self.before else { return Known::default() };
        let is_same = self.component.is_embedded && record.rwx == env!("CARGO_PKG_VERSION");
        Known { is_same, ..Known::of(record, path) }
    }

    /// The digests of the record that are those of `text`.
    pub(super) fn digests_of(&self, text: &str) -> Option<&str> {
        let mut all = self.before.iter().flat_map(|record| record.digests.values());
        all.find(|digests| is_text(digests, text)).map(String::as_str)
    }

    /// True when none of the files that an earlier run rendered is where it was: the owner has
    /// moved or renamed the module.
    pub(super) fn is_moved(&self) -> bool {
        self.before
            .as_ref()
            .is_some_and(|record| record.is_moved(&self.project.tree, &self.project.folder))
    }

    /// The files that an earlier run rendered, relative to the project's root.
    pub(super) fn rendered_before(&self) -> Vec<String> {
        let files = self.before.iter().flat_map(|record| &record.files);
        files.map(|path| join(&self.project.folder, path)).collect()
    }

    /// True when an earlier run added `entry` to the manifest.
    pub(super) fn has_added(&self, entry: &Dependency) -> bool {
        let additions = self.before.iter().flat_map(|record| &record.additions);
        additions.map(|addition| &addition.part).any(|part| match part {
            Part::Dependency { table, key, .. } => table == entry.kind.table() && *key == entry.key,
            _ => false,
        })
    }

    /// The file to which an earlier run made an addition that is `meant`, where it still is.
    pub(super) fn file_with(&self, meant: impl Fn(&Addition) -> bool) -> Option<String> {
        let additions = self.before.iter().flat_map(|record| &record.additions);
        let mut files = additions.filter(|addition| meant(addition)).map(|addition| &addition.path);
        files.find(|path| self.project.tree.contains(path)).cloned()
    }
}

fn axum(required: &[Required]) -> String {
    let required = required.iter().find(|required| required.package == "axum");
    required.map_or_else(|| "axum".to_owned(), |required| required.name.clone())
}
