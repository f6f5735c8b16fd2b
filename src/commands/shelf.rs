//! Where the components of a run come from: a folder that the user names, her project's own
//! templates, or rwx itself.

use std::path::Path;

use crate::component::{self, Component, SPEC_FILE};
use crate::plan;
use crate::problem::Problem;
use crate::project::{self, Project, Selection, Tree, record};

/// The components that a run can use.
pub(crate) struct Shelf {
    /// The folder that the user named, with its path as she typed it.
    given: Option<(Tree, String)>,
}

impl Shelf {
    /// The components in the folder `given`, else rwx's own.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(crate) fn open(given: Option<&Path>, selection: &Selection) -> Result<Self, Problem> {
        let folder =
            |path: &Path| Ok((project::templates(selection, path)?, path.display().to_string()));
        Ok(Self { given: given.map(folder).transpose()? })
    }

    /// The component called `name`, for a project that is not known yet.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn find(&self, name: &str) -> anyhow::Result<Component> {
        match &self.given {
            Some((tree, shown)) => Ok(component::find_in(tree, shown, name)?),
            None => component::find(name),
        }
    }

    /// The component called `name` for `project`, whose own templates come before rwx's.
    ///
    /// # Errors
    /// When there is none, or its templates cannot be read.
    pub(crate) fn find_for(&self, project: &Project, name: &str) -> anyhow::Result<Component> {
        let own = record::own_templates(&project.folder, name);
        match self.given {
            None if project.tree.contains(&format!("{own}/{SPEC_FILE}")) => {
                Ok(component::named(component::read(&project.tree, &own, &own)?, name)?)
            }
            _ => self.find(name),
        }
    }

    /// True when the run uses templates of the project's own that came from rwx.
    pub(crate) fn is_followed(&self, project: &Project, name: &str) -> bool {
        self.given.is_none() && plan::is_followed(project, name)
    }

    /// The components called `names`, each once.
    ///
    /// # Errors
    /// As [`Shelf::find`].
    pub(crate) fn find_all(&self, names: &[String]) -> anyhow::Result<Vec<Component>> {
        let first = |(index, name): &(usize, &String)| !names[..*index].contains(name);
        names.iter().enumerate().filter(first).map(|(_, name)| self.find(name)).collect()
    }
}
