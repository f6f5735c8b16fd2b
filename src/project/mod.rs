//! The user's project as a value: read once, never written here.

mod addition;
mod child;
mod digest;
mod disk;
mod ejected;
mod folders;
mod git;
pub mod guarded;
mod layout;
pub mod links;
pub mod locate;
pub mod manifest;
mod members;
mod others;
pub mod pending;
mod place;
pub mod record;
mod rustfmt;
pub mod source;
mod standard;
mod survey;
mod targets;
pub mod toml;
mod toolchain;
pub mod tree;
mod typed;
mod used;
mod versioned;
mod workspace;
mod written;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

pub use digest::digest;
pub use ejected::Ejected;
pub use git::{complaint_of, git};
pub use guarded::is_versioned;
pub use layout::Layout;
pub use locate::{Location, Needs, Selection, locate};
pub use others::{Neighbour, Sibling};
pub use place::{real, writable};
pub use record::Record;
pub use standard::{COMPOSE_NAMES, README, is_container_environment};
pub use survey::{Surveyed, survey};
pub use targets::Target;
pub use tree::Tree;
pub use typed::{OnDisk, files_in, here, shown, templates, typed_folder, typed_text, vacant};
pub use used::Used;
pub use written::check_not_newer;

use crate::problem::Problem;
use crate::shell;
use manifest::{FILL_IN, MANIFEST, Manifest, inherited, is_template};
use members::{Member, members};
use others::{depended_on, sibling};
use standard::LOCK;
use toolchain::oldest_minor;
use tree::join;

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
    /// The other packages of the workspace that have components.
    pub neighbours: Vec<Neighbour>,
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
        disk::add_files(&mut tree, root, standard::paths(folder))?;
        disk::add_all(&mut tree, root, &join(folder, record::FOLDER))?;
        check_readable(&tree, folder)?;
        let mut others = if tree.contains(MANIFEST) { members(root)? } else { Vec::new() };
        others.retain(|member| member.folder != *folder);
        let mut neighbours = Vec::new();
        for Member { folder, name, .. } in &others {
            disk::add_inner(&mut tree, root, &join(folder, record::FOLDER), record::RECORD)?;
            if !Record::installed(&tree, folder).is_empty() {
                neighbours.push(Neighbour { name: name.clone(), folder: folder.clone() });
            }
        }
        let depended_on = depended_on(&tree, folder, others)?;
        for member in &depended_on {
            disk::add_package(&mut tree, root, &member.folder, &is_read)?;
        }
        let mut project = Self::of(root.clone(), folder.clone(), tree)?;
        project.siblings =
            depended_on.iter().filter_map(|member| sibling(&project.tree, member)).collect();
        project.neighbours = neighbours;
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
        let edition = inherited(&own, &above, |package| &package.edition)
            .unwrap_or_else(|| "2015".to_owned());
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
            neighbours: Vec::new(),
            layout: None,
        })
    }

    /// Also takes in the files at `paths` that exist on disk and are not known yet.
    ///
    /// # Errors
    /// When one exists and cannot be read.
    pub fn load(&mut self, paths: &[String]) -> Result<(), Problem> {
        let unknown: Vec<String> =
            paths.iter().filter(|path| !self.tree.contains(path)).cloned().collect();
        disk::add_files(&mut self.tree, &self.root, unknown)
    }

    /// Checks that a run may change the files at `paths`, and show what is in them.
    ///
    /// # Errors
    /// As [`writable`], for the first one that it may not.
    pub fn check_places<'a>(
        &self,
        paths: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), Problem> {
        paths.into_iter().try_for_each(|path| writable(&self.root, path).map(drop))
    }

    /// The same project with other files, as a plan would leave them.
    ///
    /// # Errors
    /// As [`Project::of`].
    pub fn with(&self, tree: Tree) -> Result<Self, Problem> {
        let project = Self::of(self.root.clone(), self.folder.clone(), tree)?;
        let (here, shell, siblings) =
            (self.here.clone(), self.shell.clone(), self.siblings.clone());
        let (at_hand, neighbours, layout) =
            (self.at_hand.clone(), self.neighbours.clone(), self.layout);
        Ok(Self { here, shell, at_hand, siblings, neighbours, layout, ..project })
    }

    /// The path of the file at `path`, relative to the root, as a word of a command for the user's
    /// shell.
    pub fn shown(&self, path: &str) -> String {
        shell::path_from(&self.shell, &self.root, path)
    }

    /// The folder of the package that the file at `path` is part of: this one, or one of the
    /// workspace that it depends on.
    pub fn package_of(&self, path: &str) -> Option<&str> {
        let folders = self
            .siblings
            .iter()
            .map(|sibling| sibling.folder.as_str())
            .chain([self.folder.as_str()]);
        let is_inside = |folder: &&str| {
            folder.is_empty()
                || path.strip_prefix(*folder).is_some_and(|rest| rest.starts_with('/'))
        };
        folders.filter(is_inside).max_by_key(|folder| folder.len())
    }

    /// The symbolic link on the way to a crate root of the package that is not followed.
    pub fn refused_link(&self) -> Option<String> {
        let manifest = Manifest::parse(&self.manifest_path(), self.manifest().ok()?).ok()?;
        targets::refused_link(&self.tree, &self.folder, &manifest)
    }

    /// A project in `/p` that holds `files`, with its package in `folder`.
    #[cfg(test)]
    pub(crate) fn of_files(folder: &str, files: &[(&str, &str)]) -> Self {
        let mut tree = Tree::default();
        files.iter().for_each(|(path, text)| tree.put(*path, *text));
        Self::of(PathBuf::from("/p"), folder.to_owned(), tree).unwrap()
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
}

/// Makes sure that no rendered file of the package in `folder` is where the user may not read.
///
/// # Errors
/// A [`Problem`] that names the folder; and as [`Record::read`].
fn check_readable(tree: &Tree, folder: &str) -> Result<(), Problem> {
    let rendered = if tree.unread().is_empty() {
        BTreeSet::new()
    } else {
        Record::all_rendered(tree, folder)?
    };
    let is_hidden =
        |unread: &&String| rendered.iter().any(|path| Path::new(path).starts_with(unread));
    match tree.unread().iter().find(is_hidden) {
        Some(unread) => Err(disk::forbidden(unread)),
        None => Ok(()),
    }
}
