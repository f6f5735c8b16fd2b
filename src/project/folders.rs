//! The folders that a pattern of a workspace means, found with no step out of the workspace and a
//! bounded number of steps.

use std::collections::BTreeSet;
use std::path::Path;

use glob::Pattern;

use super::disk;
use super::place::existing;
use super::tree::{is_below, join};
use crate::problem::Problem;

/// The most folders that are looked into for one pattern.
const MOST: usize = 20_000;

/// The folders below `root` that `pattern` means, relative to it. One that leads out of `root`
/// means none.
///
/// # Errors
/// When `pattern` is not a glob, or means too many folders to look into.
pub(super) fn folders(root: &Path, pattern: &str) -> Result<Vec<String>, Problem> {
    let wrong = |why: &str| Problem::new(format!("the workspace member `{pattern}` {why}"));
    let mut search = Search { root, left: MOST };
    // A pattern that leads upwards means no folder that a run could write to.
    let mut found = if is_below(pattern) { vec![String::new()] } else { Vec::new() };
    for part in pattern.split('/').filter(|part| !matches!(*part, "" | ".")) {
        let part =
            Pattern::new(part).map_err(|error| wrong(&format!("is not a path: {}", error.msg)))?;
        found = search.step(&found, &part);
        if search.left == 0 {
            return Err(wrong("means too many folders")
                .help("name the folders of the members, or those above them"));
        }
    }
    Ok(found)
}

struct Search<'a> {
    root: &'a Path,
    /// How many folders may still be looked into.
    left: usize,
}

impl Search<'_> {
    /// The folders that `part` means in `folders`.
    fn step(&mut self, folders: &[String], part: &Pattern) -> Vec<String> {
        match part.as_str() {
            "**" => self.all_below(folders),
            name if !name.contains(['*', '?', '[']) => folders
                .iter()
                .map(|folder| join(folder, name))
                .filter(|path| self.is_folder(path))
                .collect(),
            _ => folders
                .iter()
                .flat_map(|folder| self.inner(folder, &|name| part.matches(name)))
                .collect(),
        }
    }

    /// `folders` and all below them. Those that hold no packages are passed over, and so are links,
    /// which could lead back.
    fn all_below(&mut self, folders: &[String]) -> Vec<String> {
        let (mut open, mut found) = (folders.to_vec(), BTreeSet::new());
        while let Some(folder) = open.pop() {
            if !found.insert(folder.clone()) {
                continue;
            }
            let inner = self.inner(&folder, &|name| {
                !name.starts_with('.') && !matches!(name, "target" | "node_modules")
            });
            open.extend(inner.into_iter().filter(|path| !self.root.join(path).is_symlink()));
        }
        found.into_iter().collect()
    }

    /// The folders in `folder` whose names `keep` accepts.
    fn inner(&mut self, folder: &str, keep: &dyn Fn(&str) -> bool) -> Vec<String> {
        let Some(place) = existing(self.root, folder).filter(|_| self.left > 0) else {
            return Vec::new();
        };
        self.left -= 1;
        let names = disk::names(&place).into_iter().filter(|name| keep(name));
        names.map(|name| join(folder, &name)).filter(|path| self.is_folder(path)).collect()
    }

    fn is_folder(&self, path: &str) -> bool {
        existing(self.root, path).is_some_and(|place| place.is_dir())
    }
}
