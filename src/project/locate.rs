//! Finds the package and the project's root from the folder that the user stands in.

use std::path::{Path, PathBuf};

use glob::Pattern;

use super::disk;
use super::folders::folders;
use super::manifest::{MANIFEST, Manifest};
use super::members::{Member, members, relative};
use super::pending::Pending;
use super::record::{FOLDER, PRISTINE, RECORD, Record, TEMPLATES};
use super::tree::{is_below, join};
use super::workspace::{manifest, outside, root_of};
use crate::problem::Problem;
use crate::shell::quoted;

/// Where the user points.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// `-C`: the folder to run in; the current one when empty.
    pub directory: Option<PathBuf>,
    /// `--manifest-path`
    pub manifest_path: Option<PathBuf>,
    /// `-p`: a package of the workspace.
    pub package: Option<String>,
}

/// Where the project is.
#[derive(Debug, Clone)]
pub struct Location {
    /// The workspace's root, or the package's folder when it is in none. Absolute.
    pub root: PathBuf,
    /// The package's folder, relative to the root, `/`-separated; empty when it is the root.
    pub package: String,
    /// The folder from which paths that the user typed are taken, absolute.
    pub here: PathBuf,
    /// The folder that the user's shell is in, absolute.
    pub shell: PathBuf,
    /// The folder below the root whose manifest cargo takes there; nothing outside of the project.
    pub at_hand: Option<String>,
}

/// What is asked of the package to be found: this chooses among the members of a workspace.
pub enum Needs<'a> {
    /// Dependencies.
    Crates {
        /// Their names, for messages.
        names: String,
        /// Whether a manifest of this text has them.
        met: &'a dyn Fn(&str) -> bool,
    },
    /// A component that is installed; of no certain one, any.
    Installed(Option<&'a str>),
    /// Templates of the owner's that came from rwx.
    Templates,
    /// An update that waits for its owner.
    Pending,
}

impl Needs<'_> {
    fn met(&self, root: &Path, member: &Member) -> bool {
        let own = join(&Pattern::escape(&member.folder), FOLDER);
        let kept = |pattern: &str| folders(root, &format!("{own}/{pattern}")).unwrap_or_default();
        match self {
            Self::Crates { met, .. } => met(&member.text),
            Self::Installed(Some(component)) => {
                root.join(Record::path(&member.folder, component)).is_file()
            }
            Self::Installed(None) => {
                kept("*").iter().any(|folder| root.join(folder).join(RECORD).is_file())
            }
            Self::Templates => !kept(&format!("{TEMPLATES}/{PRISTINE}/*")).is_empty(),
            Self::Pending => root.join(Pending::path(&member.folder)).is_file(),
        }
    }

    /// What a package does that meets them, for messages.
    fn told(&self, several: bool) -> String {
        let (depend, have) = if several { ("depend", "have") } else { ("depends", "has") };
        match self {
            Self::Crates { names, .. } => format!("{depend} on {names}"),
            Self::Installed(component) => {
                format!("{have} {} installed", component.unwrap_or("a component"))
            }
            Self::Templates => format!("{have} templates that came from rwx"),
            Self::Pending => format!("{have} an update that waits"),
        }
    }

    fn help(&self, members: &[Member]) -> String {
        match self {
            Self::Crates { names: crates, .. } => {
                format!(
                    "add it to one of them first, with `cargo add {crates} -p PKG`: {}",
                    names(members)
                )
            }
            Self::Installed(_) | Self::Templates | Self::Pending => {
                format!("the packages are: {}", names(members))
            }
        }
    }
}

/// Finds the package that `selection` means.
///
/// # Errors
/// A [`Problem`] when there is no manifest, one does not parse, or several packages could be meant
/// (then with the list).
pub fn locate(selection: &Selection, needs: &Needs<'_>) -> Result<Location, Problem> {
    let here = disk::absolute(selection.directory.as_deref())?;
    let folder = nearest_manifest(&here, selection)?;
    let shape = manifest(&folder)?;
    let root = root_of(&folder, &shape)?;
    let package = match &selection.package {
        Some(name) => named_member(&root, name)?,
        None if shape.workspace.is_none() => {
            relative(&root, &folder).ok_or_else(|| outside(&root, &folder))?
        }
        None => likely_member(&root, &shape, needs)?,
    };
    let shell = super::here()?;
    let mut above = shell.ancestors().filter(|folder| folder.starts_with(&root));
    let at_hand = above
        .find(|folder| folder.join(MANIFEST).is_file())
        .and_then(|folder| relative(&root, folder));
    Ok(Location { root, package, here, shell, at_hand })
}

/// The folder of the manifest that `selection` means from the folder `here`.
pub(super) fn nearest_manifest(here: &Path, selection: &Selection) -> Result<PathBuf, Problem> {
    let Some(given) = &selection.manifest_path else {
        let found = here.ancestors().find(|folder| folder.join(MANIFEST).is_file());
        return found.map(Path::to_path_buf).ok_or_else(|| {
            Problem::new(format!(
                "there is no {MANIFEST} in {} or in any folder above it",
                here.display()
            ))
            .help("run this inside a cargo project, or make one with `rwx new NAME`")
        });
    };
    let path = here.join(given);
    let path = if path.is_dir() { path.join(MANIFEST) } else { path };
    if path.file_name().is_some_and(|name| name == MANIFEST) && path.is_file() {
        return disk::absolute(path.parent());
    }
    Err(Problem::new(format!("there is no manifest at {}", given.display()))
        .help("give the path of a Cargo.toml"))
}

fn named_member(root: &Path, name: &str) -> Result<String, Problem> {
    let mut members = members(root)?;
    let workspace = manifest(root)?.workspace;
    if workspace.is_none() {
        // A package that is in no workspace is a project of its own, whoever depends on it.
        members.retain(|member| member.folder.is_empty());
    }
    let elsewhere = workspace
        .is_some_and(|workspace| workspace.members.iter().any(|pattern| !is_below(pattern)));
    let place = if elsewhere {
        "below the folder of this workspace, and rwx writes only there"
    } else {
        "in this workspace"
    };
    let found =
        members.iter().find(|member| member.name == name).map(|member| member.folder.clone());
    found.ok_or_else(|| {
        Problem::usage(format!("there is no package `{name}` {place}")).help(listed(members.iter()))
    })
}

fn likely_member(root: &Path, shape: &Manifest, needs: &Needs<'_>) -> Result<String, Problem> {
    let members = members(root)?;
    let fitting: Vec<&Member> = members.iter().filter(|member| needs.met(root, member)).collect();
    let default = default_folders(root, shape)?;
    let by_default: Vec<&Member> =
        fitting.iter().copied().filter(|member| default.contains(&member.folder)).collect();
    match if by_default.len() == 1 { by_default } else { fitting }.as_slice() {
        [only] => Ok(only.folder.clone()),
        [root, ..] if root.folder.is_empty() => Ok(String::new()),
        [] if shape.package.is_some() => Ok(String::new()),
        [] => Err(Problem::usage(format!("no package of this workspace {}", needs.told(false)))
            .help(needs.help(&members))),
        several => {
            Err(Problem::usage(format!("several packages of this workspace {}", needs.told(true)))
                .help(listed(several.iter().copied())))
        }
    }
}

/// The folders of the packages that cargo takes at the workspace's root when it is told none.
fn default_folders(root: &Path, shape: &Manifest) -> Result<Vec<String>, Problem> {
    let patterns = shape.workspace.iter().flat_map(|workspace| &workspace.default_members);
    let mut found = Vec::new();
    for pattern in patterns {
        found.extend(folders(root, pattern)?);
    }
    Ok(found)
}

fn listed<'a>(members: impl Iterator<Item = &'a Member>) -> String {
    let names: Vec<String> =
        members.map(|member| format!("`-p {}`", quoted(&member.name))).collect();
    format!("choose one: {}", names.join(", "))
}

fn names(members: &[Member]) -> String {
    members.iter().map(|member| member.name.as_str()).collect::<Vec<_>>().join(", ")
}
