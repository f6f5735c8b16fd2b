//! One run: stage, decide, rename, clean up; or put back.

use std::path::Path;

use super::disk::failed;
use super::entry::State;
use super::job::{Job, Placed};
use super::journal::{Journal, NAME, Phase};
use super::meanwhile::{self, Saved};
use super::verify::{self, Verify};
use crate::problem::Problem;

/// A run that holds its journal.
pub(super) struct Run<'a> {
    base: &'a Path,
    journal: Journal,
    job: Job,
    phase: Phase,
    /// The check that decides whether it stays.
    verify: Option<Verify<'a>>,
    /// True when all stays although the run fails.
    is_kept: bool,
}

impl<'a> Run<'a> {
    /// The run that does `job` below `base`, and keeps it only where `verify` finds that the
    /// package compiles then.
    pub(super) fn new(
        base: &'a Path,
        journal: Journal,
        job: Job,
        verify: Option<Verify<'a>>,
    ) -> Self {
        Self { base, journal, job, phase: Phase::Staging, verify, is_kept: false }
    }

    /// Writes all of `changes`, or puts back what it wrote. What is returned is to be told besides:
    /// files that were saved meanwhile, and what could not be cleaned up.
    ///
    /// # Errors
    /// A [`Problem`] that says what failed, and whether the project is as it was.
    pub(super) fn write(mut self, changes: &[Placed<'_>]) -> Result<Vec<Problem>, Problem> {
        let replaced = self.replace(changes);
        if let Err(problem) = replaced {
            if self.is_kept {
                // All of it stays: what cannot be cleaned up now, the next run takes away.
                let _ = self.end(State::After);
                return Err(problem);
            }
            let put_back = self.put_back();
            return Err(match put_back.and_then(|()| self.end(State::Before)) {
                Ok(()) => problem,
                Err(_) => problem
                    .help(
                        "mend the cause and run rwx again: it finishes or undoes first what it \
                        had begun",
                    )
                    .maybe_written(),
            });
        }
        let left = self.end(State::After).err();
        let left = left.map(|left| {
            left.help("all is written; the next run of rwx in this project takes away what is left")
        });
        Ok(replaced.into_iter().flatten().chain(left).collect())
    }

    /// Replaces the targets; the answer is a file that was saved meanwhile and is left so.
    fn replace(&mut self, changes: &[Placed<'_>]) -> Result<Option<Problem>, Problem> {
        self.journal.begin(&self.job).map_err(|error| failed("write", NAME, &error))?;
        self.job.stage(self.base, changes)?;
        if let Some(verify) = self.verify {
            self.enter(Phase::Revocable)?;
            self.job.bring(self.base, State::After)?;
            let checked = verify::check(verify);
            let saved = meanwhile::saved(self.base, &self.job, changes)?;
            if !saved.is_empty() {
                return self.settle(checked, &saved).map(Some);
            }
            checked?;
        }
        self.enter(Phase::Final)?;
        self.job.bring(self.base, State::After)?;
        self.enter(Phase::Done)?;
        Ok(None)
    }

    /// Decides what becomes of a run while which files were `saved`: it stays where cargo was
    /// content, with what was saved, and goes out of those files where it was not. Where that is
    /// not certain, all of it stays.
    ///
    /// # Errors
    /// What cargo said, or that files have not what the run adds.
    fn settle(
        &mut self,
        checked: Result<(), Problem>,
        saved: &[Saved<'_>],
    ) -> Result<Problem, Problem> {
        let Err(problem) = checked else {
            let without = meanwhile::put_in(self.base, &self.job, saved);
            self.keep()?;
            let without = without.map_err(Problem::maybe_written)?;
            if without.is_empty() {
                let told = format!(
                    "{} was saved while cargo was at work, and is left so",
                    meanwhile::named(saved)
                );
                return Ok(Problem::new(told));
            }
            let told = format!(
                "{} was saved while cargo was at work, without what rwx adds there",
                meanwhile::named(without)
            );
            return Err(Problem { written: Some(true), ..Problem::new(told) }.help(
                "all else is written; run the command again with `--restore`, or take it back \
                with version control",
            ));
        };
        let uncertain = match meanwhile::take_out(self.base, &self.job, saved) {
            Ok(uncertain) => uncertain,
            Err(saved_again) => {
                self.keep()?;
                return Err(saved_again.maybe_written());
            }
        };
        if uncertain.is_empty() {
            let stays = format!(
                "nothing of rwx's was kept; what you saved meanwhile stays, in {}",
                meanwhile::named(saved)
            );
            return Err(problem.help(stays));
        }
        self.keep()?;
        let help = format!(
            "all of it stays, as you saved {} meanwhile and it cannot be told there what is \
            yours; mend what does not compile, or take \
             the rest out again",
            meanwhile::named(uncertain)
        );
        Err(Problem { written: Some(true), ..problem }.help(help))
    }

    /// Decides that all stays.
    fn keep(&mut self) -> Result<(), Problem> {
        self.is_kept = true;
        self.enter(Phase::Done).map_err(Problem::maybe_written)
    }

    /// Puts the targets back that were replaced. Where that cannot be written down first, they stay
    /// for the next run to finish.
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
