//! `rwx infra diff`

use std::io::Write as _;

use super::{Shelf, installed, project};
use crate::cli::Diff;
use crate::plan::{self, Choices, Plan};
use crate::project::Selection;
use crate::terminal::Terminal;
use crate::{DONE, add_all, selected, show};

pub(crate) fn diff(args: Diff, selection: Selection, out: &mut Terminal<'_>) -> anyhow::Result<u8> {
    let shelf = Shelf::open(args.templates.as_deref(), &selection)?;
    let mut project = project(&selected(selection, args.place))?;
    let components = installed(&project, &args.components, &shelf)?;
    let mut edits = Plan::default();
    for component in &components {
        project.load(&plan::paths_for_add(&project, component, &Choices::default())?)?;
        edits = edits.then(plan::edits(&project, component)?);
    }
    let real = |path: &str| project.real_path(path);
    if args.edits {
        out.write_all(show::patch(&edits, &real).as_bytes())?;
        return Ok(DONE);
    }
    plan::check_none_pending(&project)?;
    let (_, update) = add_all(project.clone(), Plan::default(), &components, &shelf, &Choices::default())?;
    let text = match (args.json, args.update) {
        (true, _) => show::differences_json(&edits, &update, &real),
        (_, true) => show::patch(&update, &real),
        _ => show::differences(&edits, &update, &real),
    };
    out.write_all(text.as_bytes())?;
    Ok(DONE)
}
