//! `rwx infra remove`

use super::Shelf;
use super::finish::conclude;
use super::given::selected;
use crate::cli::Remove;
use crate::plan::{self, Choices};
use crate::project::{Needs, Project, Record, Selection, locate};
use crate::show::Tone;
use crate::terminal::Terminal;

/// Takes a component out.
pub(crate) fn remove(args: Remove, selection: Selection, tone: Tone, out: &mut Terminal<'_>) -> anyhow::Result<u8> {
    let selection = selected(selection, args.place);
    let mut project = Project::read(&locate(&selection, &Needs::Installed(Some(&args.component)))?)?;
    plan::check_none_pending(&project)?;
    project.load(&plan::touched(&project, &args.component)?)?;
    let shelf = Shelf::open(None, &selection)?;
    let (mut others, mut strangers) = (Vec::new(), Vec::new());
    for name in Record::installed(&project.tree, &project.folder).into_iter().filter(|name| *name != args.component) {
        let component = shelf.find_for(&project, &name).ok();
        // One that cannot be planned for has to be mended first, and is no reason to keep this one.
        let paths = component.as_ref().and_then(|other| plan::looks_at(&project, other, &Choices::default()).ok());
        match component.zip(paths) {
            Some((other, paths)) => {
                project.load(&paths)?;
                others.push(other);
            }
            None => strangers.push(name),
        }
    }
    let plan = plan::remove(&project, &args.component, &others, &strangers)?;
    conclude(&project, plan, args.allow_dirty, args.output, tone, out)
}
