//! An update that waits for its owner: conflicts are left in her files, and the record has not
//! advanced.

use serde::{Deserialize, Serialize};

use super::record::{FOLDER, PENDING};
use super::tree::{Tree, join};
use super::written;
use crate::problem::Problem;

/// What an update that left conflicts has written and has still to write:
/// `.rwx/pending/update.toml`. Beside it lie the bytes of each file before and after.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pending {
    /// The version of rwx that made the update.
    pub rwx: String,
    /// The files that were written, relative to the project's root.
    #[serde(default, rename = "written")]
    pub written: Vec<Held>,
    /// The files of the record, which are written when the conflicts are resolved.
    #[serde(default, rename = "record")]
    pub record: Vec<Held>,
    /// The files with conflicts.
    #[serde(default, rename = "conflict")]
    pub conflicts: Vec<Conflict>,
}

/// A file of which a copy is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// Path relative to the project's root.
    pub path: String,
    /// Whether it was there before the update.
    pub before: bool,
    /// Whether it is there after the update.
    pub after: bool,
}

/// A file with conflicts in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conflict {
    /// Path relative to the project's root.
    pub path: String,
    /// The line at which each conflict starts, counted from 1.
    pub lines: Vec<usize>,
}

/// Which version of a file a copy holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// The bytes before the update.
    Before,
    /// The bytes that the update wrote or will write.
    After,
}

impl Pending {
    /// The update that waits in the package at `folder`.
    ///
    /// # Errors
    /// A [`Problem`] with the place when its state does not parse, or names a path outside of the
    /// project.
    pub fn read(tree: &Tree, folder: &str) -> Result<Option<Self>, Problem> {
        written::read(
            tree,
            &Self::path(folder),
            "this state of an update",
            "the update that waits",
            Self::paths,
        )
    }

    /// The paths that it names.
    fn paths(&self) -> Vec<&str> {
        let held = self.written.iter().chain(&self.record).map(|file| &file.path);
        held.chain(self.conflicts.iter().map(|conflict| &conflict.path))
            .map(String::as_str)
            .collect()
    }

    /// The path of the state.
    pub fn path(folder: &str) -> String {
        join(&Self::folder(folder), "update.toml")
    }

    /// The path of the file that keeps the folder out of commits.
    pub fn ignore_path(folder: &str) -> String {
        join(&Self::folder(folder), ".gitignore")
    }

    /// The folder that holds the state and the copies.
    pub fn folder(folder: &str) -> String {
        join(folder, &format!("{FOLDER}/{PENDING}"))
    }

    /// The path of a copy of the file at `path`.
    pub fn copy_path(folder: &str, which: Version, path: &str) -> String {
        let which = match which {
            Version::Before => "before",
            Version::After => "after",
        };
        join(&Self::folder(folder), &format!("{which}/{path}"))
    }

    /// The state as it is written.
    ///
    /// # Errors
    /// When a value cannot be written as TOML, which no value of this shape is.
    pub fn text(&self) -> Result<String, Problem> {
        let text = toml_edit::ser::to_string_pretty(self);
        let text = text.map_err(|error| {
            Problem::new(format!("the state of the update cannot be written: {error}"))
        })?;
        let way_out = "# An update waits: end it with `rwx infra update --continue`, or take it \
            back with `--abort`.\n";
        Ok(format!("{way_out}{text}"))
    }
}
