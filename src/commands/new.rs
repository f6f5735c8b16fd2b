//! `rwx new`

use std::path::Path;

use super::Shelf;
use super::add::add_all;
use super::finish::{finish, with_hidden};
use super::given::options;
use crate::cli::{New, Vcs};
use crate::component;
use crate::plan::{self, Choices};
use crate::project::{self, Project, Selection, Tree};
use crate::show::Tone;
use crate::terminal::Terminal;
use crate::{apply, shell, show};

/// Makes a project, with the components that the user named.
pub(crate) fn new(
    args: &New,
    selection: &Selection,
    tone: Tone,
    out: &mut Terminal<'_>,
) -> anyhow::Result<u8> {
    let shelf = Shelf::open(None, selection)?;
    let components = shelf.find_all(&args.with)?;
    let name = plan::check_name(&args.path)?;
    let root = project::vacant(selection, &args.path)?;
    let folder = selection.directory.as_deref().unwrap_or(Path::new("")).join(&args.path);
    let first = plan::new(&component::skeleton()?, &name, &shell::path(&folder.to_string_lossy()))?;
    let mut project = Project::of(root, String::new(), first.applied(&Tree::default()))?;
    project.shell = project::here()?;
    let choices = Choices { options: options(&args.settings), in_new: true, ..Choices::default() };
    let (project, plan) = add_all(project, first, &components, &shelf, &choices)?;
    plan::check_not_its_own_dependency(&project)?;
    let code = finish(&project, &with_hidden(&project, plan), args.output, tone, out)?;
    if !args.output.is_dry() && args.vcs != Some(Vcs::None) {
        let started = apply::start_repository(&project.root, args.vcs == Some(Vcs::Git));
        started.unwrap_or_else(|problem| out.talk(&show::warning(&problem)));
    }
    Ok(code)
}
