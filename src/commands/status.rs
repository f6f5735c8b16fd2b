//! `rwx infra status`

use super::finish::DONE;
use super::given::selected;
use super::{Shelf, check_not_lost, is_unknown, load_all, load_written, project};
use crate::cli::Status;
use crate::plan::{self, Choices};
use crate::project::{Needs, Record, Selection};
use crate::show;
use crate::terminal::Terminal;

/// Prints how the installed components stand.
pub(crate) fn status(
    args: Status,
    selection: Selection,
    out: &mut Terminal<'_>,
) -> anyhow::Result<u8> {
    let shelf = Shelf::open(None, &selection)?;
    let mut project = project(&selected(selection, args.place), &Needs::Installed(None))?;
    let installed = Record::installed(&project.tree, &project.folder);
    check_not_lost(&project, args.component.as_slice(), &installed)?;
    load_written(&mut project)?;
    let mut all = Vec::new();
    for name in
        args.component.as_ref().map_or_else(|| installed.iter().collect(), |name| vec![name])
    {
        project.load(&plan::paths_for_remove(&project, name)?)?;
        let component = shelf.find_for(&project, name).map_err(|error| obstacle(&error));
        if let Ok(component) = &component {
            // Where it cannot be planned for, its status says why.
            let paths =
                plan::paths_for_add(&project, component, &Choices::default()).unwrap_or_default();
            load_all(&mut project, paths)?;
        }
        all.push(plan::status(&project, name, component.as_ref().map_err(String::clone))?);
    }
    let text = if args.json { show::status_json(&all) } else { show::status(&all) };
    out.print(&text)?;
    Ok(DONE)
}

/// Why there are no templates of a component.
fn obstacle(error: &anyhow::Error) -> String {
    if is_unknown(error) { "this rwx does not have it".to_owned() } else { error.to_string() }
}
