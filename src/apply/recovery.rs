//! What an interrupted run left: found by its journal, and finished or undone.

use std::path::{Path, PathBuf};

use super::entry::State;
use super::journal::{Journal, NAME, Phase};
use crate::problem::Problem;
use crate::project::manifest::MANIFEST;
use crate::project::real;

/// What became of a run that was interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// All that it was to write is written.
    Finished,
    /// Nothing of it is written.
    Undone,
}

/// Finishes or undoes what interrupted runs left in the folder `place` and in those above it;
/// returns in which. What another project's run left above is left alone.
///
/// # Errors
/// A [`Problem`] when a file of such a run was changed since, another run is at work, or the disk
/// fails.
pub fn recover(place: &Path) -> Result<Vec<(PathBuf, Recovery)>, Problem> {
    let recovered = |folder: PathBuf| Ok(recover_in(&folder)?.map(|recovery| (folder, recovery)));
    left(place).into_iter().filter_map(|folder| recovered(folder).transpose()).collect()
}

/// Checks that no interrupted run has left something to be done in the folder `place` and in those
/// above it.
///
/// # Errors
/// A [`Problem`] when one has, or another run is at work.
pub fn check_settled(place: &Path) -> Result<(), Problem> {
    for folder in left(place) {
        let Some(mut journal) = Journal::look(&folder)? else { continue };
        if journal.job()?.is_some() {
            return Err(Problem::new(format!(
                "a run of rwx in {} was interrupted",
                folder.display()
            ))
            .help(
                "run that command again, or another one that writes: it finishes or undoes first \
                what was begun",
            ));
        }
    }
    Ok(())
}

/// The folders at and above `place` with a journal that has to do with it.
fn left(place: &Path) -> Vec<PathBuf> {
    let place = real(place).unwrap_or_default();
    let left = place.ancestors().filter(|folder| folder.join(NAME).symlink_metadata().is_ok());
    left.filter(|folder| concerns(folder, &place)).map(Path::to_path_buf).collect()
}

/// True when the journal in `folder` has to do with `place`, which is there or below: `place` is
/// made in that folder or is in its project, or the run that left the journal has files there.
fn concerns(folder: &Path, place: &Path) -> bool {
    let is_next = place.ancestors().find(|above| above.is_dir()) == Some(folder);
    let below = place.strip_prefix(folder).unwrap_or(place);
    is_next
        || folder.join(MANIFEST).is_file()
        || Journal::peek(folder).is_some_and(|job| job.concerns(below))
}

fn recover_in(folder: &Path) -> Result<Option<Recovery>, Problem> {
    let Some(mut journal) = Journal::find(folder)? else { return Ok(None) };
    let recovery = put_right(folder, &mut journal)?;
    // An empty one may be of a run that begins right now: nothing was interrupted then.
    let told = (!journal.is_empty()).then_some(recovery);
    journal.end().map_err(|problem| {
        problem
            .help("an interrupted run was put right; mend the cause and run the command again")
            .maybe_written()
    })?;
    Ok(told)
}

/// Finishes or undoes what `journal` tells of; it may be written anew then.
///
/// # Errors
/// A [`Problem`] when it is no journal, a file was changed since, or the disk fails.
pub(super) fn put_right(folder: &Path, journal: &mut Journal) -> Result<Recovery, Problem> {
    let Some((job, phase)) = journal.job()? else { return Ok(Recovery::Undone) };
    let (wanted, recovery, settled) = match phase {
        Phase::Staging | Phase::Revocable => (State::Before, Recovery::Undone, Phase::Staging),
        Phase::Final | Phase::Done => (State::After, Recovery::Finished, Phase::Done),
    };
    let mut settle = || {
        job.check(folder, wanted)?;
        job.bring(folder, wanted)?;
        journal.enter(settled)
    };
    // Once it is settled the files are the owner's to edit.
    let brought = if phase == settled { Ok(()) } else { settle() };
    brought
        .and_then(|()| job.clear(folder, wanted))
        .map_err(|problem| stuck(folder, &job.run, &problem))?;
    Ok(recovery)
}

fn stuck(folder: &Path, run: &str, problem: &Problem) -> Problem {
    let folder = folder.display();
    Problem::new(format!(
        "a run of rwx in {folder} was interrupted, and cannot be finished or \
        undone: {}",
        problem.message
    ))
    .help(format!(
        "put back what was changed since, and run the command again; or keep all files as \
            they are: remove {NAME} and the \
             files called .rwx-{run}-*"
    ))
    .maybe_written()
}
