//! Where a path of the project leads on disk. It may come with a repository from elsewhere, and
//! links with it.

use std::path::{Path, PathBuf};

use super::guarded::is_guarded;
use super::tree::is_below;
use crate::problem::Problem;

/// `path` with links followed in the part that exists; nothing for a link to nowhere.
pub fn real(path: &Path) -> Option<PathBuf> {
    let existing = path.ancestors().find(|place| place.symlink_metadata().is_ok())?;
    let rest = path.strip_prefix(existing).ok()?;
    let real = existing.canonicalize().ok()?;
    Some(if rest.as_os_str().is_empty() { real } else { real.join(rest) })
}

/// What is at `path` below `root`, links followed; nothing where there is nothing, or nothing of
/// the project's. `root` is without links.
pub(super) fn existing(root: &Path, path: &str) -> Option<PathBuf> {
    let place = root.join(path).canonicalize().ok()?;
    let below = place.strip_prefix(root).ok()?;
    (!is_guarded(path) && !is_guarded(&below.to_string_lossy())).then_some(place)
}

/// Where a file at `path` below `root` is to be written, links followed; parts that do not exist
/// yet are taken as they are.
///
/// # Errors
/// A [`Problem`] where that would be outside of the project, or what a version control system keeps
/// for itself.
pub fn writable(root: &Path, path: &str) -> Result<PathBuf, Problem> {
    if !is_below(path) {
        return Err(Problem::new(format!("{path} leads out of the project"))
            .help("rwx only writes inside the project"));
    }
    let outside = || {
        Problem::new(format!("{path} leads out of the project through a symbolic link"))
            .help("rwx only writes inside the project; replace the link by a file or folder")
    };
    let nowhere = || {
        Problem::new(format!("{path} goes through a symbolic link that leads nowhere"))
            .help("remove the link, or make what it points to")
    };
    let place = real(&root.join(path)).ok_or_else(nowhere)?;
    let root = real(root).ok_or_else(outside)?;
    let below = place.strip_prefix(root).map_err(|_| outside())?;
    if is_guarded(path) || is_guarded(&below.to_string_lossy()) {
        Err(guarded(path))
    } else {
        Ok(place)
    }
}

/// The problem that `path` leads to what a version control system keeps for itself.
pub(super) fn guarded(path: &str) -> Problem {
    Problem::new(format!("{path} belongs to version control, or leads there")).help(
        "rwx neither reads nor writes what git and its like keep for themselves; name another path",
    )
}
