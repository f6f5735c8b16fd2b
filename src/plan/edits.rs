//! What the owner has made of the rendered files, as a plan that leads from the pristine copies to what she has.

use super::{Change, Plan, Verb};
use crate::problem::Problem;
use crate::project::tree::join;
use crate::project::{Project, Record};

/// The owner's edits of the rendered files of the component called `name`; the project must have loaded them.
///
/// # Errors
/// When the record does not parse.
pub fn edits(project: &Project, name: &str) -> Result<Plan, Problem> {
    let record = Record::read(&project.tree, &project.folder, name)?.unwrap_or_default();
    let mut changes: Vec<Change> = record.files.iter().filter_map(|file| edited(project, name, file)).collect();
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Plan { changes, ..Plan::default() })
}

fn edited(project: &Project, component: &str, file: &str) -> Option<Change> {
    let path = join(&project.folder, file);
    let before = project.tree.bytes(&Record::base_path(&project.folder, component, file))?.to_vec();
    let after = project.tree.bytes(&path).map(<[u8]>::to_vec);
    let verb = if after.is_some() { Verb::Update } else { Verb::Remove };
    (after.as_ref() != Some(&before)).then(|| Change { path, verb, before: Some(before), after, details: Vec::new() })
}
