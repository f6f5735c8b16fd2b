//! Writing: all files of a plan or none, whatever happens meanwhile.
//!
//! A run first writes down what it is about to do ([`journal`]). New contents are staged beside
//! their targets and old ones kept there, all flushed to the device; only then is it decided, and
//! the new contents are renamed into place. A failure on the way puts back what was renamed. A run
//! that was killed is finished or undone by the next one: finished once it is decided, else undone.
//! Nothing is written over a file that is no longer what the plan was made for.

mod disk;
mod entry;
mod job;
mod journal;
mod lent;
mod meanwhile;
mod recovery;
mod repository;
mod run;
mod target;
mod verify;

use std::path::Path;

use crate::plan::Plan;
use crate::problem::Problem;
use crate::project::real;
use job::{Job, Placed};
use journal::Journal;
use lent::Lent;
pub use recovery::{Recovery, check_settled, recover};
pub use repository::start_repository;
use run::Run;
pub use verify::Verify;

/// Applies `plan` to the project at `root`; with `verify`, only if that package compiles then. What
/// is returned is no failure: all is written, but a file was saved meanwhile, or something that rwx
/// needed meanwhile could not be taken away, and the next run will do it.
///
/// # Errors
/// A [`Problem`] when a file changed meanwhile, may not be written or cannot be, or the package
/// does not compile; the project is then as it was, or the problem says that the next run puts it
/// right.
pub fn apply(
    root: &Path,
    plan: &Plan,
    verify: Option<Verify<'_>>,
) -> Result<Vec<Problem>, Problem> {
    if plan.is_empty() {
        return Ok(Vec::new());
    }
    let base = root.ancestors().find(|folder| folder.is_dir()).and_then(real).unwrap_or_default();
    target::check_writable(root, &base)?;
    let mut journal = Journal::make(&base)?;
    recovery::put_right(&base, &mut journal)?;
    match prepared(root, &base, plan, journal.mark(), verify.is_some()) {
        Ok((changes, job)) => Run::new(&base, journal, job, verify).write(&changes),
        Err(problem) => {
            // A journal with nothing in it is the next run's to use.
            let _ = journal.end();
            Err(problem)
        }
    }
}

/// The changes of `plan` by the paths on disk, and the job that makes them.
fn prepared<'a>(
    root: &Path,
    base: &Path,
    plan: &'a Plan,
    mark: &str,
    verify: bool,
) -> Result<(Vec<Placed<'a>>, Job), Problem> {
    let changes = changes(root, base, plan)?;
    let below =
        real(root).and_then(|root| root.strip_prefix(base).ok()?.to_str().map(str::to_owned));
    let lent = verify.then(|| Lent::new(base, &below.unwrap_or_default())).transpose()?;
    let job = Job::new(base, mark, &changes, lent);
    Ok((changes, job))
}

/// The changes of `plan`, each with the path below `base` that it is written to, links followed.
fn changes<'a>(root: &Path, base: &Path, plan: &'a Plan) -> Result<Vec<Placed<'a>>, Problem> {
    let placed = plan.changes.iter().map(|change| {
        let place = target::check(root, change)?;
        let below = place.strip_prefix(base).ok().and_then(Path::to_str);
        let path = below
            .ok_or_else(|| Problem::new(format!("{} has no Unicode name on disk", change.path)))?;
        Ok((path.to_owned(), change))
    });
    placed.collect()
}
