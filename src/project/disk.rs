//! The only code that reads the user's disk, but for what src/apply is about to replace.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use super::place::existing;
use super::tree::{Tree, join, slashed};
use crate::problem::{Problem, reason};

/// The most bytes that a file may have.
const MOST: u64 = 8 << 20;
/// The most bytes that all files may have together.
const MOST_TOGETHER: u64 = 64 << 20;

/// The absolute form of `path`, or of the current folder.
///
/// # Errors
/// When it does not exist or cannot be reached.
pub(super) fn absolute(path: Option<&Path>) -> Result<PathBuf, Problem> {
    let path = path.unwrap_or(Path::new("."));
    path.canonicalize().map_err(|error| unreadable(path, &error))
}

/// The text of the file at `path` below `root`, when there is one.
///
/// # Errors
/// When it cannot be read or is not UTF-8.
pub(super) fn text(root: &Path, path: &str) -> Result<Option<String>, Problem> {
    let mut tree = Tree::default();
    add_file(&mut tree, root, path)?;
    Ok(tree.text(path)?.map(str::to_owned))
}

/// The bytes of the file at `path` below `root`, when there is one.
///
/// # Errors
/// When it cannot be read or is too large.
pub(super) fn bytes(root: &Path, path: &str) -> Result<Option<Vec<u8>>, Problem> {
    let place = existing(root, path).filter(|place| place.is_file());
    place.map(|place| bounded(&place, path)).transpose()
}

/// The bytes of the file at `place`, which errors call `path`.
///
/// # Errors
/// When it cannot be read or is too large.
#[expect(clippy::disallowed_methods, reason = "this is the room that reads the disk")]
pub(super) fn bounded(place: &Path, path: &str) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(place).map_err(|error| unreadable(place, &error))?;
    file.take(MOST + 1).read_to_end(&mut bytes).map_err(|error| unreadable(place, &error))?;
    if bytes.len() as u64 <= MOST { Ok(bytes) } else { Err(too_large(path, "it is", MOST)) }
}

fn too_large(path: &str, what: &str, most: u64) -> Problem {
    Problem::new(format!("cannot read {path}: {what} larger than {} MiB", most >> 20))
        .help("move what no crate is built from out of the package, and run the command again")
}

fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    Problem::new(format!("cannot read {}: {}", path.display(), reason(error)))
        .help("check that it exists and that you may read it")
}

/// The problem that the user may not read `folder`, in which rwx has rendered files.
pub(super) fn forbidden(folder: &str) -> Problem {
    unreadable(Path::new(folder), &ErrorKind::PermissionDenied.into())
}

/// Adds the files of `root` at `paths` that exist to `tree`.
///
/// # Errors
/// When one exists and cannot be read.
pub(super) fn add_files(
    tree: &mut Tree,
    root: &Path,
    paths: impl IntoIterator<Item = String>,
) -> Result<(), Problem> {
    paths.into_iter().try_for_each(|path| add_file(tree, root, &path))
}

fn add_file(tree: &mut Tree, root: &Path, path: &str) -> Result<(), Problem> {
    let Some(bytes) = bytes(root, path)? else { return Ok(()) };
    tree.put(path, bytes);
    let together = "with the project's other files it is";
    if tree.size() as u64 <= MOST_TOGETHER {
        Ok(())
    } else {
        Err(too_large(path, together, MOST_TOGETHER))
    }
}

/// Adds all files of the package in `package` whose name `keep` accepts, passing over build output,
/// the code of others, hidden folders and other packages. A folder that the user may not read, as a
/// database in a container leaves it, is noted in the tree.
///
/// # Errors
/// When an accepted file cannot be read, or a folder in which cargo looks for source.
pub(super) fn add_package(
    tree: &mut Tree,
    root: &Path,
    package: &str,
    keep: &dyn Fn(&str) -> bool,
) -> Result<(), Problem> {
    let mut open = vec![package.to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(folder) = open.pop() {
        let Some(place) = existing(root, &folder).filter(|_| seen.insert(folder.clone())) else {
            continue;
        };
        let listing = match entries(&place) {
            Err(error)
                if error.kind() == ErrorKind::PermissionDenied && !is_source(package, &folder) =>
            {
                tree.unread.push(folder);
                continue;
            }
            listing => listing.map_err(|error| unreadable(&place, &error))?,
        };
        for (name, kind) in listing {
            let path = join(&folder, &name);
            let skipped = name.starts_with('.') || is_foreign(package, &folder, &name);
            match kind {
                Kind::Folder
                    if !skipped && !root.join(&path).join(super::manifest::MANIFEST).exists() =>
                {
                    open.push(path)
                }
                Kind::Folder => {}
                Kind::File if keep(&name) => add_file(tree, root, &path)?,
                Kind::Link
                    if keep(&name)
                        && root.join(&path).is_file()
                        && existing(root, &path).is_some() =>
                {
                    add_file(tree, root, &path)?;
                }
                Kind::Link if !skipped => open.extend(follow(tree, root, package, &path)),
                Kind::File | Kind::Link => {}
            }
        }
    }
    Ok(())
}

/// The folder that the link at `path` leads to, where that is part of `package`.
fn follow(tree: &mut Tree, root: &Path, package: &str, path: &str) -> Option<String> {
    let target = existing(root, path).filter(|place| place.is_dir());
    let target = target.and_then(|place| place.strip_prefix(root).ok().map(slashed));
    let is_inside = |target: &String| Path::new(target).starts_with(package) && target != package;
    match target.filter(is_inside) {
        Some(target) => {
            tree.links.follow(path, &target);
            Some(target)
        }
        None => {
            tree.links.refuse(path);
            None
        }
    }
}

/// True for a folder of `package` in which cargo looks for source.
fn is_source(package: &str, folder: &str) -> bool {
    let rest = Path::new(folder).strip_prefix(package).unwrap_or(Path::new(folder));
    ["src", "tests", "examples", "benches"].iter().any(|source| rest.starts_with(source))
}

/// True where the folder `name` of `folder` holds build output or the code of others. A module can
/// have such a name too, and lies deeper.
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
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let Some(place) = existing(root, &folder).filter(|place| place.is_dir()) else { continue };
        for (name, kind) in entries(&place).map_err(|error| unreadable(&place, &error))? {
            let path = join(&folder, &name);
            if kind == Kind::Folder { open.push(path) } else { add_file(tree, root, &path)? }
        }
    }
    Ok(())
}

/// Adds the file called `file` of every folder in `folder`, when that exists.
///
/// # Errors
/// When one cannot be read.
pub(super) fn add_inner(
    tree: &mut Tree,
    root: &Path,
    folder: &str,
    file: &str,
) -> Result<(), Problem> {
    let Some(place) = existing(root, folder).filter(|place| place.is_dir()) else { return Ok(()) };
    let inner = entries(&place).map_err(|error| unreadable(&place, &error))?;
    for (name, _) in inner.into_iter().filter(|(_, kind)| *kind == Kind::Folder) {
        add_file(tree, root, &join(&join(folder, &name), file))?;
    }
    Ok(())
}

/// What is in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Folder,
    File,
    /// A symbolic link, to whatever.
    Link,
}

/// The names of what is in `folder`, each with its kind.
///
/// # Errors
/// When it cannot be read.
#[expect(clippy::disallowed_methods, reason = "this is the room that reads the disk")]
fn entries(folder: &Path) -> std::io::Result<Vec<(String, Kind)>> {
    let entries = std::fs::read_dir(folder)?.filter_map(Result::ok).filter_map(|entry| {
        let kind = entry.file_type().ok()?;
        let kind = match () {
            () if kind.is_dir() => Kind::Folder,
            () if kind.is_file() => Kind::File,
            () if kind.is_symlink() => Kind::Link,
            () => return None,
        };
        // No crate is made of a file whose name is not Unicode.
        Some((entry.file_name().into_string().ok()?, kind))
    });
    Ok(entries.collect())
}

/// The names of what is in `folder`; none where it cannot be read.
#[expect(clippy::disallowed_methods, reason = "this is the room that reads the disk")]
pub(super) fn names(folder: &Path) -> Vec<String> {
    let entries = folder.read_dir().into_iter().flatten().filter_map(Result::ok);
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

/// True when there is something at `path` that a new project could not go to: anything but an empty
/// folder.
#[expect(clippy::disallowed_methods, reason = "this is the room that reads the disk")]
pub(super) fn is_taken(path: &Path) -> bool {
    let is_empty_folder = path.read_dir().is_ok_and(|mut entries| entries.next().is_none());
    path.symlink_metadata().is_ok() && !is_empty_folder
}
