//! The files of a project that a run looks at, in memory: path → bytes.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Component, Path};
use std::sync::Arc;

use super::guarded::is_guarded;
use super::links::Links;
use crate::problem::Problem;

/// A snapshot of files. Paths are relative to the project's root and separated by `/` on every
/// system.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// Shared by the copies that a plan is made in.
    files: BTreeMap<String, Arc<Vec<u8>>>,
    size: usize,
    /// The links on the way to the files.
    pub(super) links: Links,
    /// The folders that the user may not read.
    pub(super) unread: Vec<String>,
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.iter().map(|(path, bytes)| (path, String::from_utf8_lossy(bytes))))
            .finish()
    }
}

impl Tree {
    /// The bytes at `path`.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(|bytes| bytes.as_slice())
    }

    /// The text at `path`, or nothing when there is no such file.
    ///
    /// # Errors
    /// A [`Problem`] with the place of the first byte that is not UTF-8.
    pub fn text(&self, path: &str) -> Result<Option<&str>, Problem> {
        self.bytes(path).map(|bytes| decode(path, bytes)).transpose()
    }

    /// True when there is a file at `path`.
    pub fn contains(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Puts a file at `path`, in place of what was there.
    pub fn put(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        let bytes = bytes.into();
        self.size += bytes.len();
        self.size -=
            self.files.insert(path.into(), Arc::new(bytes)).map_or(0, |before| before.len());
    }

    /// Takes the file at `path` away.
    pub fn remove(&mut self, path: &str) {
        self.size -= self.files.remove(path).map_or(0, |before| before.len());
    }

    /// How many bytes the files have together.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The links on the way to the files.
    pub fn links(&self) -> &Links {
        &self.links
    }

    /// The folders of the package that the user may not read, in none of which cargo looks by
    /// itself.
    pub fn unread(&self) -> &[String] {
        &self.unread
    }

    /// All files, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// The Rust files, those in hidden folders aside.
    pub fn sources(&self) -> impl Iterator<Item = (&str, &str)> {
        let is_source = |path: &str| {
            path.ends_with(".rs") && !path.split('/').any(|part| part.starts_with('.'))
        };
        let files = self.iter().filter(move |(path, _)| is_source(path));
        files.filter_map(|(path, bytes)| Some((path, std::str::from_utf8(bytes).ok()?)))
    }
}

fn decode<'a>(path: &str, bytes: &'a [u8]) -> Result<&'a str, Problem> {
    std::str::from_utf8(bytes).map_err(|error| {
        let valid = error.valid_up_to();
        let text = String::from_utf8_lossy(bytes).into_owned();
        Problem::new("this file is not UTF-8")
            .at(path, text, valid..valid)
            .help("save it as UTF-8 and run the command again")
    })
}

/// Joins a folder (empty for the root) and a path below it.
pub fn join(folder: &str, path: &str) -> String {
    if folder.is_empty() || path.is_empty() {
        format!("{folder}{path}")
    } else {
        format!("{folder}/{path}")
    }
}

/// `path` with `/` between its parts, whatever the system has there.
pub fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    // Elsewhere a backslash is a part of a name.
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

/// The path from the root of what a file in `folder` calls `path`; nothing where that leads out of
/// the project or into what version control keeps for itself.
pub fn below(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    if path.is_empty() || path.starts_with('/') || path.contains(':') {
        return None;
    }
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/")).filter(|path| !is_guarded(path))
}

/// True when no part of `path` leads out of the folder that it is relative to, as it is written.
pub fn is_below(path: &str) -> bool {
    Path::new(path)
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

/// The folder that holds `path`; empty for the root.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_utf8_is_shown_with_its_place() {
        let mut tree = Tree::default();
        tree.put("a.rs", b"ok\nfn \xff".to_vec());
        let problem = tree.text("a.rs").unwrap_err();
        assert_eq!(problem.to_string(), "a.rs:2:4: this file is not UTF-8");
    }

    #[test]
    fn joining_with_the_root_adds_no_slash() {
        assert_eq!(join("", "a"), "a");
        assert_eq!(join("x/y", "a/b"), "x/y/a/b");
        assert_eq!(join("x", ""), "x");
        assert_eq!(parent("x/y/z"), "x/y");
        assert_eq!(parent("z"), "");
    }

    #[test]
    fn a_path_in_a_file_is_taken_from_its_folder_and_stays_inside() {
        for (folder, path, wanted) in [
            ("", "a/./b", Some("a/b")),
            ("x", "../a", Some("a")),
            ("x/y", "../../a//b", Some("a/b")),
            ("x", "../../a", None),
            ("x", "..", None),
            ("", "/a", None),
            ("", "https://a/b", None),
            ("", ".GIT/config", None),
            ("", "", None),
        ] {
            assert_eq!(below(folder, path).as_deref(), wanted, "{folder} {path}");
        }
    }

    #[test]
    fn a_path_that_goes_up_or_starts_at_the_top_is_not_below() {
        assert!(["", "a", "./a/b", "a/./..b/c.."].into_iter().all(is_below));
        assert!(!["..", "/a", "a/../../b", "a/..", "../a"].into_iter().any(is_below));
    }
}
