//! rwx adds infrastructure to an axum project in code that its owner keeps.
//!
//! Every command is one pipeline with some part switched off: parse arguments ([`cli`]) → read the project ([`project`]) →
//! plan ([`plan`]) → show ([`show`]) → apply ([`apply`]) → report. What the parts may do:
//!
//! - [`component`] holds what `templates/` says. Architecture invariant: nothing here knows a component by name; a second
//!   one is a folder under `templates/` and no line of code.
//! - [`project`] reads the disk and never writes. It is the only room that reads, but for what [`apply`] is about to replace.
//! - [`edit`] turns one text into the splices to make in it. It knows no paths; every byte that is not planned stays.
//! - [`plan`] is pure: a project and a component in, at most one change a path out. What cannot be done safely becomes a
//!   by-hand edit and is never guessed.
//! - `commands` are those on what is installed and on templates; each is the pipeline with a plan of its own.
//! - [`show`] turns plans and problems into text and decides nothing.
//! - [`apply`] writes all of a plan or nothing, and nothing where the disk is no longer what was planned for. Every command that
//!   works on a project, a dry run too, first finishes or undoes what an interrupted run left there, and says so on stderr.

pub mod apply;
pub mod cli;
mod commands;
pub mod component;
pub mod edit;
pub mod plan;
pub mod problem;
pub mod project;
pub mod show;
pub mod terminal;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;

use clap::CommandFactory as _;

use cli::{Add, Cli, Command, Infra, New, Output, OwnEdits, Place};
use commands::Shelf;
use component::Component;
use plan::{Choices, Plan, Policy};
use problem::Problem;
use project::{Needs, Project, Selection};
use show::Tone;
use terminal::Terminal;

/// Exit code of a run that did what it was asked, or had nothing to do.
const DONE: u8 = 0;
/// Exit code of `--check` where something would change.
const DIFFERENT: u8 = 4;

/// Does what the command line says, prints the outcome to `out` and returns the exit code.
///
/// # Errors
/// A [`Problem`] for the user, an I/O error of `out` where the run writes nothing, or a defect of the embedded components.
pub fn run(cli: Cli, out: &mut Terminal<'_>) -> anyhow::Result<u8> {
    if let Some(place) = cli.place() {
        recover(&cli, place, out)?;
    }
    let Cli { command, global } = cli;
    let tone = Tone { dry: false, verbose: global.verbose, quiet: global.quiet };
    let selection = Selection { directory: global.directory, ..Selection::default() };
    match command {
        Command::New(args) => new(&args, &selection, tone, out),
        Command::Infra(Infra::List { json }) => list(json, out),
        Command::Infra(Infra::Info { component, json }) => info(&component, json, out),
        Command::Infra(Infra::Add(args)) => add(*args, selection, tone, out),
        Command::Infra(Infra::Status(args)) => commands::status(args, selection, out),
        Command::Infra(Infra::Remove(args)) => commands::remove(args, selection, tone, out),
        Command::Infra(Infra::Update(args)) => commands::update(*args, selection, tone, out),
        Command::Infra(Infra::Diff(args)) => commands::diff(args, selection, out),
        Command::Templates(command) => commands::templates(command, selection, tone, out),
        Command::Completions { shell } => {
            // The generator panics where its writer fails, so it gets one that cannot.
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "rwx", &mut script);
            out.write_all(&script)?;
            Ok(DONE)
        }
    }
}

fn new(args: &New, selection: &Selection, tone: Tone, out: &mut Terminal<'_>) -> anyhow::Result<u8> {
    let shelf = Shelf::open(None, selection)?;
    let components = shelf.find_all(&args.with)?;
    let name = plan::check_name(&args.name)?;
    let root = project::vacant(selection, &args.name)?;
    let first = plan::new(&component::skeleton()?, &name, &args.name.to_string_lossy())?;
    let project = Project::of(root, String::new(), first.applied(&project::Tree::default()))?;
    let choices = Choices { options: options(&args.settings), in_new: true, ..Choices::default() };
    let (project, plan) = add_all(project, first, &components, &shelf, &choices)?;
    plan::check_not_its_own_dependency(&project)?;
    finish(&project, &plan, args.output, tone, out)
}

fn add(args: Add, selection: Selection, tone: Tone, out: &mut Terminal<'_>) -> anyhow::Result<u8> {
    if args.components.is_empty() {
        return Err(which_component()?.into());
    }
    let shelf = Shelf::open(args.edits.templates.as_deref(), &selection)?;
    let components = shelf.find_all(&args.components)?;
    let project = project_for(&components, selected(selection, args.place))?;
    plan::check_none_pending(&project)?;
    let resolve = |given: &Option<String>| given.as_deref().map(|path| project.resolve(path)).transpose();
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
    check_committed(&project, &plan, args.edits.own.allow_dirty || args.output.is_dry())?;
    finish(&project, &plan::suspend(&project, plan)?, args.output, tone, out)
}

/// The package that `selection` means among those that have what `components` require.
fn project_for(components: &[Component], selection: Selection) -> Result<Project, Problem> {
    let met = |manifest: &str| components.iter().all(|component| plan::depends_on_required(&component.spec, manifest));
    let needs = Needs::Crates { names: required(components), met: &met };
    Project::read(&project::locate(&selection, &needs)?)
}

/// What the command line says of the owner's edits.
fn policy(edits: &OwnEdits) -> Policy {
    Policy { on_conflict: edits.on_conflict, force: edits.force, restore: false }
}

/// `selection` with the package that the user named.
fn selected(selection: Selection, place: Place) -> Selection {
    Selection { manifest_path: place.manifest_path, package: place.package, ..selection }
}

/// Refuses where `plan` changes files of the owner's with edits that are not committed, unless that is `allowed`.
fn check_committed(project: &Project, plan: &Plan, allowed: bool) -> Result<(), Problem> {
    let touched = plan.touched(&project.folder);
    let dirty = if allowed || touched.is_empty() { Vec::new() } else { project.uncommitted(&touched) };
    if dirty.is_empty() {
        return Ok(());
    }
    let problem = Problem::new(format!("these files have uncommitted edits: {}", dirty.join(", ")));
    Err(Problem { code: problem::REFUSED, ..problem }
        .help("commit them first, so that you can tell the changes apart, or add `--allow-dirty`; nothing was written"))
}

/// Plans one component after the other, each for the project that the one before leaves. The owner's templates are brought up
/// to date first; where that leaves conflicts, nothing can be rendered before they are resolved.
fn add_all(
    mut project: Project,
    mut plan: Plan,
    components: &[Component],
    shelf: &Shelf,
    choices: &Choices,
) -> anyhow::Result<(Project, Plan)> {
    for component in components {
        let name = &component.spec.name;
        if shelf.is_followed(&project, name) {
            let next = commands::follow(&project, name, Policy { force: false, restore: false, ..choices.policy })?;
            project = project.with(next.applied(&project.tree))?;
            plan = plan.then(next);
            if !plan.conflicts.is_empty() {
                break;
            }
        }
        let component = &shelf.find_for(&project, name)?;
        project.load(&plan::looks_at(&project, component, choices)?)?;
        let next = plan::add(&project, component, choices)?;
        project = project.with(next.applied(&project.tree))?;
        plan = plan.then(next);
    }
    Ok((project, plan))
}

/// Puts right what an interrupted run left where the command works.
fn recover(cli: &Cli, place: &Path, out: &mut Terminal<'_>) -> Result<(), Problem> {
    let folder = cli.global.directory.as_deref().unwrap_or(Path::new("."));
    for (folder, recovery) in apply::recover(&folder.join(place))? {
        out.talk(&show::recovery(&folder, recovery));
    }
    Ok(())
}

fn finish(project: &Project, plan: &Plan, output: Output, tone: Tone, out: &mut Terminal<'_>) -> anyhow::Result<u8> {
    if !output.is_dry() && !plan.is_empty() {
        write(project, plan, output.verify, tone, out)?;
    }
    let report = match output {
        Output { json: true, .. } => show::json(plan, !output.is_dry()),
        Output { diff: true, .. } => show::patch(plan, &|path| project.real_path(path)),
        _ => show::text(plan, Tone { dry: output.is_dry(), ..tone }),
    };
    match out.write_all(report.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if output.is_dry() || plan.is_empty() => return Err(error.into()),
        Err(error) => out.talk(&show::unreported(&error)),
        Ok(()) => {}
    }
    Ok(match output {
        Output { check: true, .. } if !plan.is_empty() => DIFFERENT,
        _ if !output.is_dry() && !plan.conflicts.is_empty() => problem::CONFLICTS,
        _ => DONE,
    })
}

/// Writes `plan`, checked by cargo where the user wants that and no conflict is left in the files.
fn write(project: &Project, plan: &Plan, verify: bool, tone: Tone, out: &mut Terminal<'_>) -> Result<(), Problem> {
    let manifest = (verify && plan.conflicts.is_empty()).then(|| project.root.join(project.manifest_path()));
    if manifest.is_some() && !tone.quiet {
        out.talk(show::verifying());
    }
    let left = apply::apply(&project.root, plan, manifest.as_deref())?;
    left.iter().for_each(|left| out.talk(&show::warning(left)));
    Ok(())
}

fn list(json: bool, out: &mut Terminal<'_>) -> anyhow::Result<u8> {
    let components = component::addable()?;
    let text = if json { show::catalog_json(&components) } else { show::catalog(&components) };
    out.write_all(text.as_bytes())?;
    Ok(DONE)
}

fn info(name: &str, json: bool, out: &mut Terminal<'_>) -> anyhow::Result<u8> {
    let component = component::find(name)?;
    let text = if json { show::info_json(&component) } else { show::info(&component) };
    out.write_all(text.as_bytes())?;
    Ok(DONE)
}

fn which_component() -> anyhow::Result<Problem> {
    let names: Vec<String> = component::addable()?.into_iter().map(|component| component.spec.name).collect();
    let example = names.first().cloned().unwrap_or_default();
    Ok(Problem::usage("no component is named")
        .help(format!("type `rwx infra add {example}`; the components are: {}", names.join(", "))))
}

/// The crates that `components` require, in words.
fn required(components: &[Component]) -> String {
    let names: BTreeSet<&str> =
        components.iter().flat_map(|component| component.spec.requires.keys().map(String::as_str)).collect();
    names.into_iter().collect::<Vec<_>>().join(" and ")
}

fn options(settings: &[(String, bool)]) -> BTreeMap<String, bool> {
    settings.iter().cloned().collect()
}
