//! Rendered files: new ones, unchanged ones, and those that the owner has edited since.

mod layout;
mod pristine;
mod put;
mod versions;

pub(super) use pristine::{Copy, Known, digests, is_text};
pub(super) use put::{Put, drop_one, put, put_all, take_away};
pub(super) use versions::{Place, Versions, is_edited, is_written, same_lines};

use super::render::Renderer;
use crate::component::{Component, Conditions, Files, Template};
use crate::problem::Problem;
use crate::project::tree::join;

/// A file as the templates render it; `path` is relative to the package's folder.
#[derive(Debug)]
pub(super) struct Rendered {
    pub(super) path: String,
    pub(super) text: String,
    /// Where older templates put it.
    pub(super) formerly: Vec<String>,
}

/// Renders the templates of `component` whose option is on, to be put below the folder `source` of
/// the package.
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
    let is_wanted =
        |conditions: &Conditions| conditions.options().iter().all(|option| is_on(Some(option)));
    let wanted = component
        .templates
        .iter()
        .filter(|template| files.when.get(&template.name).is_none_or(is_wanted));
    let one = |template: &Template| {
        let text = renderer.render_file(template)?;
        let olds = files.renamed.iter().filter(|(_, new)| *new == &template.name);
        let formerly =
            olds.map(|(old, _)| path(files, renderer, source, old)).collect::<Result<_, _>>()?;
        Ok(Rendered { path: path(files, renderer, source, &template.name)?, text, formerly })
    };
    wanted.map(one).collect()
}

/// Where the template `name` goes: below the folder `source`, relative to the package's folder.
///
/// # Errors
/// When the folder's name does not render.
pub(super) fn path(
    files: &Files,
    renderer: &Renderer,
    source: &str,
    name: &str,
) -> Result<String, Problem> {
    let folder = join(source, &renderer.render(&files.into)?);
    Ok(join(&folder, files.rename.get(name).map_or(name, String::as_str)))
}
