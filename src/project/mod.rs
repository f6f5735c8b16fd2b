//! The user's project as a value: read once, never written here.

mod child;
mod digest;
mod disk;
mod folders;
mod git;
pub mod guarded;
mod layout;
pub mod links;
pub mod locate;
pub mod manifest;
mod members;
pub mod pending;
mod place;
pub mod record;
mod rustfmt;
pub mod source;
mod targets;
pub mod toml;
mod toolchain;
pub mod tree;
mod typed;
mod used;
mod workspace;
mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

pub use digest::digest;
pub use layout::Layout;
pub use locate::{Location, Needs, Selection, locate};
pub use place::{real, writable};
pub use record::Record;
pub use targets::Target;
pub use tree::Tree;
pub use typed::{OnDisk, here, shown, templates, vacant};
pub use used::Used;
pub use written::check_not_newer;

use crate::edit::manifest::{Kind, dependencies};
use crate::problem::Problem;
use crate::shell;
use git::Git;
use manifest::{FILL_IN, MANIFEST, Manifest, inherited, is_template};
use members::{Member, members};
use toolchain::{TOOLCHAIN_NAMES, oldest_minor};
use tree::join;

/// Standard names of compose files, the ones that `docker compose` prefers first.
pub const COMPOSE_NAMES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];
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
const LOCK: &str = "Cargo.lock";

/// A package, with all files of it that a component may look at.
#[derive(Debug, Clone)]
pub struct Project {
    /// The project's root on disk; only for messages and for `apply`.
    pub root: PathBuf,
    /// The package's folder below the root; empty when it is the root.
    pub folder: String,
    /// The files.
    pub tree: Tree,
    /// The package's name.
    pub name: String,
    /// The package's edition.
    pub edition: String,
    /// The minor version of the oldest Rust 1.x that must build the package, where one is stated.
    pub rust_minor: Option<u64>,
    /// The library, when there is one.
    pub lib: Option<Target>,
    /// The binaries, `src/main.rs` first.
    pub bins: Vec<Target>,
    /// The packages of the workspace that this one depends on.
    pub siblings: Vec<Sibling>,
    /// The folder from which paths that the user typed are taken, absolute.
    pub here: PathBuf,
    /// The folder that the user's shell is in, absolute.
    pub shell: PathBuf,
    /// The folder below the root whose manifest cargo takes there; nothing outside of the project.
    pub at_hand: Option<String>,
    /// The binary that `cargo run` takes, when the manifest says so.
    pub default_run: Option<String>,
    /// What lays out code as the owner's rustfmt.toml says.
    pub layout: Option<Layout>,
}

/// Another package of the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sibling {
    /// The name by which this package's code knows it.
    pub name: String,
    /// Its folder, relative to the root.
    pub folder: String,
    /// Its library.
    pub lib: Target,
}

impl Project {
    /// Reads what every component needs of the project at `location`.
    ///
    /// # Errors
    /// A [`Problem`] when a file cannot be read or the manifest does not parse.
    pub fn read(location: &Location) -> Result<Self, Problem> {
        let (root, folder) = (&location.root, &location.package);
        let mut tree = Tree::default();
        let is_read = |name: &str| name.ends_with(".rs") || layout::CONFIGS.contains(&name);
        disk::add_package(&mut tree, root, folder, &is_read)?;
        disk::add_files(&mut tree, root, layout::configs_above(folder))?;
        let standard = [MANIFEST, LOCK].into_iter().chain(TOOLCHAIN_NAMES).chain(COMPOSE_NAMES).chain(SAMPLE_NAMES);
        let standard = standard.flat_map(|name| [join(folder, name), name.to_owned()]);
        disk::add_files(&mut tree, root, standard)?;
        disk::add_all(&mut tree, root, &join(folder, record::FOLDER))?;
        let depended_on = depended_on(&tree, location)?;
        for member in &depended_on {
            disk::add_package(&mut tree, root, &member.folder, &is_read)?;
        }
        let mut project = Self::of(root.clone(), folder.clone(), tree)?;
        project.siblings = depended_on.iter().filter_map(|member| sibling(&project.tree, member)).collect();
        project.here.clone_from(&location.here);
        project.shell.clone_from(&location.shell);
        project.at_hand.clone_from(&location.at_hand);
        project.layout = Some(rustfmt::rustfmt);
        Ok(project)
    }

    /// The project that `tree` holds in `folder`.
    ///
    /// # Errors
    /// A [`Problem`] when its manifest is missing, does not parse or has no package.
    pub fn of(root: PathBuf, folder: String, tree: Tree) -> Result<Self, Problem> {
        let path = join(&folder, MANIFEST);
        let text = tree.text(&path)?.ok_or_else(|| Problem::new(format!("{path} is missing")))?;
        let own = Manifest::parse(&path, text)?;
        let above = Manifest::parse(MANIFEST, tree.text(MANIFEST)?.unwrap_or_default())?;
        let Some(name) = own.name().map(str::to_owned) else {
            return Err(Problem::new(format!("{path} has no [package] with a name"))
                .help("run this in a package, or name one of the workspace's with `-p PKG`"));
        };
        if is_template(&name) {
            let at = text.find(&name).unwrap_or_default();
            let problem = Problem::new(format!("`{name}` is not the name of a package"));
            return Err(problem.at(&path, text, at..at + name.len()).help(FILL_IN));
        }
        let lib = targets::library(&tree, &folder, &own, &name);
        let bins = targets::binaries(&tree, &folder, &own, &name);
        let edition = inherited(&own, &above, |package| &package.edition).unwrap_or_else(|| "2015".to_owned());
        let rust_minor = oldest_minor(&tree, &folder, &own, &above);
        Ok(Self {
            here: root.clone(),
            shell: root.clone(),
            at_hand: Some(folder.clone()),
            default_run: own.package.as_ref().and_then(|package| package.default_run.clone()),
            root,
            folder,
            tree,
            name,
            edition,
            rust_minor,
            lib,
            bins,
            siblings: Vec::new(),
            layout: None,
        })
    }

    /// Also takes in the files at `paths` that exist on disk and are not known yet.
    ///
    /// # Errors
    /// When one exists and cannot be read.
    pub fn load(&mut self, paths: &[String]) -> Result<(), Problem> {
        let unknown: Vec<String> = paths.iter().filter(|path| !self.tree.contains(path)).cloned().collect();
        disk::add_files(&mut self.tree, &self.root, unknown)
    }

    /// Checks that a run may change the files at `paths`, and show what is in them.
    ///
    /// # Errors
    /// As [`writable`], for the first one that it may not.
    pub fn check_places<'a>(&self, paths: impl IntoIterator<Item = &'a str>) -> Result<(), Problem> {
        paths.into_iter().try_for_each(|path| writable(&self.root, path).map(drop))
    }

    /// The same project with other files, as a plan would leave them.
    ///
    /// # Errors
    /// As [`Project::of`].
    pub fn with(&self, tree: Tree) -> Result<Self, Problem> {
        let project = Self::of(self.root.clone(), self.folder.clone(), tree)?;
        let (here, shell, siblings) = (self.here.clone(), self.shell.clone(), self.siblings.clone());
        Ok(Self { here, shell, at_hand: self.at_hand.clone(), siblings, layout: self.layout, ..project })
    }

    /// The bytes at the last commit of those files at `paths` that are in it. None outside a repository and before the first
    /// commit.
    ///
    /// # Errors
    /// Why git, which is asked where there is a repository, has no answer.
    pub fn committed(&self, paths: &[String]) -> Result<BTreeMap<String, Vec<u8>>, String> {
        let Some(git) = Git::around(&self.root) else { return Ok(BTreeMap::new()) };
        let real: Vec<String> = paths.iter().map(|path| self.real_path(path)).collect();
        let committed = git.committed(&self.root, &real)?;
        let found =
            paths.iter().zip(&real).filter_map(|(path, real)| Some((path.clone(), committed.get(real)?.clone())));
        Ok(found.collect())
    }

    /// Those of `paths` that git would hide from its user when they are new. None without git or outside a repository.
    pub fn ignored(&self, paths: &[String]) -> BTreeSet<String> {
        let git = Git::around(&self.root).filter(|_| !paths.is_empty());
        git.and_then(|git| git.ignored(&self.root, paths).ok()).unwrap_or_default()
    }

    /// The path of the file at `path`, relative to the root, as a word of a command for the user's shell.
    pub fn shown(&self, path: &str) -> String {
        shell::path_from(&self.shell, &self.root, path)
    }

    /// The folder of the package that the file at `path` is part of: this one, or one of the workspace that it depends on.
    pub fn package_of(&self, path: &str) -> Option<&str> {
        let folders = self.siblings.iter().map(|sibling| sibling.folder.as_str()).chain([self.folder.as_str()]);
        let is_inside =
            |folder: &&str| folder.is_empty() || path.strip_prefix(*folder).is_some_and(|rest| rest.starts_with('/'));
        folders.filter(is_inside).max_by_key(|folder| folder.len())
    }

    /// The symbolic link on the way to a crate root of the package that is not followed.
    pub fn refused_link(&self) -> Option<String> {
        let manifest = Manifest::parse(&self.manifest_path(), self.manifest().ok()?).ok()?;
        targets::refused_link(&self.tree, &self.folder, &manifest)
    }

    /// The path of the package's manifest.
    pub fn manifest_path(&self) -> String {
        join(&self.folder, MANIFEST)
    }

    /// The text of the package's manifest.
    ///
    /// # Errors
    /// When it is not UTF-8.
    pub fn manifest(&self) -> Result<&str, Problem> {
        Ok(self.tree.text(&self.manifest_path())?.unwrap_or_default())
    }

    /// The text of the workspace's manifest, when the package is not the workspace's root.
    ///
    /// # Errors
    /// When it is not UTF-8.
    pub fn workspace_manifest(&self) -> Result<Option<&str>, Problem> {
        if self.folder.is_empty() { Ok(None) } else { self.tree.text(MANIFEST) }
    }

    /// The lock file's text: the workspace's.
    ///
    /// # Errors
    /// When it is not UTF-8.
    pub fn lock(&self) -> Result<Option<&str>, Problem> {
        self.tree.text(LOCK)
    }

    /// The compose file: the package's, else the workspace's.
    pub fn compose_path(&self) -> Option<String> {
        self.first_of(&COMPOSE_NAMES)
    }

    /// The environment sample: the package's, else the workspace's, else where a new one goes.
    pub fn sample_path(&self) -> String {
        self.first_of(&SAMPLE_NAMES).unwrap_or_else(|| join(&self.folder, SAMPLE_NAMES[0]))
    }

    fn first_of(&self, names: &[&str]) -> Option<String> {
        let folders = [self.folder.as_str(), ""];
        let paths = folders.iter().flat_map(|folder| names.iter().map(|name| join(folder, name)));
        paths.into_iter().find(|path| self.tree.contains(path))
    }
}

/// The packages of the workspace that the code of the package at `location` depends on.
fn depended_on(tree: &Tree, location: &Location) -> Result<Vec<Member>, Problem> {
    let manifest = tree.text(&join(&location.package, MANIFEST))?.unwrap_or_default();
    let entries = dependencies(manifest).unwrap_or_default();
    let is_needed =
        |member: &Member| entries.iter().any(|entry| entry.kind == Kind::Normal && entry.package == member.name);
    let mut members = if tree.contains(MANIFEST) { members(&location.root)? } else { Vec::new() };
    members.retain(|member| member.folder != location.package && is_needed(member));
    Ok(members)
}

fn sibling(tree: &Tree, member: &Member) -> Option<Sibling> {
    let manifest = Manifest::parse(MANIFEST, &member.text).ok()?;
    let lib = targets::library(tree, &member.folder, &manifest, &member.name)?;
    Some(Sibling { name: lib.name.clone(), folder: member.folder.clone(), lib })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(folder: &str, files: &[(&str, &str)]) -> Project {
        let mut tree = Tree::default();
        files.iter().for_each(|(path, text)| tree.put(*path, *text));
        Project::of(PathBuf::from("/p"), folder.to_owned(), tree).unwrap()
    }

    #[test]
    fn the_package_s_own_compose_file_comes_before_the_workspace_s() {
        let root = ("Cargo.toml", "[workspace]\nmembers = [\"api\"]\n");
        let files = [root, ("api/Cargo.toml", "[package]\nname = \"api\"\n"), ("docker-compose.yml", "")];
        let mut project = project("api", &files);
        assert_eq!(project.compose_path().as_deref(), Some("docker-compose.yml"));
        project.tree.put("api/compose.yaml", "");
        assert_eq!(project.compose_path().as_deref(), Some("api/compose.yaml"));
        assert_eq!(project.sample_path(), "api/.env.example");
    }
}
