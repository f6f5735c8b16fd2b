//! What behaves otherwise after an update, for the user to know beforehand.

use semver::Version;

use super::case::Case;
use crate::component::Changed;
use crate::problem::Problem;

/// What has changed since the rwx that wrote the record, in the component's words.
///
/// # Errors
/// When a text of the component does not render.
pub(super) fn news(case: &Case<'_>) -> Result<Vec<String>, Problem> {
    let before = case.before.as_ref().and_then(|record| Version::parse(&record.rwx).ok());
    let is_new = |changed: &&Changed| before.as_ref().is_some_and(|before| *before < changed.since);
    let changes = case.component.spec.changes.iter().filter(is_new);
    changes.map(|changed| case.renderer.render(&changed.text)).collect()
}
