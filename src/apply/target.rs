//! Before anything is written: is each path still what the plan was made for, inside the project,
//! and writable?

use std::path::{Path, PathBuf};

use super::disk::{self, failed};
use crate::plan::Change;
use crate::problem::Problem;
use crate::project::{self, writable};

/// The path on disk that `change` is to be written to, links followed.
///
/// # Errors
/// A [`Problem`] when the disk differs from what the plan saw, or the write would leave the project
/// or be refused.
pub(super) fn check(root: &Path, change: &Change) -> Result<PathBuf, Problem> {
    let path = writable(root, &change.path)?;
    is_free(root, &path)?;
    let now = disk::read(&path).map_err(|error| failed("read", &change.path, &error))?;
    if now != change.before {
        return Err(Problem::new(format!("{} changed while rwx was running", change.path))
            .help("run the command again"));
    }
    let folder = path.ancestors().skip(1).find(|folder| folder.is_dir()).unwrap_or(root);
    check_writable(root, &path)?;
    check_writable(root, folder)?;
    Ok(path)
}

/// Refuses where the file or folder at `place` is read-only: root could write it all the same.
///
/// # Errors
/// A [`Problem`] that names it.
pub(super) fn check_writable(root: &Path, place: &Path) -> Result<(), Problem> {
    if !place.metadata().is_ok_and(|data| data.permissions().readonly()) {
        return Ok(());
    }
    let below = place.strip_prefix(root).ok().filter(|below| !below.as_os_str().is_empty());
    let shown = below.unwrap_or(place).to_string_lossy();
    let help = format!("run `chmod u+w {}` and try again", project::shown(root, &shown));
    Err(Problem::new(format!("{shown} is read-only")).help(help))
}

/// Refuses where a folder stands at `path`, or a file where a folder above it has to be.
fn is_free(root: &Path, path: &Path) -> Result<(), Problem> {
    let folders = path.ancestors().skip(1).take_while(|folder| folder.starts_with(root));
    let (blocked, here, wanted) =
        match folders.filter(|folder| folder.exists()).find(|folder| !folder.is_dir()) {
            Some(file) => (file, "file", "folder"),
            None if path.is_dir() => (path, "folder", "file"),
            // Reading a pipe would wait for ever.
            None if path.exists() && !path.is_file() => (path, "device or pipe", "file"),
            None => return Ok(()),
        };
    let shown = blocked.strip_prefix(root).unwrap_or(blocked).display();
    Err(Problem::new(format!("{shown} is a {here}, and rwx has to make a {wanted} of this name"))
        .help(format!("move {shown} away, and run the command again")))
}
