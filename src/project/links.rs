//! Symbolic links among a project's files, and where they lead.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::{join, parent};

/// The links that a run came across. Paths are relative to the project's root.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    /// Links to folders of the package, each with where that really is.
    followed: BTreeMap<String, String>,
    /// Links that lead out of the package, or nowhere.
    refused: BTreeSet<String>,
}

impl Links {
    /// Notes that the folder at `link` really is at `target`, which is without links.
    pub(super) fn follow(&mut self, link: &str, target: &str) {
        self.followed.insert(link.to_owned(), target.to_owned());
    }

    /// Notes that nothing is read through `link`.
    pub(super) fn refuse(&mut self, link: &str) {
        self.refused.insert(link.to_owned());
    }

    /// Where what is called `path` in `folder`, which is without links, really is; nothing where
    /// that is outside of the project.
    pub fn place(&self, folder: &str, path: &str) -> Option<String> {
        self.steps(folder, path).last().cloned().flatten()
    }

    /// The link on the way from `folder` to `path` through which nothing is read.
    pub fn refused_on(&self, folder: &str, path: &str) -> Option<String> {
        self.steps(folder, path).into_iter().flatten().find(|place| self.refused.contains(place))
    }

    /// The places on the way from `folder` to `path`, one for each part of it; nothing from where
    /// it leads out.
    fn steps(&self, folder: &str, path: &str) -> Vec<Option<String>> {
        let mut place = Some(folder.to_owned());
        let mut steps = Vec::new();
        for part in path.split(['/', '\\']) {
            place = place.and_then(|place| self.step(&place, part));
            steps.push(place.clone());
        }
        steps
    }

    fn step(&self, place: &str, part: &str) -> Option<String> {
        match part {
            "" | "." => Some(place.to_owned()),
            ".." if place.is_empty() => None,
            ".." => Some(parent(place).to_owned()),
            part => {
                let place = join(place, part);
                Some(self.followed.get(&place).cloned().unwrap_or(place))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_walked_as_the_system_walks_it() {
        let mut links = Links::default();
        links.follow("src", "code/now");
        links.follow("code/now/api", "shared/api");
        links.refuse("code/now/far");
        for (folder, path, place) in [
            ("", "src/main.rs", Some("code/now/main.rs")),
            ("", "./src/../x.rs", Some("code/x.rs")),
            ("", "src/../../src/main.rs", Some("code/now/main.rs")),
            ("", "src/api/mod.rs", Some("shared/api/mod.rs")),
            ("code/now", "api/../x.rs", Some("shared/x.rs")),
            ("api", "src\\main.rs", Some("api/src/main.rs")),
            ("api", "../../x", None),
            ("api", "../../api/x", None),
            ("a/b", "../..", Some("")),
        ] {
            assert_eq!(links.place(folder, path).as_deref(), place, "{folder} {path}");
        }
        assert_eq!(links.refused_on("", "src/far/mod.rs").as_deref(), Some("code/now/far"));
        assert_eq!(links.refused_on("", "src/main.rs"), None);
    }
}
