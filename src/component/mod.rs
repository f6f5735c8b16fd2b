//! Components: what `templates/` holds, read from the binary, or a folder of the owner's in its
//! place.
//!
//! A folder is a component: `component.toml` says what it needs and where its parts go, every
//! `*.jinja` beside it is a file to render. Nothing in `src` knows a component by name.

mod read;
mod spec;

use anyhow::Context as _;
use include_dir::{Dir, include_dir};

pub use read::{find_in, named, read};
pub use spec::{
    Changed, Chapter, Conditions, Dependency, EnvLine, Environment, Files, Kind, Module,
    OptionSpec, RouterWiring, Service, SettingsField, Spec, Step,
};

use crate::problem::Problem;
use crate::project::Tree;
use crate::project::tree::slashed;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");
/// File of a component's folder that says what it is.
pub const SPEC_FILE: &str = "component.toml";
const TEMPLATE_SUFFIX: &str = ".jinja";

/// A component with its templates.
#[derive(Debug, Clone)]
pub struct Component {
    /// What `component.toml` says.
    pub spec: Spec,
    /// `component.toml` itself.
    pub spec_file: Template,
    /// The files to render, sorted by name.
    pub templates: Vec<Template>,
    /// True for one of rwx's own, as this rwx brings it.
    pub is_embedded: bool,
}

/// One file to render.
#[derive(Debug, Clone)]
pub struct Template {
    /// Path below the component's folder without the `.jinja` suffix.
    pub name: String,
    /// The file's path, as errors name it.
    pub path: String,
    /// The Jinja source.
    pub source: String,
}

/// All embedded components, sorted by name.
///
/// # Errors
/// When an embedded `component.toml` does not have the shape of [`Spec`].
pub fn all() -> anyhow::Result<Vec<Component>> {
    let mut components = EMBEDDED.dirs().map(load).collect::<anyhow::Result<Vec<_>>>()?;
    components.sort_by(|a, b| a.spec.name.cmp(&b.spec.name));
    Ok(components)
}

/// The components that can be added to a project.
///
/// # Errors
/// As [`all`].
pub fn addable() -> anyhow::Result<Vec<Component>> {
    Ok(all()?.into_iter().filter(|component| component.spec.kind == Kind::Component).collect())
}

/// The component that a new project is made from.
///
/// # Errors
/// As [`all`], and when none is embedded.
pub fn skeleton() -> anyhow::Result<Component> {
    all()?
        .into_iter()
        .find(|component| component.spec.kind == Kind::Project)
        .context("no project skeleton is embedded")
}

/// The addable component called `name`.
///
/// # Errors
/// A usage [`Problem`] that suggests the nearest name when there is none of this name.
pub fn find(name: &str) -> anyhow::Result<Component> {
    let components = addable()?;
    let names: Vec<String> =
        components.iter().map(|component| component.spec.name.clone()).collect();
    components
        .into_iter()
        .find(|component| component.spec.name == name)
        .ok_or_else(|| unknown(name, &names).into())
}

fn unknown(name: &str, names: &[String]) -> Problem {
    let help = match nearest(name, names) {
        Some(near) => format!("did you mean `{near}`? `rwx infra list` shows what there is"),
        None => format!("the components are: {}; `rwx infra list` says more", names.join(", ")),
    };
    Problem::usage(format!("there is no component `{name}`")).help(help)
}

fn nearest<'a>(name: &str, names: &'a [String]) -> Option<&'a String> {
    let likeness = |candidate: &String| {
        let ratio = similar::TextDiff::from_chars(name, candidate.as_str()).ratio();
        if candidate.starts_with(name) { 1.0 } else { ratio }
    };
    names
        .iter()
        .filter(|candidate| likeness(candidate) > 0.5)
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
}

fn load(folder: &Dir<'_>) -> anyhow::Result<Component> {
    let name = folder.path().display().to_string();
    let component = read(&sources(folder)?, "", &format!("templates/{name}"))?;
    Ok(Component { is_embedded: true, ..component })
}

/// The embedded files of the component called `name`: paths below its folder.
///
/// # Errors
/// As [`find`].
pub fn embedded(name: &str) -> anyhow::Result<Tree> {
    find(name)?;
    sources(EMBEDDED.get_dir(name).with_context(|| format!("{name} is not embedded"))?)
}

fn sources(folder: &Dir<'_>) -> anyhow::Result<Tree> {
    let mut tree = Tree::default();
    collect(folder, folder, &mut tree)?;
    Ok(tree)
}

fn collect(base: &Dir<'_>, folder: &Dir<'_>, tree: &mut Tree) -> anyhow::Result<()> {
    for file in folder.files() {
        let path = slashed(file.path().strip_prefix(base.path())?);
        if read::is_source(&path) {
            tree.put(path, file.contents());
        }
    }
    folder.dirs().try_for_each(|inner| collect(base, inner, tree))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_folder_is_a_valid_component_named_after_it() {
        let names: Vec<String> =
            all().unwrap().into_iter().map(|component| component.spec.name).collect();
        let mut folders: Vec<String> =
            EMBEDDED.dirs().map(|dir| dir.path().display().to_string()).collect();
        folders.sort();
        assert_eq!(names, folders);
    }

    #[test]
    fn a_near_miss_suggests_the_name() {
        let names = ["alpha-beta".to_owned(), "gamma".to_owned()];
        assert_eq!(nearest("alphabeta", &names), Some(&names[0]));
        assert_eq!(nearest("gam", &names), Some(&names[1]));
        assert_eq!(nearest("zzz", &names), None);
    }
}
