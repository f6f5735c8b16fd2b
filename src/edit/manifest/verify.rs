//! The check of an edit before it is handed out: the result is parsed again and compared.

use super::super::{Edit, Refusal};
use super::dependency::{Dependency, Entry, entries};
use super::syntax::parse;
use super::wanted::Wanted;

/// Refuses unless every other dependency is as it was, and the wanted one as it was but for the
/// features it needs.
pub(super) fn verify(
    wanted: &Wanted,
    before: &[Entry],
    source: &str,
    edit: &Edit,
) -> Result<(), Refusal> {
    if edit.is_empty() {
        return Ok(());
    }
    let first = edit.splices().first().map_or(0..0, |splice| splice.range.clone());
    let failed = |what: &str| {
        let reason = format!("the manifest {what} with `{}` added here", wanted.requirement.name);
        Refusal::not_safe(first.clone(), reason)
    };
    let output = edit.apply(source);
    let document = parse(&output).map_err(|_| failed("would not parse"))?;
    let after = entries(&document).map_err(|_| failed("would not be valid"))?;
    if holds(wanted, before, &after) { Ok(()) } else { Err(failed("would not say what is meant")) }
}

fn holds(wanted: &Wanted, before: &[Entry], after: &[Entry]) -> bool {
    let kind = wanted.requirement.kind;
    let Some(new) = wanted.find(after, kind) else {
        return false;
    };
    let others = |entries: &[Entry]| -> Vec<Dependency> {
        let same = |entry: &Dependency| {
            entry.kind == kind && entry.target.is_none() && entry.key == new.dependency.key
        };
        entries
            .iter()
            .map(|entry| &entry.dependency)
            .filter(|entry| !same(entry))
            .map(anywhere)
            .collect()
    };
    let bare = |entry: &Entry| Dependency { features: Vec::new(), ..anywhere(&entry.dependency) };
    wanted.missing(&new.dependency).is_empty()
        && wanted.find(before, kind).is_none_or(|old| bare(old) == bare(new))
        && others(before) == others(after)
}

/// The same dependency wherever it stands.
fn anywhere(dependency: &Dependency) -> Dependency {
    Dependency { range: 0..0, ..dependency.clone() }
}
