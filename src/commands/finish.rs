//! The end of a command: what it refuses to touch, writing, the report, the exit code.

use std::collections::BTreeMap;
use std::io::ErrorKind;

use crate::apply::Verify;
use crate::cli::Output;
use crate::plan::{self, Plan};
use crate::problem::{CONFLICTS, Problem, REFUSED};
use crate::project::{OnDisk, Project};
use crate::show::{Surroundings, Tone};
use crate::terminal::Terminal;
use crate::{apply, shell, show};

/// Exit code of a run that did what it was asked, or had nothing to do.
pub(super) const DONE: u8 = 0;
/// Exit code of `--check` where something would change.
const DIFFERENT: u8 = 4;

/// `plan` as it can be carried out: refused where files of the owner's have edits that are not
/// committed, unless that is allowed, and without the record where conflicts are left.
///
/// # Errors
/// A [`Problem`] that names the files with such edits.
pub(super) fn ready(
    project: &Project,
    plan: Plan,
    allow_dirty: bool,
    output: Output,
) -> Result<Plan, Problem> {
    if !allow_dirty && !output.is_dry() {
        check_committed(project, &plan)?;
    }
    Ok(with_hidden(project, plan::suspend(project, plan)?))
}

/// Ends a run that changes files of the owner's.
///
/// # Errors
/// As [`ready`] and [`finish`].
pub(super) fn conclude(
    project: &Project,
    plan: Plan,
    allow_dirty: bool,
    output: Output,
    tone: Tone,
    out: &mut Terminal<'_>,
) -> anyhow::Result<u8> {
    finish(project, &ready(project, plan, allow_dirty, output)?, output, tone, out)
}

/// `plan` with a warning of the new files that git would hide.
pub(super) fn with_hidden(project: &Project, mut plan: Plan) -> Plan {
    let ignored = project.ignored(&plan.created());
    plan.warn_of_hidden(project, &ignored);
    plan
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
        Output { json: true, .. } => show::json(plan, !output.is_dry(), tone),
        Output { diff: true, .. } => {
            show::patch(plan, &surroundings(project, &|path| project.on_disk(path)))?
        }
        _ => show::text(plan, Tone { dry: output.is_dry(), ..tone }),
    };
    match out.print(&report).and_then(|()| out.flush()) {
        // A reader that has gone still gets the exit code.
        Err(error)
            if error.kind() != ErrorKind::BrokenPipe && (output.is_dry() || plan.is_empty()) =>
        {
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

/// What a patch for `project` has to know.
pub(super) fn surroundings<'a>(
    project: &Project,
    real: &'a dyn Fn(&str) -> OnDisk,
) -> Surroundings<'a> {
    let elsewhere =
        (project.shell != project.root).then(|| shell::path(&project.root.to_string_lossy()));
    Surroundings { real, elsewhere }
}

/// Writes `plan`, checked by cargo where the user wants that and no conflict is left in the files.
fn write(
    project: &Project,
    plan: &Plan,
    verify: bool,
    tone: Tone,
    out: &mut Terminal<'_>,
) -> Result<(), Problem> {
    let has_conflicts = !plan.conflicts.is_empty();
    let manifest = (verify && !has_conflicts).then(|| project.root.join(project.manifest_path()));
    let is_shown = out.is_live() && !tone.quiet;
    if manifest.is_some() && !tone.quiet {
        out.talk(show::verifying());
    }
    if verify && has_conflicts {
        out.talk(show::unverified());
    }
    let verify = manifest.as_deref().map(|manifest| Verify { manifest, is_shown });
    let left = apply::apply(&project.root, plan, verify)?;
    left.iter().for_each(|left| out.talk(&show::warning(left)));
    Ok(())
}

/// Refuses where `plan` changes files of the owner's with edits that are not committed, or git
/// cannot tell.
fn check_committed(project: &Project, plan: &Plan) -> Result<(), Problem> {
    let refused = |message: String| Problem { code: REFUSED, ..Problem::new(message) };
    let compared = plan::compared(project, plan);
    let committed =
        if compared.is_empty() { Ok(BTreeMap::new()) } else { project.committed(&compared) };
    let committed = committed.map_err(|said| {
        refused(format!(
            "this is in a git repository, and git cannot say what is committed: {said}"
        ))
        .help(
            "mend that, so that you can tell the changes apart later, or add `--allow-dirty`; \
            nothing was written",
        )
    })?;
    let dirty = plan::uncommitted(project, plan, &committed);
    if dirty.is_empty() {
        return Ok(());
    }
    Err(refused(format!("these files have uncommitted edits of yours: {}", dirty.join(", "))).help(
        "commit them first, so that you can tell the changes apart, or add `--allow-dirty`; \
            nothing was written",
    ))
}
