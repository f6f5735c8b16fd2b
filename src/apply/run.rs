//! One run: stage, decide, rename, clean up; or put back.

use std::path::Path;

use super::disk::failed;
use super::entry::State;
use super::job::{Job, Placed};
use super::journal::{Journal, NAME, Phase};
use super::verify;
use crate::problem::Problem;

/// A run that holds its journal.
pub(super) struct Run<'a> {
    base: &'a Path,
    journal: Journal,
    job: Job,
    phase: Phase,
    /// The manifest of the package that has to compile.
    verify: Option<&'a Path>,
}

impl<'a> Run<'a> {
    /// The run that does `job` below `base`, and keeps it only when the package of the manifest `verify` compiles then.
    pub(super) fn new(base: &'a Path, journal: Journal, job: Job, verify: Option<&'a Path>) -> Self {
        Self { base, journal, job, phase: Phase::Staging, verify }
    }

    /// Writes all of `changes`, or puts back what it wrote. What is returned could not be cleaned up.
    ///
    /// # Errors
    /// A [`Problem`] that says what failed, and whether the project is as it was.
    pub(super) fn write(mut self, changes: &[Placed<'_>]) -> Result<Option<Problem>, Problem> {
        if let Err(problem) = self.replace(changes) {
            let put_back = self.put_back();
            return Err(match put_back.and_then(|()| self.end(State::Before)) {
                Ok(()) => problem,
                Err(_) => problem
                    .help("mend the cause and run rwx again: it finishes or undoes first what it had begun")
                    .maybe_written(),
            });
        }
        let left = self.end(State::After).err();
        Ok(left.map(|left| left.help("all is written; the next run of rwx in this project takes away what is left")))
    }

    fn replace(&mut self, changes: &[Placed<'_>]) -> Result<(), Problem> {
        self.journal.begin(&self.job).map_err(|error| failed("write", NAME, &error))?;
        self.job.stage(self.base, changes)?;
        if let Some(manifest) = self.verify {
            self.enter(Phase::Revocable)?;
            self.job.bring(self.base, State::After)?;
            verify::check(manifest)?;
        }
        self.enter(Phase::Final)?;
        self.job.bring(self.base, State::After)?;
        self.enter(Phase::Done)
    }

    /// Puts the targets back that were replaced. Where that cannot be written down first, they stay for the next run to finish.
    fn put_back(&mut self) -> Result<(), Problem> {
        if self.phase == Phase::Staging {
            return Ok(());
        }
        self.enter(Phase::Revocable)?;
        self.job.bring(self.base, State::Before)?;
        self.enter(Phase::Staging)
    }

    fn enter(&mut self, phase: Phase) -> Result<(), Problem> {
        self.phase = phase;
        self.journal.enter(phase)
    }

    fn end(self, ended: State) -> Result<(), Problem> {
        self.job.clear(self.base, ended)?;
        self.journal.end()
    }
}
