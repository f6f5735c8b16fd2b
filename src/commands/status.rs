//! `rwx infra status`

use std::io::Write as _;

use super::{Shelf, project};
use crate::cli::Status;
use crate::plan::{self, Choices};
use crate::project::{Record, Selection};
use crate::terminal::Terminal;
use crate::{DONE, selected, show};

pub(crate) fn status(args: Status, selection: Selection, out: &mut Terminal<'_>) -> anyhow::Result<u8> {
    let shelf = Shelf::open(None, &selection)?;
    let mut project = project(&selected(selection, args.place))?;
    let installed = Record::installed(&project.tree, &project.folder);
    let mut all = Vec::new();
    for name in args.component.as_ref().map_or_else(|| installed.iter().collect(), |name| vec![name]) {
        project.load(&plan::paths_for_remove(&project, name)?)?;
        let component = shelf.find_for(&project, name).ok();
        if let Some(component) = &component {
            project.load(&plan::paths_for_add(&project, component, &Choices::default())?)?;
        }
        all.push(plan::status(&project, name, component.as_ref())?);
    }
    let text = if args.json { show::status_json(&all) } else { show::status(&all) };
    out.write_all(text.as_bytes())?;
    Ok(DONE)
}
