//! The end of a command: what it refuses to touch, writing, the report, the exit code.

use std::io::{ErrorKind, Write as _};

use crate::cli::Output;
use crate::plan::{self, Plan};
use crate::problem::{CONFLICTS, Problem, REFUSED};
use crate::project::Project;
use crate::show::Tone;
use crate::terminal::Terminal;
use crate::{apply, show};

/// Exit code of a run that did what it was asked, or had nothing to do.
pub(super) const DONE: u8 = 0;
/// Exit code of `--check` where something would change.
const DIFFERENT: u8 = 4;

/// Ends a run that changes files of the owner's: refuses where they have edits that are not committed, unless that is
/// allowed, and holds the record back where conflicts are left.
///
/// # Errors
/// As [`finish`], and a [`Problem`] that names the files with such edits.
pub(super) fn conclude(
    project: &Project,
    plan: Plan,
    allow_dirty: bool,
    output: Output,
    tone: Tone,
    out: &mut Terminal<'_>,
) -> anyhow::Result<u8> {
    if !allow_dirty && !output.is_dry() {
        check_committed(project, &plan)?;
    }
    finish(project, &plan::suspend(project, plan)?, output, tone, out)
}

/// Writes `plan`, unless the run is dry, and reports it; returns the exit code.
///
/// # Errors
/// As [`apply::apply`], and an I/O error of `out` where nothing was written.
pub(super) fn finish(
    project: &Project,
    plan: &Plan,
    output: Output,
    tone: Tone,
    out: &mut Terminal<'_>,
) -> anyhow::Result<u8> {
    project.check_places(plan.paths())?;
    if !output.is_dry() && !plan.is_empty() {
        write(project, plan, output.verify, tone, out)?;
    }
    let report = match output {
        Output { json: true, .. } => show::json(plan, !output.is_dry()),
        Output { diff: true, .. } => show::patch(plan, &|path| project.real_path(path)),
        _ => show::text(plan, Tone { dry: output.is_dry(), ..tone }),
    };
    match out.write_all(report.as_bytes()).and_then(|()| out.flush()) {
        // A reader that has gone still gets the exit code.
        Err(error) if error.kind() != ErrorKind::BrokenPipe && (output.is_dry() || plan.is_empty()) => {
            return Err(error.into());
        }
        Err(error) => out.talk(&show::unreported(&error)),
        Ok(()) => {}
    }
    Ok(match output {
        Output { check: true, .. } if !plan.is_empty() => DIFFERENT,
        _ if !output.is_dry() && !plan.conflicts.is_empty() => CONFLICTS,
        _ => DONE,
    })
}

/// Writes `plan`, checked by cargo where the user wants that and no conflict is left in the files.
fn write(project: &Project, plan: &Plan, verify: bool, tone: Tone, out: &mut Terminal<'_>) -> Result<(), Problem> {
    let has_conflicts = !plan.conflicts.is_empty();
    let manifest = (verify && !has_conflicts).then(|| project.root.join(project.manifest_path()));
    if manifest.is_some() && !tone.quiet {
        out.talk(show::verifying());
    }
    if verify && has_conflicts {
        out.talk(show::unverified());
    }
    let left = apply::apply(&project.root, plan, manifest.as_deref())?;
    left.iter().for_each(|left| out.talk(&show::warning(left)));
    Ok(())
}

/// Refuses where `plan` changes files of the owner's with edits that are not committed.
fn check_committed(project: &Project, plan: &Plan) -> Result<(), Problem> {
    let touched = plan.owned_changes(&project.folder);
    let dirty = if touched.is_empty() { Vec::new() } else { project.uncommitted(&touched) };
    if dirty.is_empty() {
        return Ok(());
    }
    let problem = Problem::new(format!("these files have uncommitted edits: {}", dirty.join(", ")));
    Err(Problem { code: REFUSED, ..problem }
        .help("commit them first, so that you can tell the changes apart, or add `--allow-dirty`; nothing was written"))
}
