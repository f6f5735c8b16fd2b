//! Taking a component out of a project again: what the record says was added, and nothing else.

use std::collections::BTreeMap;
use std::ops::Range;

use super::claims::Claims;
use super::draft::{Draft, Left};
use super::files::is_edited;
use super::shared::Heir;
use super::spot::Spot;
use super::wiring::{crates, modules};
use super::withdraw::{heads, told, withdraw};
use super::{Plan, Remark, Verb, attributes, layout};
use crate::component::Component;
use crate::edit::Part;
use crate::edit::rust::uses_of_binding;
use crate::problem::Problem;
use crate::project::record::{Addition, FOLDER, own_templates};
use crate::project::source::{Place, UseKind, has_word};
use crate::project::tree::join;
use crate::project::{Project, Record};

/// The files besides the project's standard ones that [`remove`] looks at; the project must have
/// loaded them.
///
/// # Errors
/// As [`remove`].
pub fn paths_for_remove(project: &Project, component: &str) -> Result<Vec<String>, Problem> {
    let record = recorded(project, component)?;
    let additions = record.additions.iter().map(|addition| addition.path.clone());
    Ok(rendered(project, &record).into_iter().chain(additions).collect())
}

/// Plans to take `component` out of `project`: rendered files that nobody has edited, and the
/// additions that stand as they were written and that nothing else uses. The rest stays and is
/// named. What the installed components `others` need of it becomes theirs; what installed ones
/// that are not among them may need stays.
///
/// # Errors
/// A [`Problem`] when it is not installed, or a file that holds an addition does not parse.
pub fn remove(project: &Project, component: &str, others: &[Component]) -> Result<Plan, Problem> {
    let mut rest = Rest { additions: recorded(project, component)?.additions, ..Rest::default() };
    let mut heirs = Vec::new();
    for other in others {
        // What its files use, it asks for itself.
        rest.unseen = rendered(project, &recorded(project, &other.spec.name)?);
        let after =
            project.with(removed(project, component, &rest, Vec::new())?.applied(&project.tree))?;
        let heir = Heir::of(other, &rest.additions, &after);
        rest.additions.retain(|addition| !heir.iter().any(|heir| heir.gets(addition)));
        heirs.extend(heir);
    }
    rest.unseen.clear();
    let mut strangers: Vec<String> =
        Record::installed(&project.tree, &project.folder).into_iter().collect();
    strangers
        .retain(|name| name != component && others.iter().all(|other| &other.spec.name != name));
    let spared = if strangers.is_empty() { BTreeMap::new() } else { rest.spare() };
    let mut plan = removed(project, component, &rest, heirs)?;
    plan.remarks.extend(spared.into_iter().map(|(path, what)| {
        let reason = format!(
            "{}: {} may use it, and has no templates here",
            what.join(", "),
            strangers.join(", ")
        );
        Remark { path, verb: Verb::Keep, reason }
    }));
    Ok(plan)
}

/// What a removal takes away, and where it does not look.
#[derive(Default)]
struct Rest {
    /// The additions that no other component gets.
    additions: Vec<Addition>,
    /// Files in which nothing is looked for that would be missing.
    unseen: Vec<String>,
}

impl Rest {
    /// Takes out what another component may share without any code that shows it; returns it by
    /// path.
    fn spare(&mut self) -> BTreeMap<String, Vec<String>> {
        let is_shared = |one: &Addition| {
            matches!(one.part, Part::Service { .. } | Part::Volumes { .. } | Part::Variable { .. })
        };
        let all = std::mem::take(&mut self.additions);
        let is_frame = |one: &Addition| {
            all.iter().any(|other| {
                is_shared(other) && one.path == other.path && heads(&one.part, &other.part)
            })
        };
        let mut spared: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for one in &all {
            if is_shared(one) {
                spared.entry(one.path.clone()).or_default().push(told(one));
            } else if !is_frame(one) {
                self.additions.push(one.clone());
            }
        }
        spared
    }
}

/// The rendered files of `record`, relative to the project's root.
fn rendered(project: &Project, record: &Record) -> Vec<String> {
    record.files.iter().map(|path| join(&project.folder, path)).collect()
}

/// Takes `component` out, of its additions those in `rest`; the others go to `heirs`.
fn removed(
    project: &Project,
    component: &str,
    rest: &Rest,
    heirs: Vec<Heir<'_>>,
) -> Result<Plan, Problem> {
    let record = recorded(project, component)?;
    let mut draft = Draft::new(&project.tree);
    draft.claims = Claims::read(project, component)?;
    let mut kept = Vec::new();
    for file in &record.files {
        let path = join(&project.folder, file);
        if is_edited(&project.tree, &project.folder, component, &record, file) {
            kept.push(path);
        } else {
            draft.remove(&path);
        }
    }
    for path in &kept {
        draft.remark(
            Spot::File(path.clone()),
            Verb::Keep,
            "edited by you; no longer part of the crate",
        );
    }
    let own = rendered(project, &record);
    let orphans = [own.as_slice(), &rest.unseen].concat();
    withdraw(&mut draft, project, &rest.additions.iter().collect::<Vec<&Addition>>(), &orphans)?;
    heirs.into_iter().try_for_each(|heir| heir.inherit(&mut draft, &project.folder))?;
    std::mem::take(&mut draft.claims).follow(&mut draft, &[], &[])?;
    forget(&mut draft, project, component, &record);
    attributes::remove(&mut draft, project, component);
    let templates = format!("{}/", own_templates(&project.folder, component));
    if project.tree.iter().any(|(path, _)| path.starts_with(&templates)) {
        draft.remark(
            Spot::File(templates),
            Verb::Keep,
            "your templates; `rwx infra add` renders them",
        );
    }
    layout::lay_out(&mut draft, project);
    leave_uses(&mut draft, project, &record, &own)?;
    let steps = if kept.is_empty() { Vec::new() } else { vec![delete(project, &kept)] };
    Ok(Plan { folders: folders(&own), ..draft.finish(steps) })
}

/// Takes `record` and its pristine copies away; what else lies in its folder is the owner's.
fn forget(draft: &mut Draft<'_>, project: &Project, component: &str, record: &Record) {
    draft.remove(&Record::path(&project.folder, component));
    for file in &record.files {
        draft.remove(&Record::base_path(&project.folder, component, file));
    }
    let folder = format!("{}/", join(&project.folder, &format!("{FOLDER}/{component}")));
    let others = draft.tree().iter().filter(|(path, _)| path.starts_with(&folder));
    let others: Vec<Spot> = others.map(|(path, _)| Spot::File(path.to_owned())).collect();
    for spot in others {
        draft.remark(spot, Verb::Keep, "not written by rwx, and yours");
    }
}

/// The record of `component`.
///
/// # Errors
/// A [`Problem`] when it is not installed or its record does not parse.
fn recorded(project: &Project, component: &str) -> Result<Record, Problem> {
    if let Some(record) = Record::read(&project.tree, &project.folder, component)? {
        return Ok(record);
    }
    let names: Vec<String> =
        Record::installed(&project.tree, &project.folder).into_iter().collect();
    let help = match names.as_slice() {
        [] => "no component is; `rwx infra list` shows what can be added".to_owned(),
        names => format!("installed is: {}", names.join(", ")),
    };
    Err(Problem::new(format!("{component} is not installed in {}", project.name)).help(help))
}

/// Leaves the code to the user that still names the module, or a variable that the wiring made.
///
/// # Errors
/// When a file is not UTF-8.
fn leave_uses(
    draft: &mut Draft<'_>,
    project: &Project,
    record: &Record,
    own: &[String],
) -> Result<(), Problem> {
    let Some(module) = &record.module else { return Ok(()) };
    let items = modules(&crates::package(project)?, Some(record), &project.folder);
    let package = crates::package(&project.with(draft.tree().clone())?)?;
    let mut used: Vec<(Place, String)> = Vec::new();
    for one in package.uses_of(&items, |text| has_word(text, module)) {
        let text = draft.text(&one.place.file)?;
        // A module alone is no value: this is a function of its name.
        let is_function =
            one.kind == UseKind::Path && text[one.place.range.clone()].ends_with(module.as_str());
        if !is_function {
            used.push((one.place, module.clone()));
        }
    }
    for addition in record.additions.iter().filter(|addition| addition.part == Part::Statement) {
        let text = draft.text(&addition.path)?;
        let statements = addition.traces.iter().map(|trace| trace.after.trim());
        for statement in statements.filter(|statement| !text.contains(statement)) {
            for range in uses_of_binding(&text, statement) {
                let what = format!("`{}`, which the wiring made", &text[range.clone()]);
                used.push((Place { file: addition.path.clone(), range }, what));
            }
        }
    }
    used.retain(|(place, _)| !own.contains(&place.file));
    while let Some((Place { file, .. }, what)) = used.first().cloned() {
        let is_alike = |(place, other): &mut (Place, String)| place.file == file && *other == what;
        let places = used.extract_if(.., is_alike).map(|(place, _)| place.range).collect();
        let text = draft.text(&file)?;
        draft.leave(left(&file, &text, places, &what));
    }
    Ok(())
}

/// That the file at `path`, which holds `text`, still uses `what` at `places`; told once a line.
fn left(path: &str, text: &str, mut places: Vec<Range<usize>>, what: &str) -> Left {
    let line = |at: &Range<usize>| text[..at.start].rfind('\n').map_or(0, |newline| newline + 1);
    places.sort_by_key(|at| at.start);
    places.dedup_by_key(|at| line(at));
    let snippet = places.first().map_or(0, line);
    let snippet = text[snippet..].lines().next().unwrap_or_default().trim().to_owned();
    let elsewhere = if places.len() > 1 { ", here and elsewhere" } else { "" };
    let mut spots = places.into_iter().map(|at| Spot::at(path, text, at));
    Left {
        spot: spots.next().unwrap_or_else(|| Spot::File(path.to_owned())),
        reason: format!("your code still uses {what}{elsewhere}"),
        about: spots.collect(),
        what: "change or take out what uses it, as here".to_owned(),
        snippet,
    }
}

fn delete(project: &Project, kept: &[String]) -> String {
    let paths: Vec<String> = kept.iter().map(|path| project.shown(path)).collect();
    format!("delete what you have edited and no longer want\n    rm {}", paths.join(" "))
}

/// The folders of `files`, each once.
fn folders(files: &[String]) -> Vec<String> {
    let parents = files.iter().filter_map(|path| Some(path.rsplit_once('/')?.0.to_owned()));
    let mut folders: Vec<String> = parents.collect();
    folders.sort();
    folders.dedup();
    folders
}
