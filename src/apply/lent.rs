//! What `cargo check` may write in the project: kept before the check, and put back when that
//! fails.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disk::{self, failed};
use super::entry::place;
use crate::problem::Problem;
use crate::project::digest;

const LOCK: &str = "Cargo.lock";
const TARGET: &str = "target";
/// The file by which cargo marks a folder as its own build output.
const TAG: &str = "CACHEDIR.TAG";

/// The lock file and the build output of a project, as the journal holds them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lent {
    /// The project's folder, relative to the journal's.
    pub(super) root: String,
    /// The digest of the lock file before; nothing when there was none.
    lock: Option<String>,
    /// True when there was build output before: then it stays.
    had_target: bool,
}

impl Lent {
    /// What is to be kept of the project in the folder `root` below `base`.
    ///
    /// # Errors
    /// A [`Problem`] when the lock file cannot be read.
    pub(super) fn new(base: &Path, root: &str) -> Result<Self, Problem> {
        let folder = base.join(root);
        if folder.join(LOCK).is_symlink() {
            return Err(Problem::new(format!(
                "{LOCK} is a symbolic link, through which cargo would write"
            ))
            .help("put the file itself there, or run the command without --verify"));
        }
        let lock = disk::read(&folder.join(LOCK)).map_err(|error| failed("read", LOCK, &error))?;
        let had_target = folder.join(TARGET).symlink_metadata().is_ok();
        Ok(Self { root: root.to_owned(), lock: lock.as_deref().map(digest), had_target })
    }

    /// Keeps the lock file beside itself, for the run called `run`. A copy: cargo writes into the
    /// file.
    ///
    /// # Errors
    /// A [`Problem`] when it cannot be copied.
    pub(super) fn keep(&self, base: &Path, run: &str) -> Result<(), Problem> {
        let (lock, kept) = self.places(base, run)?;
        let copied = self.lock.as_ref().map_or(Ok(()), |_| disk::copy(&lock, &kept));
        copied.map_err(|error| failed("copy", LOCK, &error))
    }

    /// Puts the lock file back, and moves build output aside that was not there before: it goes
    /// with what was kept. What comes after either was done is the owner's, and stays.
    ///
    /// # Errors
    /// A [`Problem`] when the disk fails, or a link has come into the path.
    pub(super) fn put_back(&self, base: &Path, run: &str) -> Result<(), Problem> {
        let fail = |error: std::io::Error| failed("write", LOCK, &error);
        let (lock, kept) = self.places(base, run)?;
        if disk::read(&lock).map_err(fail)?.as_deref().map(digest) != self.lock {
            match &self.lock {
                None => disk::remove(&lock).map_err(fail)?,
                Some(_) if kept.is_file() => disk::rename(&kept, &lock).map_err(fail)?,
                Some(_) => {}
            }
        }
        let (target, aside) = (lock.with_file_name(TARGET), self.aside(base, run)?);
        if !self.had_target && !aside.exists() && target.join(TAG).is_file() {
            disk::rename(&target, &aside).map_err(|error| failed("remove", TARGET, &error))?;
        }
        Ok(())
    }

    /// Takes away what was kept.
    ///
    /// # Errors
    /// A [`Problem`] when it cannot be removed.
    pub(super) fn clear(&self, base: &Path, run: &str) -> Result<(), Problem> {
        let ((_, kept), aside) = (self.places(base, run)?, self.aside(base, run)?);
        let cleared = disk::remove(&kept).and_then(|()| disk::remove_folder(&aside));
        cleared.map_err(|error| failed("clean up beside", LOCK, &error))
    }

    fn aside(&self, base: &Path, run: &str) -> Result<PathBuf, Problem> {
        Ok(place(base, &self.root)?.join(format!(".rwx-{run}-target")))
    }

    /// The lock file, and where it is kept.
    fn places(&self, base: &Path, run: &str) -> Result<(PathBuf, PathBuf), Problem> {
        let folder = place(base, &self.root)?;
        Ok((folder.join(LOCK), folder.join(format!(".rwx-{run}-lock-old"))))
    }
}
