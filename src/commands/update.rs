//! `rwx infra update`

use super::add::add_all;
use super::finish::{conclude, finish};
use super::given::{options, policy, selected};
use super::{Shelf, installed, load_written, project, with_templates};
use crate::cli::Update;
use crate::plan::{self, Choices, Plan, Policy};
use crate::problem::Problem;
use crate::project::{Needs, Project, Selection};
use crate::show::Tone;
use crate::terminal::Terminal;

/// Brings installed components up to date, or ends an update that left conflicts.
pub(crate) fn update(
    args: Update,
    selection: Selection,
    tone: Tone,
    out: &mut Terminal<'_>,
) -> anyhow::Result<u8> {
    let shelf = Shelf::open(args.edits.templates.as_deref(), &selection)?;
    let needs = if args.resume || args.abort { Needs::Pending } else { Needs::Installed(None) };
    let mut project = project(&selected(selection, args.place), &needs)?;
    if args.resume || args.abort {
        let end = if args.abort { plan::abort } else { plan::resume };
        let plan = ended(&mut project, end)?;
        return finish(&project, &plan, args.output, tone, out);
    }
    plan::check_none_pending(&project)?;
    let components =
        with_templates(&project, &installed(&project, &args.components, &shelf)?, &shelf)?;
    let choices = Choices {
        options: options(&args.settings),
        policy: Policy { restore: args.restore, ..policy(&args.edits.own) },
        ..Choices::default()
    };
    let (project, plan) = add_all(project, Plan::default(), &components, &shelf, &choices)?;
    conclude(&project, plan, args.edits.own.allow_dirty, args.output, tone, out)
}

/// Plans the end of the update that waits in `project`.
fn ended(
    project: &mut Project,
    end: fn(&Project) -> Result<Plan, Problem>,
) -> Result<Plan, Problem> {
    load_written(project)?;
    end(project)
}
