//! One file of a run: what it was, what it is to be, and which of the two it is now.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disk;
use crate::problem::Problem;
use crate::project::digest;

/// A file that a run writes or deletes, as the journal holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    /// Path relative to the journal's folder, links followed.
    pub(super) path: String,
    /// The [`digest`] of the contents before; nothing for a new file.
    pub(super) before: Option<String>,
    /// The [`digest`] of the contents after; nothing for a file to delete.
    pub(super) after: Option<String>,
}

/// Which of its two contents a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Before,
    After,
    /// Neither: somebody else wrote it.
    Other,
}

impl Entry {
    /// Where the file is below `base`, as [`place`] says.
    pub(super) fn place(&self, base: &Path) -> Result<PathBuf, Problem> {
        place(base, &self.path)
    }

    /// Which of its contents the file has, which is at `place`.
    ///
    /// # Errors
    /// A [`Problem`] when it cannot be read.
    pub(super) fn state(&self, place: &Path) -> Result<State, Problem> {
        let now = disk::read(place).map_err(|error| disk::failed("read", &self.path, &error))?;
        let now = now.as_deref().map(digest);
        Ok(match now {
            now if now == self.after => State::After,
            now if now == self.before => State::Before,
            _ => State::Other,
        })
    }

    /// The problem that somebody else wrote the file.
    pub(super) fn changed(&self) -> Problem {
        Problem::new(format!("{} was changed meanwhile", self.path)).help("run the command again")
    }
}

/// Where `path` is below `base`.
///
/// # Errors
/// A [`Problem`] when a link has come into it, which would lead a write elsewhere.
pub(super) fn place(base: &Path, path: &str) -> Result<PathBuf, Problem> {
    let is_link = |part: &Path| !part.as_os_str().is_empty() && base.join(part).is_symlink();
    if !Path::new(path).ancestors().any(is_link) {
        return Ok(base.join(path));
    }
    Err(Problem::new(format!("{path} goes through a symbolic link that was not there before"))
        .help("put the file or folder back that the link replaces, and run the command again"))
}
