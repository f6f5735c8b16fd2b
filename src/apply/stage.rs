//! The stage: new contents beside their targets, then renames, and the way back.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::plan::Change;
use crate::problem::Problem;

/// Suffix of new contents beside their target.
const NEW: &str = ".rwx-new";
/// Suffix of the old contents beside their target while the renames run.
const OLD: &str = ".rwx-old";

/// What is staged. Dropping a stage that was not committed takes it away again.
#[derive(Debug, Default)]
pub(super) struct Stage {
    writes: Vec<Write>,
    folders: Vec<PathBuf>,
}

/// One target with its new contents.
#[derive(Debug)]
struct Write {
    shown: String,
    target: PathBuf,
    existed: bool,
    /// The staged contents; nothing for a file to delete.
    new: Option<PathBuf>,
    /// True once the target holds the new contents.
    done: bool,
}

impl Stage {
    /// Writes the contents that `change` gives `target` beside it.
    pub(super) fn add(&mut self, change: &Change, target: PathBuf) -> Result<(), Problem> {
        let fail = |error: io::Error| failed("write", &change.path, &error);
        self.make_folders(&target).map_err(fail)?;
        let new = change.after.as_ref().map(|_| beside(&target, NEW));
        let existed = change.before.is_some();
        let staged = new.clone();
        self.writes.push(Write { shown: change.path.clone(), target: target.clone(), existed, new, done: false });
        match (staged, &change.after) {
            (Some(path), Some(bytes)) => write_new(&path, bytes, existed.then_some(target.as_path())).map_err(fail),
            _ => Ok(()),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "this is the room that writes the disk")]
    fn make_folders(&mut self, target: &Path) -> io::Result<()> {
        let missing: Vec<&Path> = target.ancestors().skip(1).take_while(|folder| !folder.exists()).collect();
        for folder in missing.into_iter().rev() {
            fs::create_dir(folder)?;
            self.folders.push(folder.to_path_buf());
        }
        Ok(())
    }

    /// Renames everything into place; at a failure, puts back what was renamed.
    pub(super) fn commit(mut self) -> Result<(), Problem> {
        for write in &mut self.writes {
            write.swap().map_err(|error| failed("write", &write.shown, &error))?;
        }
        for write in std::mem::take(&mut self.writes) {
            remove(&beside(&write.target, OLD));
            if write.new.is_none() {
                remove_empty_folders(&write.target);
            }
        }
        self.folders.clear();
        Ok(())
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        for write in self.writes.iter().rev() {
            write.undo();
        }
        for folder in self.folders.iter().rev() {
            // A folder that something else has filled meanwhile stays.
            let _ = fs::remove_dir(folder);
        }
    }
}

impl Write {
    #[expect(clippy::disallowed_methods, reason = "this is the room that writes the disk")]
    fn swap(&mut self) -> io::Result<()> {
        if self.existed {
            let old = beside(&self.target, OLD);
            remove(&old);
            fs::hard_link(&self.target, &old).or_else(|_| fs::copy(&self.target, &old).map(drop))?;
        }
        match &self.new {
            Some(new) => fs::rename(new, &self.target)?,
            None => fs::remove_file(&self.target)?,
        }
        self.done = true;
        self.target.parent().map_or(Ok(()), sync_folder)
    }

    #[expect(clippy::disallowed_methods, reason = "this is the room that writes the disk")]
    fn undo(&self) {
        if let Some(new) = &self.new {
            remove(new);
        }
        let old = beside(&self.target, OLD);
        if self.done && self.existed {
            // Nothing better can be done when this fails: the old contents stay beside the target.
            let _ = fs::rename(&old, &self.target);
        } else if self.done {
            remove(&self.target);
        } else {
            remove(&old);
        }
    }
}

fn write_new(path: &Path, bytes: &[u8], like: Option<&Path>) -> io::Result<()> {
    // What an interrupted run left goes first; a link of this name would lead the write elsewhere.
    remove(path);
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    if let Some(like) = like {
        file.set_permissions(like.metadata()?.permissions())?;
    }
    file.write_all(bytes)?;
    file.sync_all()
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    // Windows cannot open a folder as a file, and its renames need no such flush.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[expect(clippy::disallowed_methods, reason = "this is the room that writes the disk")]
fn remove(path: &Path) {
    // The file is usually not there; one that stays is only litter beside the target.
    let _ = fs::remove_file(path);
}

/// Takes the folders above a deleted file away as far up as they hold nothing.
fn remove_empty_folders(target: &Path) {
    let mut folders = target.ancestors().skip(1);
    while folders.next().is_some_and(|folder| std::fs::remove_dir(folder).is_ok()) {}
}

fn beside(target: &Path, suffix: &str) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}{suffix}"))
}

/// The problem that `error` is when rwx tried to `verb` the file at `path`.
pub(super) fn failed(verb: &str, path: &str, error: &io::Error) -> Problem {
    let why = error.to_string().to_lowercase();
    let why = why.split(" (os error").next().unwrap_or(&why).to_owned();
    Problem::new(format!("cannot {verb} {path}: {why}"))
        .help("nothing was changed; mend the cause and run the command again")
}
