//! Rendered files: new ones, unchanged ones, and those that the owner has edited since.

use similar::TextMerge;

use super::Verb;
use super::draft::Draft;
use super::render::Renderer;
use super::spot::Spot;
use crate::component::{Component, Files, Template};
use crate::problem::Problem;
use crate::project::Project;
use crate::project::record::Record;
use crate::project::tree::join;

/// A file as the templates render it; `path` is relative to the package's folder.
#[derive(Debug)]
pub(super) struct Rendered {
    pub(super) path: String,
    pub(super) text: String,
}

/// Renders the templates of `component` whose option is on, to be put below the folder `source` of the package.
///
/// # Errors
/// When a template does not render.
pub(super) fn render(
    component: &Component,
    renderer: &Renderer,
    source: &str,
    is_on: impl Fn(Option<&String>) -> bool,
) -> Result<Vec<Rendered>, Problem> {
    let files = &component.spec.files;
    let wanted = component.templates.iter().filter(|template| is_on(files.when.get(&template.name)));
    let one = |template: &Template| {
        let text = renderer.render(&template.name, &template.source)?;
        Ok(Rendered { path: path(files, renderer, source, &template.name)?, text })
    };
    wanted.map(one).collect()
}

/// Where the template `name` goes: below the folder `source`, relative to the package's folder.
///
/// # Errors
/// When the folder's name does not render.
pub(super) fn path(files: &Files, renderer: &Renderer, source: &str, name: &str) -> Result<String, Problem> {
    let folder = join(source, &renderer.render("files.into", &files.into)?);
    Ok(join(&folder, files.rename.get(name).map_or(name, String::as_str)))
}

/// Puts the rendered files of `component` into the draft, each with its pristine copy.
///
/// # Errors
/// When a file that rwx did not write is in the way, or when edits and new template text overlap.
pub(super) fn put(
    draft: &mut Draft<'_>,
    project: &Project,
    component: &str,
    files: &[Rendered],
) -> Result<(), Problem> {
    for file in files {
        let path = join(&project.folder, &file.path);
        let base_path = Record::base_path(&project.folder, component, &file.path);
        let base = project.tree.text(&base_path)?;
        let disk = project.tree.text(&path)?;
        match (disk, base) {
            (Some(disk), _) if disk == file.text => draft.remark(Spot::File(path), Verb::Same, ""),
            (None, None) => draft.put(&path, file.text.clone(), None),
            (None, Some(_)) => draft.remark(Spot::File(path), Verb::Keep, "deleted by you"),
            (Some(_), None) => return Err(in_the_way(&path)),
            (Some(disk), Some(base)) if disk == base => draft.put(&path, file.text.clone(), None),
            (Some(_), Some(base)) if base == file.text => draft.remark(Spot::File(path), Verb::Keep, "edited by you"),
            (Some(disk), Some(base)) => draft.put(&path, merged(&path, base, disk, &file.text)?, Some(Verb::Merge)),
        }
        draft.put(&base_path, file.text.clone(), None);
    }
    Ok(())
}

/// Takes the files of `component` away that an earlier run rendered and that are not among `files` now, because their option
/// is off. Those that the owner has edited stay hers.
///
/// # Errors
/// When a file is not UTF-8.
pub(super) fn take_away(
    draft: &mut Draft<'_>,
    project: &Project,
    before: &Record,
    component: &str,
    files: &[Rendered],
) -> Result<(), Problem> {
    for old in before.files.iter().filter(|old| files.iter().all(|file| &file.path != *old)) {
        let path = join(&project.folder, old);
        let base_path = Record::base_path(&project.folder, component, old);
        let (disk, base) = (project.tree.text(&path)?, project.tree.text(&base_path)?);
        if disk.is_some() && disk != base {
            draft.remark(Spot::File(path), Verb::Keep, "edited by you, and not rendered any more");
        } else {
            draft.remove(&path);
            draft.remove(&base_path);
        }
    }
    Ok(())
}

fn in_the_way(path: &str) -> Problem {
    Problem::new(format!("{path} exists already and rwx did not write it"))
        .help("move it away, or choose another module with `--module NAME`")
}

fn merged(path: &str, base: &str, mine: &str, template: &str) -> Result<String, Problem> {
    let merge = TextMerge::from_lines(base, mine, template);
    if merge.is_conflicted() {
        return Err(Problem::new(format!("your edits in {path} and the new template change the same lines")).help(
            format!("take your edits in {path} back, run the command again, and redo them; nothing was written"),
        ));
    }
    Ok(merge.to_string())
}
