//! Files that are known by their names: in the package's folder, else in the workspace's.

use super::Project;
use super::manifest::MANIFEST;
use super::toolchain::TOOLCHAIN_NAMES;
use super::tree::join;

/// Standard names of compose files, the ones that `docker compose` prefers first.
pub const COMPOSE_NAMES: [&str; 4] =
    ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];
/// Names of environment samples, the usual ones first. The first is the name of a new one.
const SAMPLE_NAMES: [&str; 9] = [
    ".env.example",
    ".env.sample",
    ".env.template",
    ".env.dist",
    "env.example",
    "env.template",
    "example.env",
    ".example.env",
    "sample.env",
];
/// The README.
pub const README: &str = "README.md";
/// What is different for the program in a container of the compose file.
const CONTAINER: &str = "compose.env";
/// The lock file.
pub(super) const LOCK: &str = "Cargo.lock";

/// The paths of all of them for the package in `folder`.
pub(super) fn paths(folder: &str) -> impl Iterator<Item = String> {
    let names = [MANIFEST, LOCK, README, CONTAINER]
        .into_iter()
        .chain(TOOLCHAIN_NAMES)
        .chain(COMPOSE_NAMES)
        .chain(SAMPLE_NAMES);
    names.flat_map(move |name| [join(folder, name), name.to_owned()])
}

/// True for the path of a file for the environment of a program in a container.
pub fn is_container_environment(path: &str) -> bool {
    path.rsplit('/').next() == Some(CONTAINER)
}

impl Project {
    /// The compose file: the package's, else the workspace's.
    pub fn compose_path(&self) -> Option<String> {
        self.first_of(&COMPOSE_NAMES)
    }

    /// The environment sample: the package's, else the workspace's, else where a new one goes.
    pub fn sample_path(&self) -> String {
        self.first_of(&SAMPLE_NAMES).unwrap_or_else(|| join(&self.folder, SAMPLE_NAMES[0]))
    }

    /// The environment of the program in a container of the compose file, where there is a file for
    /// it: the package's, else the workspace's.
    pub fn container_environment(&self) -> Option<String> {
        self.first_of(&[CONTAINER])
    }

    fn first_of(&self, names: &[&str]) -> Option<String> {
        let folders = [self.folder.as_str(), ""];
        let paths = folders.iter().flat_map(|folder| names.iter().map(|name| join(folder, name)));
        paths.into_iter().find(|path| self.tree.contains(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_s_own_compose_file_comes_before_the_workspace_s() {
        let root = ("Cargo.toml", "[workspace]\nmembers = [\"api\"]\n");
        let files =
            [root, ("api/Cargo.toml", "[package]\nname = \"api\"\n"), ("docker-compose.yml", "")];
        let mut project = Project::of_files("api", &files);
        assert_eq!(project.compose_path().as_deref(), Some("docker-compose.yml"));
        project.tree.put("api/compose.yaml", "");
        assert_eq!(project.compose_path().as_deref(), Some("api/compose.yaml"));
        assert_eq!(project.sample_path(), "api/.env.example");
    }
}
