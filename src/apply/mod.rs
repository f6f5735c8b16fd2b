//! Writing: all files of a plan or none.
//!
//! New contents are staged beside their targets and flushed to disk first; only when every one is there are they renamed
//! into place, and a failure on the way puts back what was renamed. Nothing is written where the disk is no longer what
//! the plan was made for.

mod stage;
mod target;

use std::path::Path;

use crate::plan::Plan;
use crate::problem::Problem;
use stage::Stage;

/// Applies `plan` to the project at `root`.
///
/// # Errors
/// A [`Problem`] when a file changed meanwhile, may not be written or cannot be; the project is then as it was.
pub fn apply(root: &Path, plan: &Plan) -> Result<(), Problem> {
    let targets = plan.changes.iter().map(|change| target::check(root, change)).collect::<Result<Vec<_>, _>>()?;
    let mut stage = Stage::default();
    for (change, target) in plan.changes.iter().zip(targets) {
        stage.add(change, target)?;
    }
    stage.commit()
}
