//! The owner's templates: rwx's own, put into her project for her to edit, and kept up with rwx's.

use super::draft::Draft;
use super::files::{self, Place, Versions};
use super::{Plan, Policy};
use crate::component::Files;
use crate::problem::Problem;
use crate::project::record::{own_templates, pristine_templates};
use crate::project::tree::join;
use crate::project::{Project, Tree};

/// True when the project has templates of its own for `component` that came from rwx.
pub fn is_followed(project: &Project, component: &str) -> bool {
    let folder = format!("{}/", pristine_templates(&project.folder, component));
    project.tree.iter().any(|(path, _)| path.starts_with(&folder))
}

/// Brings the project's templates of `component` up to date with rwx's, which are `sources`, and keeps the owner's edits;
/// where there are none, puts them there. `files` is what rwx's `component.toml` says of them.
///
/// # Errors
/// When a file that rwx did not write is in the way, or when edits and new text overlap and the user wants that to be an
/// error.
pub fn follow(
    project: &Project,
    component: &str,
    sources: &Tree,
    files: &Files,
    policy: Policy,
) -> Result<Plan, Problem> {
    let (own, pristine) = (own_templates(&project.folder, component), pristine_templates(&project.folder, component));
    let place = |name: &str| Place { path: join(&own, name), base: join(&pristine, name) };
    let former = |name: &str| {
        let known = |old: &String| project.tree.contains(&place(old).base);
        let olds = files.renamed.iter().filter(|(_, new)| format!("{new}.jinja") == name);
        olds.map(|(old, _)| format!("{old}.jinja")).find(known).filter(|_| !project.tree.contains(&place(name).base))
    };
    let mut draft = Draft::new(&project.tree);
    let mut versions = Vec::new();
    let mut followed = Vec::new();
    for (name, _) in sources.iter() {
        let old = former(name).unwrap_or_else(|| name.to_owned());
        versions.push(Versions::of(&project.tree, place(name), place(&old), sources.text(name)?.unwrap_or_default())?);
        followed.extend([name.to_owned(), old]);
    }
    files::put_all(&mut draft, &project.folder, policy, &versions)?;
    let copies = format!("{pristine}/");
    let known = project.tree.iter().filter_map(|(path, _)| path.strip_prefix(&copies));
    for dropped in known.filter(|name| !followed.iter().any(|followed| followed == name)) {
        files::drop_one(&mut draft, &project.tree, &place(dropped));
    }
    Ok(Plan { folders: vec![own], ..draft.finish(Vec::new()) })
}
