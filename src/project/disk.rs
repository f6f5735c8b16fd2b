//! The only code that reads the user's disk, but for what src/apply is about to replace.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::tree::{Tree, join, slashed};
use crate::problem::{Problem, reason};

/// The absolute form of `path`, or of the current folder.
///
/// # Errors
/// When it does not exist or cannot be reached.
pub(super) fn absolute(path: Option<&Path>) -> Result<PathBuf, Problem> {
    let path = path.unwrap_or(Path::new("."));
    path.canonicalize().map_err(|error| unreadable(path, &error))
}

/// The text of the file at `path`.
///
/// # Errors
/// When it cannot be read or is not UTF-8.
pub(super) fn text(path: &Path) -> Result<String, Problem> {
    let mut tree = Tree::default();
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    tree.put(name.clone(), bytes(path)?);
    Ok(tree.text(&name)?.unwrap_or_default().to_owned())
}

#[expect(clippy::disallowed_methods, reason = "this is the room that reads the disk")]
fn bytes(path: &Path) -> Result<Vec<u8>, Problem> {
    std::fs::read(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    Problem::new(format!("cannot read {}: {}", path.display(), reason(error)))
        .help("check that it exists and that you may read it")
}

/// The folders below `root` that the workspace member pattern `pattern` means, relative to it.
///
/// # Errors
/// When `pattern` is not a glob.
pub(super) fn folders(root: &Path, pattern: &str) -> Result<Vec<String>, Problem> {
    let escaped = glob::Pattern::escape(&root.to_string_lossy());
    let paths = glob::glob(&format!("{escaped}/{}", pattern.trim_end_matches('/')))
        .map_err(|error| Problem::new(format!("the workspace member `{pattern}` is not a path: {}", error.msg)))?;
    let relative = paths
        .filter_map(Result::ok)
        .filter_map(|path| path.is_dir().then(|| path.strip_prefix(root).ok().map(slashed))?);
    Ok(relative.collect())
}

/// Adds the files of `root` at `paths` that exist to `tree`.
///
/// # Errors
/// When one exists and cannot be read.
pub(super) fn add_files(tree: &mut Tree, root: &Path, paths: impl IntoIterator<Item = String>) -> Result<(), Problem> {
    for path in paths {
        let full = root.join(&path);
        if full.is_file() {
            tree.put(path, bytes(&full)?);
        }
    }
    Ok(())
}

/// Adds all files of the package in `package` whose name `keep` accepts, passing over build output, the code of others, hidden
/// folders, other packages and folders that the user may not read, as a database in a container leaves them: no crate is built
/// from those.
///
/// # Errors
/// When an accepted file cannot be read.
pub(super) fn add_package(
    tree: &mut Tree,
    root: &Path,
    package: &str,
    keep: &dyn Fn(&str) -> bool,
) -> Result<(), Problem> {
    let mut open = vec![package.to_owned()];
    while let Some(folder) = open.pop() {
        let place = root.join(&folder);
        let listing = match entries(&place) {
            Err(error) if error.kind() == ErrorKind::PermissionDenied => continue,
            listing => listing.map_err(|error| unreadable(&place, &error))?,
        };
        for (name, is_folder) in listing {
            let path = join(&folder, &name);
            if is_folder {
                let skipped = name.starts_with('.') || is_foreign(package, &folder, &name);
                if !skipped && !root.join(&path).join(super::manifest::MANIFEST).exists() {
                    open.push(path);
                }
            } else if keep(&name) {
                tree.put(path.clone(), bytes(&root.join(&path))?);
            }
        }
    }
    Ok(())
}

/// True where the folder `name` of `folder` holds build output or the code of others. A module can have such a name too, and
/// lies deeper.
fn is_foreign(package: &str, folder: &str, name: &str) -> bool {
    let source = join(package, "src");
    match name {
        "target" | "vendor" => folder == package,
        "node_modules" => folder != source && !folder.starts_with(&format!("{source}/")),
        _ => false,
    }
}

/// Adds every file below `folder`, when that exists.
///
/// # Errors
/// When one cannot be read.
pub(super) fn add_all(tree: &mut Tree, root: &Path, folder: &str) -> Result<(), Problem> {
    let place = root.join(folder);
    if !place.is_dir() {
        return Ok(());
    }
    for (name, is_folder) in entries(&place).map_err(|error| unreadable(&place, &error))? {
        let path = join(folder, &name);
        if is_folder {
            add_all(tree, root, &path)?;
        } else {
            tree.put(path.clone(), bytes(&root.join(&path))?);
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "this is the room that reads the disk")]
fn entries(folder: &Path) -> std::io::Result<Vec<(String, bool)>> {
    let entries = std::fs::read_dir(folder)?.filter_map(Result::ok).filter_map(|entry| {
        let kind = entry.file_type().ok()?;
        let linked = kind.is_symlink() && entry.path().is_file();
        // No crate is made of a file whose name is not Unicode.
        let name = entry.file_name().into_string().ok()?;
        (kind.is_dir() || kind.is_file() || linked).then_some((name, kind.is_dir()))
    });
    Ok(entries.collect())
}

/// True when there is something at `path` that a new project could not go to: anything but an empty folder.
#[expect(clippy::disallowed_methods, reason = "this is the room that reads the disk")]
pub(super) fn is_taken(path: &Path) -> bool {
    let is_empty_folder = path.read_dir().is_ok_and(|mut entries| entries.next().is_none());
    path.symlink_metadata().is_ok() && !is_empty_folder
}

/// `path` with links followed in the part that exists; nothing for a link to nowhere.
pub fn real(path: &Path) -> Option<PathBuf> {
    let existing = path.ancestors().find(|place| place.symlink_metadata().is_ok())?;
    let rest = path.strip_prefix(existing).ok()?;
    let real = existing.canonicalize().ok()?;
    Some(if rest.as_os_str().is_empty() { real } else { real.join(rest) })
}
