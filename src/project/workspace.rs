//! The workspace that a package is in, as cargo has it: nothing above a package is the project's
//! unless a manifest there says so.

use std::path::{Path, PathBuf};

use super::disk;
use super::manifest::{MANIFEST, Manifest};
use super::members::{members, relative};
use super::typed::plain;
use crate::problem::Problem;

/// The manifest in `folder`.
///
/// # Errors
/// A [`Problem`] when it is a link out of that folder, cannot be read or does not parse.
pub(super) fn manifest(folder: &Path) -> Result<Manifest, Problem> {
    Manifest::parse(MANIFEST, &text(folder)?)
}

fn text(folder: &Path) -> Result<String, Problem> {
    disk::text(folder, MANIFEST)?.ok_or_else(|| {
        Problem::new(format!(
            "{} is a link that leads out of its folder",
            folder.join(MANIFEST).display()
        ))
        .help("put the manifest itself there")
    })
}

/// The root of the project that the package in `folder` is in: its workspace's folder, or its own
/// where it is in none.
///
/// # Errors
/// A [`Problem`] when a manifest cannot be read, or the package and the workspace do not name each
/// other.
pub(super) fn root_of(folder: &Path, shape: &Manifest) -> Result<PathBuf, Problem> {
    if shape.workspace.is_some() {
        return Ok(folder.to_path_buf());
    }
    let root = match shape.package.as_ref().and_then(|package| package.workspace.as_ref()) {
        Some(given) => Some(named(folder, given)?),
        None => above(folder)?,
    };
    let Some(root) = root else { return Ok(folder.to_path_buf()) };
    let own = relative(&root, folder);
    let is_member = members(&root)?.iter().any(|member| Some(&member.folder) == own.as_ref());
    if is_member { Ok(root) } else { Err(no_member(&root, folder)) }
}

/// The root that the manifest in `folder` names by `workspace = "given"`.
fn named(folder: &Path, given: &str) -> Result<PathBuf, Problem> {
    let root = plain(&folder.join(given));
    if !folder.starts_with(&root) {
        return Err(outside(&root, folder));
    }
    if root.join(MANIFEST).is_file() && manifest(&root)?.workspace.is_some() {
        return Ok(root);
    }
    let text = text(folder)?;
    let at = text.find(&format!("\"{given}\"")).unwrap_or_default();
    let problem =
        Problem::new(format!("there is no manifest with a [workspace] in {}", root.display()));
    Err(problem
        .at(MANIFEST, text, at..at + given.len() + 2)
        .help("name the folder of the workspace, or take this line out"))
}

/// The nearest workspace above `folder` that does not exclude it.
fn above(folder: &Path) -> Result<Option<PathBuf>, Problem> {
    for above in folder.ancestors().skip(1).filter(|above| above.join(MANIFEST).is_file()) {
        let Some(workspace) = manifest(above)?.workspace else { continue };
        if relative(above, folder).is_some_and(|folder| !workspace.excludes(&folder)) {
            return Ok(Some(above.to_path_buf()));
        }
    }
    Ok(None)
}

fn no_member(root: &Path, folder: &Path) -> Problem {
    let own = relative(root, folder).unwrap_or_default();
    let (root, folder) = (root.display(), folder.display());
    Problem::new(format!(
        "the package in {folder} is no member of the workspace in {root}, and cargo builds \
        neither then"
    ))
    .help(format!(
        "add \"{own}\" to `members` or `exclude` of {root}/{MANIFEST}, or an empty [workspace] to \
        the package"
    ))
}

/// The problem that the package in `folder` is not below the folder of its workspace.
pub(super) fn outside(root: &Path, folder: &Path) -> Problem {
    let (folder, root) = (folder.display(), root.display());
    Problem::new(format!(
        "the package in {folder} is not below its workspace's folder {root}, and rwx writes only \
        there"
    ))
    .help("move the package below that folder, or take it out of the workspace")
}
