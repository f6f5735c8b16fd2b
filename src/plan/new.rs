//! A new project: the skeleton's files in an empty tree.

use std::path::Path;

use super::Plan;
use super::draft::Draft;
use super::files;
use super::render::Renderer;
use crate::component::Component;
use crate::edit::manifest::dependencies;
use crate::problem::Problem;
use crate::project::{Project, Tree};

/// The plan that makes the project `name` out of `skeleton`, in the folder that the user typed as
/// `directory`.
///
/// # Errors
/// When a template does not render.
pub fn new(skeleton: &Component, name: &str, directory: &str) -> Result<Plan, Problem> {
    let mut renderer = Renderer::new();
    renderer.set("name", name);
    renderer.set("crate_name", name.replace('-', "_"));
    renderer.set("directory", directory);
    let empty = Tree::default();
    let mut draft = Draft::new(&empty);
    for file in files::render(skeleton, &renderer, "", |_| true)? {
        draft.put(&file.path, file.text, None);
    }
    let steps = skeleton.spec.steps.iter().map(|step| renderer.render(&step.text));
    let steps = steps.collect::<Result<Vec<_>, _>>()?;
    Ok(draft.finish(steps))
}

/// Names of crates and folders that every build has already.
const RESERVED: [&str; 9] =
    ["alloc", "build", "core", "deps", "examples", "incremental", "proc_macro", "std", "test"];

/// The package's name that the folder `path` gives.
///
/// # Errors
/// A usage [`Problem`] when its last part cannot name a package.
pub fn check_name(path: &Path) -> Result<String, Problem> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let crate_name = name.replace('-', "_");
    let shown = format!("`{}` cannot be the name of a package", path.display());
    if !plain {
        return Err(Problem::usage(shown).help(
            "use letters, digits, - and _, beginning with a letter, as in `rwx new my-app`",
        ));
    }
    if RESERVED.contains(&crate_name.as_str()) {
        return Err(Problem::usage(format!("{shown}: Rust or cargo has it for itself")).help(
            format!(
                "choose another name, as in `rwx new my-app`; these are not possible: {}",
                RESERVED.join(", ")
            ),
        ));
    }
    if syn::parse_str::<syn::Ident>(&crate_name).is_err() {
        return Err(Problem::usage(format!("{shown}: it is a keyword of Rust"))
            .help("choose another name, as in `rwx new my-app`"));
    }
    Ok(name)
}

/// Refuses a new project that is called like one of the crates that it depends on: its own code
/// could not tell them apart.
///
/// # Errors
/// A usage [`Problem`] that names the crate.
pub fn check_not_its_own_dependency(project: &Project) -> Result<(), Problem> {
    let own = project.name.replace('-', "_");
    let entries = dependencies(project.manifest()?).unwrap_or_default();
    if entries.iter().all(|entry| entry.key.replace('-', "_") != own) {
        return Ok(());
    }
    Err(Problem::usage(format!(
        "`{}` cannot be the name of the package: it depends on a crate of this name",
        project.name
    ))
    .help("choose another name, as in `rwx new my-app`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_of_the_path_names_the_package() {
        assert_eq!(check_name(Path::new("apps/my-app")).unwrap(), "my-app");
        for bad in [".", "", "1st", "a b", "fn", "test", "..", "ä", "-x"] {
            check_name(Path::new(bad)).unwrap_err();
        }
    }
}
