//! Which crate of the package gets the module, and how the others name it.

use std::collections::BTreeMap;

use crate::edit::manifest::dependencies;
use crate::plan::requires::{inherited, workspace_text};
use crate::problem::Problem;
use crate::project::source::{ItemPath, Package, Root, RootKind, Serve};
use crate::project::tree::{join, parent};
use crate::project::{Project, Record, Target};

/// Folders whose files cargo compiles as crates of their own.
const OTHER_ROOTS: [&str; 3] = ["tests", "benches", "examples"];

/// The crate that gets the module.
#[derive(Debug, Clone)]
pub(in crate::plan) struct Home {
    /// Its root file.
    pub(super) root: String,
    /// Its name in the code of other crates.
    pub(super) name: String,
    /// Whether it is the library.
    pub(super) is_lib: bool,
}

impl Home {
    /// The crate that declares the `installed` module; without one, the library; without that, the
    /// binary that serves, else the first.
    ///
    /// # Errors
    /// When the package has neither.
    pub(in crate::plan) fn choose(
        project: &Project,
        axum: &str,
        package: &Package,
        installed: Option<&str>,
    ) -> Result<Self, Problem> {
        if let Some(home) = installed.and_then(|module| Self::declaring(package, module)) {
            return Ok(home);
        }
        if let Some(lib) = &project.lib {
            return Ok(Self { root: lib.path.clone(), name: lib.name.clone(), is_lib: true });
        }
        let at = match package.serve(axum) {
            Serve::Site(site) => Some(site.place),
            Serve::ByHand { at, .. } => Some(at),
            Serve::Several(served) => served.into_iter().map(|served| served.at).next(),
            Serve::Missing => None,
        };
        let serving =
            at.and_then(|at| package.modules_of(&at.file).map(|module| module.root).next());
        let serving = serving
            .and_then(|index| package.roots().get(index))
            .filter(|root| root.kind == RootKind::Bin);
        let first = project.bins.first();
        let (root, name) = match (serving, first) {
            (Some(root), _) => (root.file.clone(), root.name.clone()),
            (None, Some(bin)) => (bin.path.clone(), bin.name.clone()),
            (None, None) => return Err(no_root(project)),
        };
        Ok(Self { root, name, is_lib: false })
    }

    fn declaring(package: &Package, module: &str) -> Option<Self> {
        let mut roots = package.roots().iter().filter(|root| root.kind != RootKind::Other);
        let root = roots.find(|root| package.declares(&root.file, module))?;
        Some(Self {
            root: root.file.clone(),
            name: root.name.clone(),
            is_lib: root.kind == RootKind::Lib,
        })
    }

    /// The folder in which the modules of the crate lie.
    pub(in crate::plan) fn folder(&self) -> &str {
        parent(&self.root)
    }

    /// The module's path from the top of `file`, or from a module written in place there; nothing
    /// when one path cannot serve all crates that compile the file.
    pub(super) fn path_from(
        &self,
        package: &Package,
        file: &str,
        is_nested: bool,
        module: &str,
    ) -> Option<String> {
        let roots = self.roots_of(package, file);
        let at_home = roots.iter().filter(|root| root.file == self.root).count();
        let is_taken = |name: &str| package.imports(file).has(name);
        match (roots.len(), at_home) {
            _ if file == self.root && !is_nested && !is_taken(module) => Some(module.to_owned()),
            (0, _) => None,
            (all, home) if all == home => Some(format!("crate::{module}")),
            (_, 0)
                if self.is_lib && (is_taken(&self.name) || package.declares(file, &self.name)) =>
            {
                Some(format!("::{}::{module}", self.name))
            }
            (_, 0) if self.is_lib => Some(format!("{}::{module}", self.name)),
            _ => None,
        }
    }

    /// The crates that compile `file`.
    pub(super) fn roots_of<'p>(&self, package: &'p Package, file: &'p str) -> Vec<&'p Root> {
        package.modules_of(file).filter_map(|at| package.roots().get(at.root)).collect()
    }

    /// Where its module `module` is, or would be.
    pub(super) fn item(&self, package: &Package, module: &str) -> Option<ItemPath> {
        let root = package.roots().iter().position(|root| root.file == self.root)?;
        Some(ItemPath { root, path: vec![module.to_owned()] })
    }
}

/// The package's Rust files with its crate roots, and those of the workspace's packages that it
/// depends on. What components have rendered counts as empty: its routes and structs are not the
/// owner's.
///
/// # Errors
/// When a file is not UTF-8, or a component's record does not parse.
pub(in crate::plan) fn package(project: &Project) -> Result<Package, Problem> {
    let rendered = Record::all_rendered(&project.tree, &project.folder)?;
    let root = |kind| {
        move |target: &Target| Root { file: target.path.clone(), kind, name: target.name.clone() }
    };
    let mut own = files(project, &project.folder)?;
    for path in &rendered {
        own.entry(path.clone()).and_modify(String::clear);
    }
    let mut roots: Vec<Root> = project.lib.iter().map(root(RootKind::Lib)).collect();
    roots.extend(project.bins.iter().map(root(RootKind::Bin)));
    roots.extend(own.keys().filter_map(|path| other_root(project, path)));
    let links = project.tree.links();
    let mut package = Package::with_links(own, roots, links.clone());
    package.set_renamed(renamed(project)?);
    for sibling in &project.siblings {
        let roots = vec![root(RootKind::Lib)(&sibling.lib)];
        package.add_sibling(
            &sibling.name,
            Package::with_links(files(project, &sibling.folder)?, roots, links.clone()),
        );
    }
    Ok(package)
}

/// The names in code of the dependencies that have another of their own, with that.
fn renamed(project: &Project) -> Result<BTreeMap<String, String>, Problem> {
    let own = dependencies(project.manifest()?).unwrap_or_default();
    let above = dependencies(workspace_text(project)?).unwrap_or_default();
    let mut renamed = BTreeMap::new();
    for entry in &own {
        let package = &inherited(entry, &above).unwrap_or(entry).package;
        if *package != entry.key {
            renamed.insert(entry.key.replace('-', "_"), package.replace('-', "_"));
        }
    }
    Ok(renamed)
}

/// The Rust files of the package in `folder`.
fn files(project: &Project, folder: &str) -> Result<BTreeMap<String, String>, Problem> {
    let is_own = |path: &str| project.package_of(path) == Some(folder);
    let paths = project
        .tree
        .iter()
        .map(|(path, _)| path)
        .filter(|path| path.ends_with(".rs") && is_own(path));
    let visible = paths.filter(|path| !path.split('/').any(|part| part.starts_with('.')));
    visible
        .map(|path| Ok((path.to_owned(), project.tree.text(path)?.unwrap_or_default().to_owned())))
        .collect()
}

fn other_root(project: &Project, path: &str) -> Option<Root> {
    let place =
        |folder: &str| project.tree.links().place(&project.folder, folder).unwrap_or_default();
    let rest =
        OTHER_ROOTS.iter().find_map(|folder| path.strip_prefix(&format!("{}/", place(folder))));
    let name = match rest {
        Some(rest) => rest
            .strip_suffix("/main.rs")
            .or(rest.strip_suffix(".rs"))
            .filter(|name| !name.contains('/'))?,
        None => (path == join(&project.folder, "build.rs")).then_some("build")?,
    };
    Some(Root { file: path.to_owned(), kind: RootKind::Other, name: name.replace('-', "_") })
}

fn no_root(project: &Project) -> Problem {
    let source = join(&project.folder, "src");
    if let Some(link) = project.refused_link() {
        let why = format!(
            "{link} is a symbolic link that leads out of the package or nowhere, and is not \
            followed"
        );
        return Problem::new(format!(
            "{} has neither a library nor a binary here: {why}",
            project.name
        ))
        .help(
            "put the sources in place of the link, or run rwx in the package that they are part of",
        );
    }
    Problem::new(format!("{} has neither a library nor a binary", project.name)).help(format!(
        "add {source}/main.rs or {source}/lib.rs, or mend the `path` of [lib] or [[bin]] in the \
        manifest"
    ))
}
