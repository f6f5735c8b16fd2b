//! A record that is gone, as where git ignores `.rwx/`: made again for files that stand as the
//! templates render them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::case::Case;
use super::draft::Draft;
use super::files::{Rendered, digests, is_written};
use super::spot::named;
use super::{Choices, Plan, add, attributes, files};
use crate::component::Component;
use crate::problem::Problem;
use crate::project::record::FOLDER;
use crate::project::tree::join;
use crate::project::{Project, Record};

/// Files of less lines may be alike by chance.
const TELLING: usize = 10;

/// The files of a component that stand where its templates would put them, and what is known of
/// them.
struct Found {
    /// What the templates render for `options`.
    rendered: Vec<Rendered>,
    /// The paths of those that are as they are rendered, and of those that are there and are not.
    same: Vec<String>,
    differing: Vec<String>,
    options: BTreeMap<String, bool>,
}

/// The plan that makes the record of `component` again; nothing where there is one, or none of its
/// files is there.
///
/// # Errors
/// A [`Problem`] that names the files which are not as they are rendered, when they are too many
/// for one version of rwx to have written all.
pub(super) fn recover(
    project: &Project,
    component: &Component,
    choices: &Choices,
) -> Result<Option<Plan>, Problem> {
    let name = &component.spec.name;
    if Record::read(&project.tree, &project.folder, name)?.is_some() {
        return Ok(None);
    }
    let case = Case::new(project, component, choices)?;
    let path =
        |name: &String| files::path(&component.spec.files, &case.renderer, case.source(), name);
    let paths = component
        .templates
        .iter()
        .map(|template| path(&template.name))
        .collect::<Result<BTreeSet<_>, _>>()?;
    let there: BTreeSet<String> = paths
        .into_iter()
        .filter(|path| project.tree.contains(&join(&project.folder, path)))
        .collect();
    let Some(found) = best(project, component, choices, &case.settled.options, &there) else {
        return Ok(None);
    };
    if found.same.is_empty() || choices.policy.force {
        return Ok(None);
    }
    if found.same.len() < found.differing.len() {
        return Err(of_another_version(name, &found));
    }
    let mut draft = Draft::new(&project.tree);
    let record = Record {
        attributes: attributes::put(&mut draft, project),
        ..found.record(component, &case)
    };
    draft.put(&Record::path(&project.folder, name), record.text()?, None);
    draft.warn(told(name, &found));
    Ok(Some(draft.finish(Vec::new())))
}

/// Says that the record of `component` is gone and how to get it back, where its files are in
/// `project` without one.
pub fn lost(project: &Project, component: &Component) -> Option<Problem> {
    let (name, choices) = (&component.spec.name, Choices::default());
    let case = Case::new(project, component, &choices).ok().filter(|case| !case.is_installed())?;
    match recover(project, component, &choices) {
        Ok(Some(_)) => {
            let help = format!(
                "take {FOLDER}/ back from version control, or have the record made again with \
                `rwx infra add {name}`"
            );
            Some(
                Problem::new(format!(
                    "the files of {name} are here, and their record in {FOLDER}/ is gone"
                ))
                .help(help),
            )
        }
        Ok(None) => {
            let rendered = add::rendered(project, component, &choices).ok()?;
            let folder =
                files::path(&component.spec.files, &case.renderer, case.source(), "").ok()?;
            check_not_elsewhere(project, name, &rendered, &join(&project.folder, &folder)).err()
        }
        Err(problem) => Some(problem),
    }
}

/// What is found with the options that fit best: those that are chosen, and of the others each as
/// more files are as rendered.
fn best(
    project: &Project,
    component: &Component,
    choices: &Choices,
    options: &BTreeMap<String, bool>,
    there: &BTreeSet<String>,
) -> Option<Found> {
    if there.is_empty() {
        return None;
    }
    let mut best = find(project, component, choices, options, there)?;
    for name in options.keys().filter(|name| !choices.options.contains_key(*name)) {
        let mut other = best.options.clone();
        other.entry(name.clone()).and_modify(|value| *value = !*value);
        let found = find(project, component, choices, &other, there);
        best = found.filter(|found| found.fit() > best.fit()).unwrap_or(best);
    }
    Some(best)
}

/// Compares what is `there` with what the templates render for `options`; nothing where they cannot
/// be.
fn find(
    project: &Project,
    component: &Component,
    choices: &Choices,
    options: &BTreeMap<String, bool>,
    there: &BTreeSet<String>,
) -> Option<Found> {
    let chosen = Choices { options: options.clone(), ..choices.clone() };
    let mut tree = project.tree.clone();
    let record = Record {
        module: choices
            .module
            .clone()
            .or_else(|| Some(component.spec.module.as_ref()?.name.clone())),
        files: there.iter().cloned().collect(),
        ..Record::default()
    };
    tree.put(Record::path(&project.folder, &component.spec.name), record.text().ok()?);
    let rendered = add::rendered(&project.with(tree).ok()?, component, &chosen).ok()?;
    let is_there = |path: &&String| there.contains(*path);
    let is_same = |path: &String| {
        let text = rendered.iter().find(|file| &file.path == path).map(|file| file.text.as_str());
        let yours = project.tree.text(&join(&project.folder, path)).ok().flatten();
        text.zip(yours).is_some_and(|(text, yours)| is_written(path, text, yours))
    };
    let paths = rendered.iter().map(|file| &file.path).filter(is_there);
    let (same, differing) = paths.cloned().partition(is_same);
    Some(Found { rendered, same, differing, options: options.clone() })
}

impl Found {
    /// How well the files that are there are those that are rendered: more is better.
    fn fit(&self) -> (usize, Reverse<usize>) {
        (self.same.len(), Reverse(self.rendered.len() - self.same.len() - self.differing.len()))
    }

    fn record(&self, component: &Component, case: &Case<'_>) -> Record {
        let mut files = [self.same.as_slice(), &self.differing].concat();
        files.sort();
        let of = |file: &&Rendered| files.contains(&file.path);
        let digests = self
            .rendered
            .iter()
            .filter(of)
            .map(|Rendered { path, text, .. }| (path.clone(), digests(path, text, text, None)));
        Record {
            rwx: env!("CARGO_PKG_VERSION").to_owned(),
            module: case.settled.module.clone(),
            route: case.settled.route.clone().or_else(|| component.spec.route.clone()),
            no_wire: !case.settled.wire,
            options: self.options.clone(),
            digests: digests.collect(),
            files,
            ..Record::default()
        }
    }
}

fn told(name: &str, found: &Found) -> String {
    let same = found.same.len();
    let files = if same == 1 { "1 file is".to_owned() } else { format!("{same} files are") };
    let differing = match found.differing.as_slice() {
        [] => String::new(),
        differing => format!("; the others count as edited by you: {}", named(differing.to_vec())),
    };
    format!(
        "the record of {name} is gone, and is made again: {files} as rwx renders them{differing}"
    )
}

fn of_another_version(name: &str, found: &Found) -> Problem {
    let differing = named(found.differing.clone());
    Problem::new(format!(
        "the record of {name} is gone, and these files are not as this rwx \
        renders them: {differing}"
    ))
    .help(format!(
        "take {FOLDER}/ back from version control; or have the files replaced with `--force`, \
            which keeps backups"
    ))
}

/// Refuses where one of the files of `component` that are about to be `rendered` into `folder`,
/// relative to the project's root, stands in another folder of the package already, and no record
/// tells of it.
///
/// # Errors
/// A [`Problem`] that names the folder.
pub(super) fn check_not_elsewhere(
    project: &Project,
    component: &str,
    rendered: &[Rendered],
    folder: &str,
) -> Result<(), Problem> {
    let recorded = Record::all_rendered(&project.tree, &project.folder)?;
    let is_own = |path: &str| {
        project.package_of(path) == Some(project.folder.as_str()) && !recorded.contains(path)
    };
    let sources: Vec<(&str, &str)> =
        project.tree.sources().filter(|(path, _)| is_own(path)).collect();
    for file in rendered.iter().filter(|file| file.text.lines().count() >= TELLING) {
        let path = join(&project.folder, &file.path);
        let Some(inner) = path.strip_prefix(folder) else { continue };
        let is_it = |(other, text): &&(&str, &str)| {
            other.ends_with(inner) && is_written(&path, &file.text, text)
        };
        let Some((other, _)) = sources.iter().filter(|(other, _)| *other != path).find(is_it)
        else {
            continue;
        };
        let there = other.strip_suffix(inner).unwrap_or(other);
        let module = there.rsplit('/').next().unwrap_or(there);
        return Err(Problem::new(format!(
            "{there}/ has files as they are rendered, and their \
            record is gone"
        ))
        .help(format!(
            "take {FOLDER}/ back from version control, or have the record made again with \
                `rwx infra add {component} --module {module}`"
        )));
    }
    Ok(())
}
