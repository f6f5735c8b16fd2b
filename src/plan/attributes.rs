//! What rwx tells git of its own folder: a `.gitattributes` in it, made with the first component
//! and gone with the last.

use super::draft::Draft;
use crate::project::record::FOLDER;
use crate::project::tree::join;
use crate::project::{Project, Record, digest};

/// Git changes no line ending here, and reviews fold all but the owner's templates.
const TEXT: &str = "\
* -text linguist-generated
templates/** !text !linguist-generated
templates/.pristine/** -text linguist-generated
";

/// Puts the file there for the first component, and keeps it as this rwx has it while the owner
/// leaves it alone. The answer is the digest to record, of what rwx wrote there last.
pub(super) fn put(draft: &mut Draft<'_>, project: &Project) -> Option<String> {
    let path = path(project);
    let recorded = recorded(project);
    let is_first = Record::installed(&project.tree, &project.folder).is_empty()
        && !project.tree.contains(&path);
    let is_ours = recorded.is_some() && now(project) == recorded;
    if !is_first && !is_ours {
        return recorded;
    }
    let current = Some(digest(TEXT.as_bytes()));
    if recorded != current {
        draft.put(&path, TEXT, None);
    }
    current
}

/// Takes the file away with the last component, as far as it is as rwx wrote it.
pub(super) fn remove(draft: &mut Draft<'_>, project: &Project, component: &str) {
    let is_last =
        Record::installed(&project.tree, &project.folder).iter().all(|name| name == component);
    let recorded = recorded(project);
    if is_last && recorded.is_some() && now(project) == recorded {
        draft.remove(&path(project));
    }
}

fn path(project: &Project) -> String {
    join(&project.folder, &format!("{FOLDER}/.gitattributes"))
}

/// The digest of the file as it is, whatever its line endings.
fn now(project: &Project) -> Option<String> {
    let text = project.tree.text(&path(project)).ok()??;
    Some(digest(text.replace("\r\n", "\n").as_bytes()))
}

/// The digest of the file as rwx wrote it, which the record of each component has.
fn recorded(project: &Project) -> Option<String> {
    let names = Record::installed(&project.tree, &project.folder);
    let read = |name: &String| Record::read(&project.tree, &project.folder, name).ok()??.attributes;
    names.iter().find_map(read)
}
