//! `rwx infra remove`

use crate::cli::Remove;
use crate::plan;
use crate::project::{Needs, Project, Selection, locate};
use crate::show::Tone;
use crate::terminal::Terminal;
use crate::{check_committed, finish, selected};

pub(crate) fn remove(args: Remove, selection: Selection, tone: Tone, out: &mut Terminal<'_>) -> anyhow::Result<u8> {
    let selection = selected(selection, args.place);
    let mut project = Project::read(&locate(&selection, &Needs::Installed(Some(&args.component)))?)?;
    plan::check_none_pending(&project)?;
    project.load(&plan::touched(&project, &args.component)?)?;
    let plan = plan::remove(&project, &args.component)?;
    check_committed(&project, &plan, args.allow_dirty || args.output.is_dry())?;
    finish(&project, &plan, args.output, tone, out)
}
