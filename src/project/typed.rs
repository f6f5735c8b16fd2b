//! Paths that the user typed, and where a path leads on disk.

use std::path::{Component, Path, PathBuf};

use super::guarded::is_guarded;
use super::place::{guarded, real};
use super::tree::slashed;
use super::{Project, Selection, Tree, disk};
use crate::problem::{Problem, USAGE};
use crate::shell;

/// A file as it is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnDisk {
    /// Its path relative to the project's root, links followed.
    pub path: String,
    /// True when its owner may run it.
    pub is_executable: bool,
}

impl Project {
    /// The file that a write to `path` changes.
    pub fn on_disk(&self, path: &str) -> OnDisk {
        let path = self.real_path(path);
        let is_executable = is_executable(&self.root.join(&path));
        OnDisk { path, is_executable }
    }

    /// The path, relative to the root, of the file that a write to `path` changes: links are
    /// followed.
    pub fn real_path(&self, path: &str) -> String {
        let followed = real(&self.root.join(path));
        let inside = followed.as_deref().and_then(|place| place.strip_prefix(&self.root).ok());
        inside.map_or_else(|| path.to_owned(), slashed)
    }

    /// The root-relative path of `given`, a path that the user typed in the folder where she
    /// stands.
    ///
    /// # Errors
    /// A usage [`Problem`] when it leads out of the project.
    pub fn resolve(&self, given: &str) -> Result<String, Problem> {
        let outside = || {
            Problem::usage(format!("{given} is outside of the project at {}", self.root.display()))
                .help("give a file below the project's root")
        };
        let typed = plain(&self.here.join(given));
        // A folder on the way may be a link, as in a path that was copied from the shell.
        let folder = typed
            .parent()
            .and_then(real)
            .zip(typed.file_name())
            .map(|(folder, name)| folder.join(name));
        let inside = [Some(typed.clone()), folder].into_iter().flatten();
        let inside = inside
            .filter_map(|path| path.strip_prefix(&self.root).ok().map(Path::to_path_buf))
            .next();
        let path = slashed(&inside.ok_or_else(outside)?);
        if path.is_empty() {
            return Err(Problem::usage(format!("`{given}` is no file"))
                .help("give a file below the project's root"));
        }
        if is_guarded(&path) {
            return Err(Problem { code: USAGE, ..guarded(given) });
        }
        Ok(path)
    }
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|data| data.permissions().mode() & 0o100 != 0)
}

#[cfg(not(unix))]
fn is_executable(_: &Path) -> bool {
    false
}

/// `path` without `.` and `..`, taken as it is written.
pub(super) fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

/// The path of the file at `path` below the folder `root`, as a word of a command for the user's
/// shell.
pub fn shown(root: &Path, path: &str) -> String {
    shell::path_from(&here().unwrap_or_default(), root, path)
}

/// The folder that the user's shell is in.
///
/// # Errors
/// When it is gone.
pub fn here() -> Result<PathBuf, Problem> {
    disk::absolute(None)
}

/// The files of the folder `given`, which the user typed as a folder of templates: paths below it.
///
/// # Errors
/// A [`Problem`] when it is no folder or cannot be read.
pub fn templates(selection: &Selection, given: &Path) -> Result<Tree, Problem> {
    let path = disk::absolute(selection.directory.as_deref())?.join(given);
    let path = path.canonicalize().ok().filter(|path| path.is_dir()).ok_or_else(|| {
        Problem::usage(format!("there is no folder {}", given.display()))
            .help("give `--templates` a folder that holds a folder for each component")
    })?;
    let mut tree = Tree::default();
    disk::add_all(&mut tree, &path, "")?;
    Ok(tree)
}

/// The absolute path of the folder that the user typed as `given`, which need not exist.
///
/// # Errors
/// A [`Problem`] when it is a link to nowhere.
pub fn typed_folder(selection: &Selection, given: &Path) -> Result<PathBuf, Problem> {
    let path = disk::absolute(selection.directory.as_deref())?.join(given);
    real(&path).ok_or_else(|| {
        Problem::new(format!("{} is a symbolic link that leads nowhere", given.display()))
            .help("remove the link, or make what it points to")
    })
}

/// The text of the file that the user typed as `given`.
///
/// # Errors
/// A [`Problem`] when there is none, or it cannot be read or is not UTF-8.
pub fn typed_text(selection: &Selection, given: &Path) -> Result<String, Problem> {
    let path = disk::absolute(selection.directory.as_deref())?.join(given);
    let shown = given.display();
    let path = path.canonicalize().ok().filter(|path| path.is_file()).ok_or_else(|| {
        Problem::usage(format!("there is no file {shown}")).help("give the path of a file")
    })?;
    let bytes = disk::bounded(&path, &shown.to_string())?;
    String::from_utf8(bytes).map_err(|_| Problem::new(format!("{shown} is not UTF-8")))
}

/// Those of the files at `paths` below `folder` that exist; `folder` is without links.
///
/// # Errors
/// When one cannot be read.
pub fn files_in(folder: &Path, paths: impl IntoIterator<Item = String>) -> Result<Tree, Problem> {
    let mut tree = Tree::default();
    disk::add_files(&mut tree, folder, paths)?;
    Ok(tree)
}

/// The absolute path of `given`, where a new project is to go.
///
/// # Errors
/// A [`Problem`] when something is there already or the folder above it does not exist.
pub fn vacant(selection: &Selection, given: &Path) -> Result<PathBuf, Problem> {
    let path = disk::absolute(selection.directory.as_deref())?.join(given);
    let shown = given.display();
    if !path.parent().is_some_and(Path::is_dir) {
        let above = given.parent().unwrap_or(Path::new(".."));
        let above = selection.directory.as_deref().unwrap_or(Path::new("")).join(above);
        return Err(Problem::new(format!("there is no folder to make {shown} in"))
            .help(format!("run `mkdir -p {}` first", shell::path(&above.to_string_lossy()))));
    }
    if disk::is_taken(&path) {
        return Err(Problem::new(format!("{shown} exists already")).help(
            "choose another name, or run `rwx infra add` inside it to extend what is there",
        ));
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_path_is_taken_from_where_the_user_stands_and_stays_inside() {
        let mut tree = Tree::default();
        tree.put("Cargo.toml", "[package]\nname = \"a\"\n");
        let mut project = Project::of(PathBuf::from("/p"), String::new(), tree).unwrap();
        project.here = PathBuf::from("/p/src/bin");
        assert_eq!(project.resolve("../../deploy/./c.yaml").unwrap(), "deploy/c.yaml");
        assert_eq!(project.resolve("/p/x.yaml").unwrap(), "x.yaml");
        assert!(project.resolve("../../../c.yaml").is_err());
        assert!(project.resolve("/etc/c.yaml").is_err());
        assert_eq!(project.resolve("../../../p/c.yaml").unwrap(), "c.yaml");
        project.here = PathBuf::from("/");
        assert_eq!(project.resolve("p/c.yaml").unwrap(), "c.yaml");
        project.here = PathBuf::from("/p");
        assert!(project.resolve("").is_err() && project.resolve(".").is_err());
    }
}
