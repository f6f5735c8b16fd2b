//! What the owner has made of the rendered files, as a plan that leads from the pristine texts to
//! what she has.

use std::cell::LazyCell;

use super::files::{Copy, Known, Rendered, is_edited};
use super::merge::{fed, newline};
use super::{Change, Choices, Plan, Verb, add};
use crate::component::Component;
use crate::problem::Problem;
use crate::project::tree::join;
use crate::project::{Project, Record};

/// The owner's edits of the rendered files of the component called `name`; the project must have
/// loaded them. `component` renders the texts again whose pristine copies are gone or edited; where
/// that cannot be, a warning names the files.
///
/// # Errors
/// When the record does not parse.
pub fn edits(
    project: &Project,
    name: &str,
    component: Option<&Component>,
) -> Result<Plan, Problem> {
    let record = Record::read(&project.tree, &project.folder, name)?.unwrap_or_default();
    let again = LazyCell::new(|| {
        let again = component
            .and_then(|component| add::rendered(project, component, &Choices::default()).ok());
        again.unwrap_or_default()
    });
    let own = Own { project, name, record: &record, again: &|| &again };
    let mut plan = Plan::default();
    for file in &record.files {
        let path = join(&project.folder, file);
        let after = project.tree.bytes(&path);
        if after.is_some() && !is_edited(&project.tree, &project.folder, name, &record, file) {
            continue;
        }
        match own.pristine(file) {
            Some(before) => plan.changes.push(change(path, before, after)),
            None => plan.warnings.push(format!(
                "what you changed in {path} is not known: its pristine copy is lost"
            )),
        }
    }
    plan.changes.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(plan)
}

/// The step from the pristine text `before` to `after`, in the line endings of that.
fn change(path: String, before: String, after: Option<&[u8]>) -> Change {
    let verb = if after.is_some() { Verb::Update } else { Verb::Remove };
    let ending = after.and_then(|after| std::str::from_utf8(after).ok()).map_or("\n", newline);
    let before = fed(&before).replace('\n', ending).into_bytes();
    Change {
        path,
        verb,
        before: Some(before),
        after: after.map(<[u8]>::to_vec),
        details: Vec::new(),
        taken_out: Vec::new(),
    }
}

/// A component's record, and what its templates render today.
struct Own<'a> {
    project: &'a Project,
    name: &'a str,
    record: &'a Record,
    again: &'a dyn Fn() -> &'a [Rendered],
}

impl Own<'_> {
    /// What an earlier run wrote as `file`, in the layout of the project.
    fn pristine(&self, file: &str) -> Option<String> {
        let path = join(&self.project.folder, file);
        let copy = self
            .project
            .tree
            .text(&Record::base_path(&self.project.folder, self.name, file))
            .ok()?;
        let known = Known::of(self.record, file);
        let is_sound = known.look_at(&path, copy) == Copy::Sound;
        let again = if is_sound { &[] } else { (self.again)() };
        let again = again.iter().find(|other| other.path == file).map(|other| other.text.as_str());
        let known = Known { again, ..known };
        let base =
            known.base(&path, copy, None, again.unwrap_or_default()).filter(|base| base.is_sure)?;
        let laid_out = self.project.laid_out(&[(&path, &base.text)]).pop().flatten();
        Some(laid_out.unwrap_or_else(|| base.text.into_owned()))
    }
}
