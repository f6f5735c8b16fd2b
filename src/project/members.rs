//! The packages of a workspace, as cargo finds them.

use std::collections::BTreeMap;
use std::iter;
use std::path::Path;

use toml_edit::{DocumentMut, Item, TableLike};

use super::disk;
use super::folders::folders;
use super::manifest::{MANIFEST, Manifest};
use super::tree::{join, slashed};
use super::typed::plain;
use crate::problem::Problem;

/// The tables whose entries a package is built or tested with.
const DEPENDENCIES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// A package of a workspace.
#[derive(Debug)]
pub(super) struct Member {
    /// Its folder, relative to the workspace's root.
    pub(super) folder: String,
    /// Its name.
    pub(super) name: String,
    /// The text of its manifest.
    pub(super) text: String,
}

/// The packages of the workspace at `root`, sorted by folder: those that its manifest lists, and
/// those below it that one of them depends on by path.
///
/// # Errors
/// A [`Problem`] when a manifest cannot be read or does not parse.
pub(super) fn members(root: &Path) -> Result<Vec<Member>, Problem> {
    let text = disk::text(root, MANIFEST)?.unwrap_or_default();
    let workspace = Manifest::parse(MANIFEST, &text)?.workspace.unwrap_or_default();
    let shared = document(&text);
    let mut open = vec![String::new()];
    for pattern in &workspace.members {
        open.extend(folders(root, pattern)?);
    }
    open.retain(|folder| !workspace.excludes(folder));
    let mut found = BTreeMap::new();
    while let Some(folder) = open.pop() {
        if found.contains_key(&folder) {
            continue;
        }
        let Some(text) = disk::text(root, &join(&folder, MANIFEST))? else { continue };
        let name = Manifest::parse(&join(&folder, MANIFEST), &text)?.name().map(str::to_owned);
        let depended_on = depended_on(root, &folder, &document(&text), &shared);
        open.extend(depended_on.into_iter().filter(|folder| !workspace.excludes(folder)));
        found.insert(folder, (name, text));
    }
    let member = |(folder, (name, text)): (String, (Option<String>, String))| {
        Some(Member { name: name?, folder, text })
    };
    Ok(found.into_iter().filter_map(member).collect())
}

fn document(manifest: &str) -> DocumentMut {
    manifest.trim_start_matches('\u{feff}').parse().unwrap_or_default()
}

/// The folders below `root` that the package in `folder` depends on by path; `shared` is the
/// manifest at the root.
fn depended_on(
    root: &Path,
    folder: &str,
    manifest: &DocumentMut,
    shared: &DocumentMut,
) -> Vec<String> {
    let targets =
        manifest.get("target").and_then(Item::as_table_like).into_iter().flat_map(TableLike::iter);
    let all = iter::once(manifest.as_item()).chain(targets.map(|(_, tables)| tables));
    let tables = all.flat_map(|tables| {
        DEPENDENCIES.iter().filter_map(|kind| tables.get(kind)?.as_table_like())
    });
    let path = |entry: &Item| entry.get("path")?.as_str().map(str::to_owned);
    let inherited = |key: &str| path(shared.get("workspace")?.get("dependencies")?.get(key)?);
    let places = tables.flat_map(TableLike::iter).filter_map(|(key, entry)| match path(entry) {
        Some(path) => Some(root.join(folder).join(path)),
        None => entry.get("workspace").and_then(|_| inherited(key)).map(|path| root.join(path)),
    });
    places.filter_map(|place| relative(root, &plain(&place))).collect()
}

/// The path of `folder` below `root`, `/`-separated.
pub(super) fn relative(root: &Path, folder: &Path) -> Option<String> {
    folder.strip_prefix(root).ok().map(slashed)
}
