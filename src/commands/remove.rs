//! `rwx infra remove`

use std::slice;

use super::finish::conclude;
use super::given::selected;
use super::{Shelf, check_not_lost, load_all};
use crate::cli::Remove;
use crate::plan::{self, Choices};
use crate::project::{Needs, Project, Record, Selection, locate};
use crate::show::Tone;
use crate::terminal::Terminal;

/// Takes a component out.
pub(crate) fn remove(
    args: Remove,
    selection: Selection,
    tone: Tone,
    out: &mut Terminal<'_>,
) -> anyhow::Result<u8> {
    let selection = selected(selection, args.place);
    let mut project =
        Project::read(&locate(&selection, &Needs::Installed(Some(&args.component)))?)?;
    plan::check_none_pending(&project)?;
    check_not_lost(
        &project,
        slice::from_ref(&args.component),
        &Record::installed(&project.tree, &project.folder),
    )?;
    project.load(&plan::paths_for_remove(&project, &args.component)?)?;
    let shelf = Shelf::open(None, &selection)?;
    let mut others = Vec::new();
    for name in Record::installed(&project.tree, &project.folder)
        .iter()
        .filter(|name| **name != args.component)
    {
        let Ok(other) = shelf.find_for(&project, name) else { continue };
        // One that cannot be planned for has to be mended first, and is no reason to keep this one.
        if let Ok(paths) = plan::paths_for_add(&project, &other, &Choices::default()) {
            load_all(&mut project, paths)?;
            others.push(other);
        }
    }
    let plan = plan::remove(&project, &args.component, &others)?;
    conclude(&project, plan, args.allow_dirty, args.output, tone, out)
}
