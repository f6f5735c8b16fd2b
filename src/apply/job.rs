//! What one run does to the disk, and the way back: every step can be taken again, by this run or
//! by the one that finds the journal.

use std::collections::BTreeSet;
use std::hash::{BuildHasher as _, RandomState};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disk::{self, failed};
use super::entry::{Entry, State, place};
use super::lent::Lent;
use crate::plan::Change;
use crate::problem::Problem;
use crate::project::digest;
use crate::project::guarded::is_guarded;
use crate::project::tree::is_below;

/// The files and folders of a run, as the journal holds them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Job {
    /// The version of this shape.
    #[serde(rename = "rwx-journal")]
    pub(super) format: u32,
    /// The mark of the file that the job was first written to: one that came with a clone has
    /// another.
    pub(super) made: String,
    /// A random name of the run: what carries it was made by the run and by nobody else.
    pub(super) run: String,
    /// The folders that the run makes, outer ones first, relative to the journal's folder.
    pub(super) folders: Vec<String>,
    /// The files.
    pub(super) entries: Vec<Entry>,
    /// What cargo may write before it is decided that the files stay.
    pub(super) lent: Option<Lent>,
}

/// A change with the path that it is written to, relative to the journal's folder, links followed.
pub(super) type Placed<'a> = (String, &'a Change);

/// The version of [`Job`]'s shape.
pub(super) const FORMAT: u32 = 2;

impl Job {
    /// The job that makes `changes` below `base`, each at its path relative to that, for the
    /// journal with this mark.
    pub(super) fn new(base: &Path, mark: &str, changes: &[Placed<'_>], lent: Option<Lent>) -> Self {
        let entries = changes.iter().map(|(path, change)| Entry {
            path: path.clone(),
            before: change.before.as_deref().map(digest),
            after: change.after.as_deref().map(digest),
        });
        let entries: Vec<Entry> = entries.collect();
        let written = entries.iter().filter(|entry| entry.after.is_some());
        let above = written.flat_map(|entry| Path::new(&entry.path).ancestors().skip(1));
        let missing: BTreeSet<&Path> = above.filter(|folder| !base.join(folder).exists()).collect();
        let folders =
            missing.into_iter().map(|folder| folder.to_string_lossy().into_owned()).collect();
        let run = format!("{:016x}", RandomState::new().hash_one(std::process::id()));
        Self { format: FORMAT, made: mark.to_owned(), run, folders, entries, lent }
    }

    /// True when nothing in it leads out of the journal's folder or into what version control
    /// keeps.
    pub(super) fn stays_below(&self) -> bool {
        let roots = self.lent.iter().map(|lent| &lent.root);
        let paths = self.entries.iter().map(|entry| &entry.path).chain(&self.folders).chain(roots);
        self.run.chars().all(|c| c.is_ascii_hexdigit())
            && paths.into_iter().all(|path| is_below(path) && !is_guarded(path))
    }

    /// True when the run has a file in a folder at, above or below `place`, relative to the
    /// journal's folder.
    pub(super) fn concerns(&self, place: &Path) -> bool {
        let folders = self.entries.iter().filter_map(|entry| Path::new(&entry.path).parent());
        folders.into_iter().any(|folder| folder.starts_with(place) || place.starts_with(folder))
    }

    /// Writes the new contents and keeps the old ones, both beside their targets; no target is
    /// touched.
    ///
    /// # Errors
    /// A [`Problem`] when the disk fails, or a link has come into a path.
    pub(super) fn stage(&self, base: &Path, changes: &[Placed<'_>]) -> Result<(), Problem> {
        for folder in &self.folders {
            disk::make_folder(&place(base, folder)?)
                .map_err(|error| failed("make", folder, &error))?;
        }
        self.lent.as_ref().map_or(Ok(()), |lent| lent.keep(base, &self.run))?;
        for (index, (entry, (_, change))) in self.entries.iter().zip(changes).enumerate() {
            let target = entry.place(base)?;
            let existing = entry.before.is_some().then_some(target.as_path());
            let write = |bytes: &Vec<u8>| {
                disk::write_new(&self.new_beside(&target, index), bytes, existing)
            };
            let keep = |target: &Path| disk::link_or_copy(target, &self.old_beside(target, index));
            let written = change.after.as_ref().map_or(Ok(()), write);
            let staged = written.and_then(|()| existing.map_or(Ok(()), keep));
            staged.map_err(|error| failed("write", &entry.path, &error))?;
        }
        self.sync(base)
    }

    /// Checks that every file is in one of its two states, and that what is needed to bring it to
    /// `wanted` is there.
    ///
    /// # Errors
    /// A [`Problem`] that names the first of which that is not so.
    pub(super) fn check(&self, base: &Path, wanted: State) -> Result<(), Problem> {
        for (index, entry) in self.entries.iter().enumerate() {
            let target = entry.place(base)?;
            let state = entry.state(&target)?;
            if state == State::Other {
                return Err(entry.changed());
            }
            let (source, contents) = match wanted {
                _ if state == wanted => continue,
                State::After => (self.new_beside(&target, index), &entry.after),
                _ => (self.old_beside(&target, index), &entry.before),
            };
            let held = disk::read(&source).map_err(|error| failed("read", &entry.path, &error))?;
            if contents.is_some() && held.as_deref().map(digest) != *contents {
                return Err(Problem::new(format!("what was kept for {} is gone", entry.path)));
            }
        }
        Ok(())
    }

    /// Brings every file to the state `wanted`, down to the device. One that somebody else wrote is
    /// never replaced: going forward it is an error, and on the way back it stays as it is.
    ///
    /// # Errors
    /// A [`Problem`] when the disk fails, or a link has come into a path.
    pub(super) fn bring(&self, base: &Path, wanted: State) -> Result<(), Problem> {
        for (index, entry) in self.entries.iter().enumerate() {
            let target = entry.place(base)?;
            let state = entry.state(&target)?;
            let source = match wanted {
                State::After if state == State::Other => return Err(entry.changed()),
                _ if state == State::Other => continue,
                State::After => entry.after.is_some().then(|| self.new_beside(&target, index)),
                _ => entry.before.is_some().then(|| self.old_beside(&target, index)),
            };
            let brought = match source {
                Some(source) if state == wanted => disk::remove(&source),
                Some(source) => disk::rename(&source, &target),
                None => disk::remove(&target),
            };
            brought.map_err(|error| failed("write", &entry.path, &error))?;
        }
        let lent = self.lent.as_ref().filter(|_| wanted == State::Before);
        lent.map_or(Ok(()), |lent| lent.put_back(base, &self.run))?;
        self.sync(base)
    }

    /// Puts `bytes` into the file numbered `index`, or takes it away, while it still holds `now`;
    /// where there is nothing to do, not.
    ///
    /// # Errors
    /// A [`Problem`] when it holds something else by now, a link has come into its path, or the
    /// disk fails.
    pub(super) fn mend(
        &self,
        base: &Path,
        index: usize,
        now: Option<&[u8]>,
        bytes: Option<Option<Vec<u8>>>,
    ) -> Result<(), Problem> {
        let (Some(bytes), Some(entry)) = (bytes, self.entries.get(index)) else { return Ok(()) };
        let target = entry.place(base)?;
        let fail = |error: std::io::Error| failed("write", &entry.path, &error);
        let staged = self.new_beside(&target, index);
        if let Some(bytes) = &bytes {
            disk::write_new(&staged, bytes, now.is_some().then_some(target.as_path()))
                .map_err(fail)?;
        }
        if disk::read(&target).map_err(fail)?.as_deref() != now {
            return Err(entry.changed());
        }
        let done =
            if bytes.is_some() { disk::rename(&staged, &target) } else { disk::remove(&target) };
        done.map_err(fail)?;
        self.sync(base)
    }

    /// Takes away what lies beside the targets, and the folders that `ended` leaves empty: the
    /// deleted files' after a run that was finished, the new ones after one that was undone.
    ///
    /// # Errors
    /// A [`Problem`] when something cannot be removed.
    pub(super) fn clear(&self, base: &Path, ended: State) -> Result<(), Problem> {
        for (index, entry) in self.entries.iter().enumerate() {
            let target = base.join(&entry.path);
            // A finished run has renamed the new contents.
            let new = (ended == State::Before && entry.after.is_some())
                .then(|| self.new_beside(&target, index));
            let old = entry.before.is_some().then(|| self.old_beside(&target, index));
            let cleared = new.iter().chain(&old).try_for_each(|path| disk::remove(path));
            cleared.map_err(|error| failed("clean up beside", &entry.path, &error))?;
        }
        self.lent.as_ref().map_or(Ok(()), |lent| lent.clear(base, &self.run))?;
        match ended {
            State::After => self.remove_emptied(base),
            _ => {
                for folder in self.folders.iter().rev() {
                    disk::remove_empty_folder(&place(base, folder)?);
                }
            }
        }
        self.sync(base)
    }

    /// Removes the folders that held deleted files only, inner ones first.
    fn remove_emptied(&self, base: &Path) {
        let deleted = self.entries.iter().filter(|entry| entry.after.is_none());
        let above = deleted.flat_map(|entry| Path::new(&entry.path).ancestors().skip(1));
        let folders: BTreeSet<&Path> =
            above.filter(|folder| !folder.as_os_str().is_empty()).collect();
        folders.into_iter().rev().for_each(|folder| disk::remove_empty_folder(&base.join(folder)));
    }

    fn sync(&self, base: &Path) -> Result<(), Problem> {
        let folders: BTreeSet<&Path> =
            self.entries.iter().flat_map(|entry| Path::new(&entry.path).parent()).collect();
        let above = self.folders.iter().flat_map(|folder| Path::new(folder).parent());
        let lent = self.lent.iter().map(|lent| Path::new(&lent.root));
        let folders = folders.into_iter().chain(above).chain(lent).collect::<BTreeSet<_>>();
        let sync = |folder: &Path| {
            disk::sync_folder(&base.join(folder))
                .map_err(|error| failed("write", &folder.to_string_lossy(), &error))
        };
        folders.into_iter().try_for_each(sync)
    }

    /// Where the new contents of the file numbered `index` wait.
    fn new_beside(&self, target: &Path, index: usize) -> PathBuf {
        target.with_file_name(format!(".rwx-{}-{index}-new", self.run))
    }

    /// Where the old contents of the file numbered `index` are kept.
    fn old_beside(&self, target: &Path, index: usize) -> PathBuf {
        target.with_file_name(format!(".rwx-{}-{index}-old", self.run))
    }
}
