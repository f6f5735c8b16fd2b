//! Files that are rwx's from the first byte to the last, in a folder that is no project.

use std::collections::BTreeMap;

use super::Plan;
use super::draft::Draft;
use crate::project::Tree;

/// The plan that puts `pages`, texts by file name, into the folder that holds `before`.
pub fn pages(before: &Tree, pages: BTreeMap<String, String>) -> Plan {
    let mut draft = Draft::new(before);
    pages.into_iter().for_each(|(name, text)| draft.put(&name, text, None));
    draft.finish(Vec::new())
}
