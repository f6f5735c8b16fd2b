//! `rwx infra diff`

use super::add::add_all;
use super::finish::{DONE, surroundings};
use super::given::selected;
use super::{Shelf, installed, project, with_templates};
use crate::cli::Diff;
use crate::plan::{self, Choices, Plan};
use crate::problem::Problem;
use crate::project::{Needs, Selection};
use crate::show;
use crate::terminal::Terminal;

/// Prints the owner's edits, and what an update would change.
pub(crate) fn diff(args: Diff, selection: Selection, out: &mut Terminal<'_>) -> anyhow::Result<u8> {
    let shelf = Shelf::open(args.templates.as_deref(), &selection)?;
    let mut project = project(&selected(selection, args.place), &Needs::Installed(None))?;
    let names = installed(&project, &args.components, &shelf)?;
    let mut edits = Plan::default();
    for name in &names {
        project.load(&plan::paths_for_remove(&project, name)?)?;
        let component = shelf.find_for(&project, name).ok();
        edits = edits.then(plan::edits(&project, name, component.as_ref())?);
    }
    let real = |path: &str| project.on_disk(path);
    let around = surroundings(&project, &real);
    project.check_places(edits.paths())?;
    edits.warnings.iter().for_each(|warning| out.talk(&show::warning(&Problem::new(warning))));
    if args.edits {
        out.print(&show::patch(&edits, &around)?)?;
        return Ok(DONE);
    }
    plan::check_none_pending(&project)?;
    let components = with_templates(&project, &names, &shelf)?;
    let (_, update) =
        add_all(project.clone(), Plan::default(), &components, &shelf, &Choices::default())?;
    project.check_places(update.paths())?;
    let text = match (args.json, args.update) {
        (true, _) => show::differences_json(&edits, &update, &around),
        (_, true) => show::patch(&update, &around)?,
        _ => show::differences(&edits, &update, &around),
    };
    out.print(&text)?;
    Ok(DONE)
}
